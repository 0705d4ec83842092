import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import { bindGroup, type Patience, queryBound, type Reach } from './bound-connection';
import type { Connections } from './connections';
import { isRefusal } from './refusal';
import { isPrepared, isUnsent, queryEach } from './statement-group';

/** Most statements of a group, so that PostgreSQL is at work on the first ones while others still come. */
const GROUP_MAX = 8;

/**
 * A lock is waited for less than PostgreSQL's second (deadlock_timeout), so that in a deadlock the group gives way. A
 * statement that takes longer than a second is none for a group.
 */
export const PATIENCE: Patience = { lockMs: 100, statementMs: 1_000 };

interface Member {
  statement: QueryConfig;
  resolve: (rows: QueryResultRow[]) => void;
  reject: (error: unknown) => void;
}

/**
 * Short statements, each a transaction by itself. Those of an account that come in the same turn of the event loop go
 * out together and commit together, which costs PostgreSQL half of what they cost alone: later ones see what earlier
 * ones have written, and none may set anything for its transaction. They share no failure: when one is refused, or
 * waits for what another transaction has locked, none of them has happened, and each goes alone.
 */
export class TurnGroups {
  private readonly open = new Map<Reach, Member[]>();

  constructor(
    private readonly connections: Connections,
    private readonly patience: Patience,
  ) {}

  /** Runs the statement and answers its rows. */
  add(reach: Reach, statement: QueryConfig): Promise<QueryResultRow[]> {
    return new Promise((resolve, reject) => {
      const member = { statement, resolve, reject };
      // One that comes for the first time is prepared nowhere.
      if (statement.name === undefined) void this.runAlone(reach, member);
      else this.join(reach, member);
    });
  }

  private join(reach: Reach, member: Member): void {
    const group = this.open.get(reach);
    if (!group) {
      const made = [member];
      this.open.set(reach, made);
      setImmediate(() => this.close(reach, made));
      return;
    }
    group.push(member);
    if (group.length === GROUP_MAX) this.close(reach, group);
  }

  private close(reach: Reach, group: Member[]): void {
    if (this.open.get(reach) !== group) return;
    this.open.delete(reach);
    void this.run(reach, group);
  }

  private async run(reach: Reach, group: Member[]): Promise<void> {
    try {
      const rest = group.length > 1 ? await this.tryTogether(reach, group) : group;
      for (const member of rest) void this.runAlone(reach, member);
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  private async runAlone(reach: Reach, { statement, resolve, reject }: Member): Promise<void> {
    try {
      const [rows] = await this.connections.with(reach, (client) => queryBound(client, reach, [statement]));
      resolve(rows as QueryResultRow[]);
    } catch (error) {
      reject(error);
    }
  }

  /** Runs what the connection has prepared, and answers what is still to be run: all of it when one was refused. */
  private async tryTogether(reach: Reach, group: Member[]): Promise<Member[]> {
    try {
      return await this.connections.with(reach, (client) => this.runPrepared(client, reach, group));
    } catch (error) {
      // Without an answer of the server nobody knows whether it has committed.
      if (!isRefusal(error) && !isUnsent(error)) throw error;
      return group;
    }
  }

  private async runPrepared(client: PoolClient, reach: Reach, group: Member[]): Promise<Member[]> {
    const bind = await bindGroup(client, reach, this.patience);
    const ready = group.filter(({ statement }) => isPrepared(client, statement));
    if (ready.length < 2) return group;
    const statements = ready.map(({ statement }) => statement);
    const [, ...results] = await queryEach(client, [bind, ...statements]);
    for (const [at, { rows, error }] of results.entries()) {
      if (error) ready[at]?.reject(error);
      else ready[at]?.resolve(rows);
    }
    return ready.length < group.length ? group.filter((member) => !ready.includes(member)) : [];
  }
}
