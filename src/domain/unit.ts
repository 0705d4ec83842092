import type { QueryResultRow } from 'pg';
import type { Statement, Store, Transaction } from './store';

/** What a transaction holds: a write, all of a request, or a write that is a part of such a request. */
export type UnitScope = 'write' | 'request' | 'part';

interface Opened {
  store: Store;
  transaction: Transaction;
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
  /** How many writes go on within this one. */
  private nested = 0;
  private due: Statement[] = [];

  constructor(private readonly opened: Opened) {}

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
    const { store, transaction, scope } = this.opened;
    if (this.isOver) throw new Error('The database was asked after the end of the transaction.');
    if (scope !== 'request') return store.queryIn<R>(transaction, text, values, name);
    return this.inTurn(async () => {
      await this.turnTo(accountId);
      return store.queryIn<R>(transaction, text, values, name);
    });
  }

  /** Runs a write within this one, at whose end what it has put off is written. */
  async nest<T>(work: () => Promise<T>): Promise<T> {
    this.nested += 1;
    try {
      const result = await work();
      await this.settle();
      return result;
    } finally {
      this.nested -= 1;
    }
  }

  /**
   * Runs the last statement of a write and commits with it where it is the only one; within another write, and within a
   * request of one transaction, it commits nothing.
   */
  async queryLast<R extends QueryResultRow>(
    accountId: string,
    { text, values }: Pick<Statement, 'text' | 'values'>,
  ): Promise<R[]> {
    const { store, transaction, scope } = this.opened;
    if (scope !== 'write' || this.nested > 0 || this.isOver || this.due.length > 0)
      return this.query(accountId, text, values);
    this.isOver = true;
    return store.queryLast<R>(transaction, { text, values });
  }

  /** Puts a statement off to the end of the write, where it needs no round trip of its own. */
  putOff(statement: Statement): void {
    if (this.isOver) throw new Error('Something was written after the end of the transaction.');
    this.due.push(statement);
  }

  /** Runs what was put off. */
  async settle(): Promise<void> {
    const { store, transaction } = this.opened;
    for (const { text, values, name } of this.due.splice(0)) {
      await store.queryIn(transaction, text, values, name);
    }
  }

  /** Commits, with what was put off. */
  async commit(): Promise<void> {
    const { store, transaction } = this.opened;
    await store.commitWith(transaction, this.due.splice(0));
  }

  /** Runs a write as a part of the request: when it throws, it alone is undone. */
  async part<T>(accountId: string, work: (part: Unit) => Promise<T>): Promise<T> {
    await this.inTurn(() => this.turnTo(accountId));
    const part = new Unit({ ...this.opened, scope: 'part', accountId });
    const { store, transaction } = this.opened;
    const result = await store.part(transaction, async () => {
      const result = await work(part);
      await part.settle();
      return result;
    });
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
    await this.opened.store.turnTo(this.opened.transaction, accountId);
    this.opened.accountId = accountId;
  }
}
