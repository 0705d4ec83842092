import { setTimeout as sleep } from 'node:timers/promises';

/** Work that many ask for and that is done in batches: what comes in during one batch, and a short rest, makes up the next. */
export class Batcher<T> {
  private waiting: { item: T; resolve: () => void; reject: (error: unknown) => void }[] = [];
  private isWorking = false;

  constructor(
    private readonly work: (items: T[]) => Promise<void>,
    private readonly restMs = 0,
  ) {}

  /** Resolves when the batch with the item is done, and throws when that batch failed. */
  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isWorking) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isWorking = true;
    while (this.waiting.length > 0) {
      await sleep(this.restMs);
      const batch = this.waiting;
      this.waiting = [];
      try {
        await this.work(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.isWorking = false;
  }
}
