import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import type { Transaction } from '../../domain/store';
import { bind, bindStatement, bindWithin, queryOne, type Reach } from './bound-connection';
import type { Connections } from './connections';
import { isPrepared, queryGroup } from './statement-group';
import type { TurnGroups } from './turn-groups';

const BEGIN = { name: 'begin', text: 'begin' };
const COMMIT = { name: 'commit', text: 'commit' };
// In a part constraints hold at its end, as they would if it were all; what fails first undoes the rest.
const END_PART = 'set constraints all immediate; set constraints all deferred; release savepoint part';

/**
 * A transaction on a connection of its own, which it takes with its first statement, and begins in one round trip with
 * it.
 */
export class OpenTransaction implements Transaction {
  private state: 'waiting' | 'begun' | 'ending' | 'over' = 'waiting';
  private taken: Promise<PoolClient> | undefined;
  private failure: unknown;

  constructor(
    private readonly reach: Reach,
    private readonly connections: Connections,
    /** Where a write goes that is a transaction by itself. */
    private readonly groups: TurnGroups,
  ) {}

  /** The connection, for what is no statement. */
  async connect(): Promise<PoolClient> {
    const client = await this.client();
    await this.begin(client);
    return client;
  }

  async query<R extends QueryResultRow>(statement: QueryConfig): Promise<R[]> {
    const client = await this.client();
    if (this.state !== 'waiting') return (await queryOne(client, statement)) as R[];
    const start = [BEGIN, ...bindStatement(client, this.reach)];
    // Without values it may be several statements, which go alone.
    const isGroup = statement.values?.length && start.every((one) => isPrepared(client, one));
    if (!isGroup) {
      await this.begin(client);
      return (await queryOne(client, statement)) as R[];
    }
    this.state = 'begun';
    const results = await queryGroup(client, [...start, statement]);
    return results.at(-1) as R[];
  }

  /** Runs the last statement; one that is also the first is a transaction by itself and needs no other. */
  async queryLast<R extends QueryResultRow>(statement: QueryConfig): Promise<R[]> {
    if (this.taken) return this.query(statement);
    this.requireOpen();
    this.state = 'over';
    return (await this.groups.add(this.reach, statement)) as R[];
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
    if (this.state === 'begun' || last.length > 0) await this.commitOn(await this.client(), last);
    this.state = 'over';
  }

  private async commitOn(client: PoolClient, last: QueryConfig[]): Promise<void> {
    const start = this.state === 'waiting' ? [BEGIN, ...bindStatement(client, this.reach)] : [];
    const group = [...start, ...last];
    if (last.length > 0 && group.every((one) => isPrepared(client, one))) {
      this.state = 'ending';
      await queryGroup(client, [...group, COMMIT]);
      return;
    }
    await this.begin(client);
    this.state = 'ending';
    for (const statement of last) await queryOne(client, statement);
    await client.query(COMMIT);
  }

  /** Undoes what has not been committed. */
  async rollBack(): Promise<void> {
    const hasBegun = this.state === 'begun' || this.state === 'ending';
    this.state = 'over';
    if (!hasBegun) return;
    try {
      const client = await this.taken;
      await client?.query('rollback');
    } catch (error) {
      this.failure = error;
    }
  }

  /** Gives its connection back. */
  async end(): Promise<void> {
    const client = await this.taken?.catch(() => undefined);
    if (client) this.connections.giveBack(client, this.failure);
  }

  private async client(): Promise<PoolClient> {
    this.requireOpen();
    this.taken ??= this.connections.take(this.reach);
    const client = await this.taken;
    this.requireOpen();
    return client;
  }

  private async begin(client: PoolClient): Promise<void> {
    if (this.state !== 'waiting') return;
    await bind(client, this.reach);
    this.requireOpen();
    this.state = 'begun';
    await client.query(BEGIN);
    this.requireOpen();
  }

  /** A statement that failed work has left behind must not run any more. */
  private requireOpen(): void {
    if (this.state === 'ending' || this.state === 'over')
      throw new Error('The database was asked after the end of the transaction.');
  }
}
