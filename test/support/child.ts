import { type ChildProcess, spawn } from 'node:child_process';

const OUTPUT_MAX = 200_000;

const running = new Set<Child>();

/** Ends all that the test file has started; for its `afterAll`. */
export async function endChildren(): Promise<void> {
  await Promise.all([...running].map((child) => child.end()));
}

/** A program beside the test, which ends when the test asks, or dies. */
export class Child {
  /** What it has written, the latest of it, for the message of a failure. */
  output = '';
  private readonly over: Promise<void>;

  private constructor(private readonly process: ChildProcess) {
    running.add(this);
    this.over = new Promise<void>((resolve) => process.once('close', resolve)).then(() => {
      running.delete(this);
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Starts it, and waits for the words that say it is ready. The program has to end when its input ends. */
  static async start(
    [command, ...parameters]: [string, ...string[]],
    { env, readyWords }: { env?: NodeJS.ProcessEnv; readyWords: RegExp },
  ): Promise<{ child: Child; ready: RegExpExecArray }> {
    const child = new Child(spawn(command, parameters, { env: { ...process.env, ...env } }));
    return { child, ready: await child.hear(readyWords) };
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.over;
  }

  /** Asks it to stop, as a supervisor does, and answers its exit code; null when a signal ended it. */
  async stop(): Promise<number | null> {
    this.process.kill('SIGTERM');
    await this.over;
    return this.process.exitCode;
  }

  /** Closes its input, and waits for its end. */
  async end(): Promise<void> {
    this.process.stdin?.end();
    await this.over;
  }

  private async hear(words: RegExp): Promise<RegExpExecArray> {
    const { stdout, stderr } = this.process;
    let isReady = false;
    return new Promise((resolve, reject) => {
      const take = (data: Buffer) => {
        this.output = (this.output + data).slice(-OUTPUT_MAX);
        const found = isReady ? null : words.exec(this.output);
        if (!found) return;
        isReady = true;
        resolve(found);
      };
      stdout?.on('data', take);
      stderr?.on('data', take);
      this.process.on('error', reject);
      void this.over.then(() => reject(new Error(`${this.process.spawnfile} ended early:\n${this.output}`)));
    });
  }
}
