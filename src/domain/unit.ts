import type { QueryResultRow } from 'pg';
import type { QueryRunner } from 'typeorm';
import type { Store } from './store';

/** What a transaction holds: a write, all of a request, or a write that is a part of such a request. */
export type UnitScope = 'write' | 'request' | 'part';

interface Opened {
  store: Store;
  runner: QueryRunner;
  scope: UnitScope;
  /** The account that it reaches, until it is turned to another. */
  accountId: string | undefined;
}

/** An open transaction. */
export class Unit {
  /** Whether it has appended to the change log. */
  hasEvents = false;
  /** How many parts of a request are done. */
  parts = 0;
  private last: Promise<unknown> = Promise.resolve();
  private isOver = false;

  constructor(private readonly opened: Opened) {}

  get runner(): QueryRunner {
    return this.opened.runner;
  }

  get scope(): UnitScope {
    return this.opened.scope;
  }

  /**
   * Runs one statement of the transaction. Of a request, which may turn to its client's account and to all accounts,
   * one after the other.
   */
  async query<R extends QueryResultRow>(
    accountId: string | undefined,
    text: string,
    values: unknown[],
    name?: string,
  ): Promise<R[]> {
    const { store, runner, scope } = this.opened;
    if (this.isOver) throw new Error('A request asked the database after its transaction.');
    if (scope !== 'request') return store.queryIn<R>(runner, text, values, name);
    return this.inTurn(async () => {
      await this.turnTo(accountId);
      return store.queryIn<R>(runner, text, values, name);
    });
  }

  /** Runs a write as a part of the request: when it throws, it alone is undone. */
  async part<T>(accountId: string, work: (part: Unit) => Promise<T>): Promise<T> {
    await this.inTurn(() => this.turnTo(accountId));
    const part = new Unit({ ...this.opened, scope: 'part', accountId });
    const result = await this.opened.store.part(this.runner, () => work(part));
    this.parts += 1;
    this.hasEvents ||= part.hasEvents;
    return result;
  }

  /** Waits for what still runs and takes nothing more: a failed request may leave statements behind. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.last.catch(() => {});
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.last.then(run, run);
    this.last = result;
    return result;
  }

  private async turnTo(accountId: string | undefined): Promise<void> {
    if (accountId === this.opened.accountId) return;
    await this.opened.store.turnTo(this.runner, accountId);
    this.opened.accountId = accountId;
  }
}
