import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Quota } from '../../src/domain/rate-limit';
import type { Taking, Told } from './limiter-process';

/** A process that counts requests, as one of several servers does. */
export class LimiterProcess {
  /** Lines of its log. */
  readonly lines: string[] = [];
  private readonly waiting = new Map<number, (quota: Quota) => void>();
  private lastId = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (told: Told) => {
      if ('line' in told) this.lines.push(told.line);
      else this.waiting.get(told.id)?.(told.quota);
    });
  }

  static start(redisUrl: string): LimiterProcess {
    const script = `require('./test/support/limiter-process.ts').runLimiterProcess(${JSON.stringify(redisUrl)})`;
    const child = spawn(process.execPath, ['--require', './test/support/typescript.cjs', '--eval', script], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new LimiterProcess(child);
  }

  take(taking: Omit<Taking, 'id'>): Promise<Quota> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.send({ ...taking, id });
    });
  }

  async end(): Promise<void> {
    this.child.disconnect();
    await once(this.child, 'exit');
  }
}
