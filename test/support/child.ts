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
  private isOver = false;
  private notify: () => void = () => {};

  private constructor(private readonly process: ChildProcess) {
    running.add(this);
    const take = (data: Buffer | string) => {
      this.output = (this.output + data).slice(-OUTPUT_MAX);
      this.notify();
    };
    process.stdout?.on('data', take);
    process.stderr?.on('data', take);
    process.on('error', ({ message }) => take(message));
    this.over = new Promise<void>((resolve) => process.once('close', resolve)).then(() => {
      running.delete(this);
      this.isOver = true;
      this.notify();
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

  /** Writes a line to its input. */
  tell(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** Waits until it has written the words. Throws when it ends before. */
  async hear(words: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = words.exec(this.output);
      if (found) return found;
      if (this.isOver) throw new Error(`${this.process.spawnfile} ended early:\n${this.output}`);
      await new Promise<void>((resolve) => {
        this.notify = resolve;
      });
    }
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
}

/**
 * Runs a function of a module of tests in a process of its own, and waits until it says `ready`. `heapMb` is the most
 * that its heap may have.
 */
export async function startInProcess<Options>(
  module: string,
  run: (options: Options) => unknown,
  options: Options,
  { heapMb }: { heapMb?: number } = {},
): Promise<Child> {
  const script = `process.stdin.on('end', () => process.exit()).resume();
    require('reflect-metadata');
    require(${JSON.stringify(module)}).${run.name}(${JSON.stringify(options)})`;
  const limits = heapMb ? [`--max-old-space-size=${heapMb}`] : [];
  const parameters = [...limits, '--require', './test/support/typescript.cjs', '--eval', script];
  const { child } = await Child.start([process.execPath, ...parameters], { readyWords: /^ready\n/m });
  return child;
}
