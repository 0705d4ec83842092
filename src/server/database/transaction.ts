import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import type { Transaction } from '../../domain/store';
import { bind, bindStatement, bindWithin, queryBound, queryOne, type Reach } from './bound-connection';
import { isPrepared, queryGroup } from './statement-group';

const BEGIN = { name: 'begin', text: 'begin' };
const COMMIT = { name: 'commit', text: 'commit' };
// In a part constraints hold at its end, as they would if it were all; what fails first undoes the rest.
const END_PART = 'set constraints all immediate; set constraints all deferred; release savepoint part';

/** A transaction on a connection of its own. It begins with its first statement, in one round trip with it. */
export class OpenTransaction implements Transaction {
  private state: 'waiting' | 'begun' | 'committed' = 'waiting';

  constructor(
    private readonly client: PoolClient,
    private readonly reach: Reach,
  ) {}

  /** The connection, for what is no statement. */
  async connect(): Promise<PoolClient> {
    await this.begin();
    return this.client;
  }

  async query<R extends QueryResultRow>(statement: QueryConfig): Promise<R[]> {
    if (this.state !== 'waiting') return (await queryOne(this.client, statement)) as R[];
    const start = [BEGIN, ...bindStatement(this.client, this.reach)];
    // Without values it may be several statements, which go alone.
    const isGroup = statement.values?.length && start.every((one) => isPrepared(this.client, one));
    if (!isGroup) {
      await this.begin();
      return (await queryOne(this.client, statement)) as R[];
    }
    this.state = 'begun';
    const results = await queryGroup(this.client, [...start, statement]);
    return results.at(-1) as R[];
  }

  /** Runs the last statement; one that is also the first is a transaction by itself and needs no other. */
  async queryLast<R extends QueryResultRow>(statement: QueryConfig): Promise<R[]> {
    if (this.state !== 'waiting') return this.query(statement);
    // So that a failure is rolled back, which tells whether the connection has survived.
    this.state = 'begun';
    const [rows] = await queryBound(this.client, this.reach, [statement]);
    this.state = 'committed';
    return rows as R[];
  }

  /** Lets the rest reach an account, or all. */
  async turnTo(reach: Reach): Promise<void> {
    await bindWithin(await this.connect(), reach);
  }

  /** Runs the work as a part: when it throws, the part alone is undone. Parts come one after the other. */
  async part<T>(work: () => Promise<T>): Promise<T> {
    const client = await this.connect();
    await client.query('savepoint part');
    try {
      const result = await work();
      await client.query(END_PART);
      return result;
    } catch (error) {
      await client.query('rollback to savepoint part; release savepoint part').catch(() => {});
      throw error;
    }
  }

  /** Commits, in one round trip with the last statements where they have been prepared before. */
  async commit(last: QueryConfig[] = []): Promise<void> {
    if (this.state === 'begun' && last.length > 0 && last.every((one) => isPrepared(this.client, one))) {
      await queryGroup(this.client, [...last, COMMIT]);
    } else {
      for (const statement of last) await this.query(statement);
      if (this.state === 'begun') await this.client.query(COMMIT);
    }
    this.state = 'committed';
  }

  /** Undoes what has not been committed. */
  async rollBack(): Promise<void> {
    if (this.state === 'begun') await this.client.query('rollback');
  }

  private async begin(): Promise<void> {
    if (this.state !== 'waiting') return;
    await bind(this.client, this.reach);
    this.state = 'begun';
    await this.client.query(BEGIN);
  }
}
