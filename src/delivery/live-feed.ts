import type { ChangeFeed, ChangeListener } from '../domain/change-feed';
import { type ChangeEvent, readChanges } from '../domain/change-log';
import { logState } from '../domain/log-state';
import type { Store } from '../domain/store';

/** What a live feed needs; `pollMs` is how long it sleeps at most when nobody wakes it. */
export interface LiveFeedOptions {
  store: Store;
  pollMs: number;
  onError: (error: unknown) => void;
}

const BATCH = 500;
/** How soon to look again while transactions with lower positions are on their way. */
const UNSETTLED_MS = 15;
const AFTER_ERROR_MS = 1_000;

/**
 * Reads the change log once for all subscribers of the process and hands each account its entries. It reads only
 * settled positions, each once, in order; nobody listens, nobody reads.
 */
export class LiveFeed implements ChangeFeed {
  private readonly listenersByAccountId = new Map<string, Set<ChangeListener>>();
  private position = 0;
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> | undefined;
  private isWoken = false;
  private isStopped = false;

  constructor(private readonly options: LiveFeedOptions) {}

  /** See {@link ChangeFeed}. */
  async listen(accountId: string, listener: ChangeListener): Promise<{ from: number; stop: () => void }> {
    if (this.isIdle) await this.begin();
    const listeners = this.listenersByAccountId.get(accountId) ?? new Set();
    this.listenersByAccountId.set(accountId, listeners.add(listener));
    // What was committed since the beginning woke nobody.
    this.wake();
    const stop = () => {
      if (listeners.delete(listener) && listeners.size === 0) this.listenersByAccountId.delete(accountId);
    };
    return { from: this.position, stop };
  }

  /** Something was committed: look now. */
  wake(): void {
    if (this.isWoken || this.isIdle) return;
    this.isWoken = true;
    if (!this.reading) this.look(0);
  }

  /** Stops reading; a reading that is under way ends first. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.reading;
  }

  private get isIdle(): boolean {
    return this.listenersByAccountId.size === 0;
  }

  // Entries from before the first listener are nobody's here: who wants them asks with a cursor.
  private async begin(): Promise<void> {
    await this.reading;
    if (!this.isIdle) return;
    // A look that was due for listeners who have left would go back behind the new position.
    clearTimeout(this.timer);
    this.isWoken = false;
    const { settled } = await logState(this.options.store.acrossAccounts);
    if (this.isIdle) this.position = settled;
  }

  private look(inMs: number): void {
    clearTimeout(this.timer);
    if (this.isStopped || this.isIdle) return;
    this.timer = setTimeout(() => {
      this.reading = this.read().finally(() => {
        this.reading = undefined;
        if (this.isWoken) this.look(0);
      });
    }, inMs);
    this.timer.unref();
  }

  private async read(): Promise<void> {
    try {
      this.isWoken = false;
      const { settled, last } = await logState(this.options.store.acrossAccounts);
      await this.dispatchThrough(settled);
      this.look(settled < last ? UNSETTLED_MS : this.options.pollMs);
    } catch (error) {
      this.options.onError(error);
      this.look(AFTER_ERROR_MS);
    }
  }

  private async dispatchThrough(settled: number): Promise<void> {
    while (this.position < settled) {
      const events = await readChanges(this.options.store.acrossAccounts, this.position, settled, BATCH);
      this.dispatch(events);
      this.position = events.length < BATCH ? settled : (events.at(-1) as ChangeEvent).position;
    }
  }

  private dispatch(events: readonly ChangeEvent[]): void {
    const eventsByAccountId = new Map<string, ChangeEvent[]>();
    for (const event of events) {
      if (!this.listenersByAccountId.has(event.accountId)) continue;
      const own = eventsByAccountId.get(event.accountId);
      if (own) own.push(event);
      else eventsByAccountId.set(event.accountId, [event]);
    }
    for (const [accountId, own] of eventsByAccountId) {
      for (const listener of this.listenersByAccountId.get(accountId) ?? []) listener(own);
    }
  }
}
