import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { ENTITIES } from '../../domain/entities';
import type { BoundStore, Statement, Store, Transaction } from '../../domain/store';
import type { Trace } from '../../domain/trace';
import { ALL_ACCOUNTS, bindWithin, type Patience, queryBound, type Reach } from './bound-connection';
import { Connections, type PoolUse } from './connections';
import { dataSourceOf, limitMigrations } from './data-source';
import { domainErrorOf } from './database-errors';
import { requirePostgres } from './postgres-check';
import { type Binding, bindingOf } from './row-security-role';
import { StatementNames } from './statement-names';
import { OpenTransaction } from './transaction';
import { PATIENCE, TurnGroups } from './turn-groups';

/** For the work of all accounts there are so many connections beside those of requests. */
const ACROSS_SHARE = 0.25;
const WAIT_MS = 5_000;
const QUERY_TRACED_CHARS = 2_000;
const ignore = () => {};

interface DatabaseOptions {
  poolSize?: number;
  /** Milliseconds that a connection is waited for at most. */
  waitMs?: number;
  /** Called when an idle connection breaks; the pool replaces it. */
  onIdleError?: (error: Error) => void;
  trace?: Trace | undefined;
  /** How long statements that share a trip wait for one another. */
  patience?: Patience;
  /** Names of the migrations that are to be known, in order; all when not given. Throws for one that is not there. */
  migrations?: readonly string[];
}

/** Several statements as the one that a trace shows. */
function together(statements: QueryConfig[]): QueryConfig {
  const [only, ...more] = statements;
  if (only && more.length === 0) return only;
  return { name: 'statements', text: statements.map(({ text }) => text).join(';\n') };
}

/** PostgreSQL as the domain sees it: plain rows, prepared statements, DomainErrors. */
export class Database implements Store {
  private readonly names = new StatementNames();
  private readonly connections = new Connections(this.dataSource, this.across);
  private readonly lookups = new TurnGroups(this.connections, this.patience);
  private readonly writes = new TurnGroups(this.connections, this.patience);

  private constructor(
    readonly dataSource: DataSource,
    /** Connections for all accounts at once, so that those of requests are seldom bound anew. */
    private readonly across: DataSource,
    /** How row level security binds the connections. */
    readonly binding: Binding,
    private readonly trace: Trace | undefined,
    private readonly patience: Patience,
  ) {}

  /** Connects. Throws when the server cannot be reached or signed in to. */
  static async open(url: string, options: DatabaseOptions = {}): Promise<Database> {
    const { poolSize = 16, waitMs = WAIT_MS, onIdleError = ignore, trace, migrations } = options;
    const { patience = PATIENCE } = options;
    const binding = await bindingOf(url, waitMs);
    const common = { url, binding, waitMs, onIdleError };
    const dataSource = await dataSourceOf({ ...common, poolSize, entities: ENTITIES }).initialize();
    if (migrations) limitMigrations(dataSource, migrations);
    const acrossSize = Math.max(2, Math.ceil(poolSize * ACROSS_SHARE));
    const across = dataSourceOf({ ...common, poolSize: acrossSize, reach: ALL_ACCOUNTS });
    return new Database(dataSource, await across.initialize(), binding, trace, patience);
  }

  readonly acrossAccounts = this.within(ALL_ACCOUNTS);

  ofAccount(accountId: string): BoundStore {
    return this.within(accountId);
  }

  private statementOf(text: string, values: unknown[], name = this.names.of(text)): QueryConfig {
    return name === undefined ? { text, values } : { name, text, values };
  }

  private within(reach: Reach): BoundStore {
    return {
      query: (text, values, name) => this.queryWithin(reach, text, values, name),
      lookUp: (text, values) => this.lookUp(reach, this.statementOf(text, values)),
      queryTogether: (statements) =>
        this.run(
          reach,
          statements.map(({ text, values }) => this.statementOf(text, values)),
        ),
      transaction: (work) => this.runTransaction(reach, work),
    };
  }

  /** Runs one statement outside a transaction. */
  async queryWithin<R extends QueryResultRow>(
    reach: Reach,
    text: string,
    values: unknown[],
    name?: string,
  ): Promise<R[]> {
    const [rows] = await this.run(reach, [this.statementOf(text, values, name)]);
    return rows as R[];
  }

  private lookUp<R extends QueryResultRow>(reach: Reach, statement: QueryConfig): Promise<R[]> {
    return this.toDomain([statement], async () => (await this.lookups.add(reach, statement)) as R[]);
  }

  /** Runs statements outside a transaction, on one connection. */
  private async run(reach: Reach, statements: QueryConfig[]): Promise<QueryResultRow[][]> {
    try {
      return await this.connections.with(reach, (client) =>
        this.traced(statements, () => queryBound(client, reach, statements)),
      );
    } catch (error) {
      throw domainErrorOf(error);
    }
  }

  async queryIn<R extends QueryResultRow>(
    transaction: Transaction,
    text: string,
    values: unknown[],
    name?: string,
  ): Promise<R[]> {
    const statement = this.statementOf(text, values, name);
    return this.toDomain([statement], () => transaction.query<R>(statement));
  }

  queryLast<R extends QueryResultRow>(
    transaction: Transaction,
    { text, values, name }: Statement,
  ): Promise<R[]> {
    const statement = this.statementOf(text, values, name);
    return this.toDomain([statement], () => transaction.queryLast<R>(statement));
  }

  async commitWith(transaction: Transaction, last: Statement[]): Promise<void> {
    const statements = last.map(({ text, values, name }) => this.statementOf(text, values, name));
    const commit = () => transaction.commit(statements);
    await (statements.length > 0 ? this.traced(statements, commit) : commit());
  }

  async turnTo(transaction: Transaction, accountId: string | undefined): Promise<void> {
    await transaction.turnTo(accountId ?? ALL_ACCOUNTS);
  }

  async part<T>(transaction: Transaction, work: () => Promise<T>): Promise<T> {
    try {
      return await transaction.part(work);
    } catch (error) {
      throw domainErrorOf(error);
    }
  }

  private async toDomain<T>(statements: QueryConfig[], work: () => Promise<T>): Promise<T> {
    try {
      return await this.traced(statements, work);
    } catch (error) {
      throw domainErrorOf(error);
    }
  }

  private traced<T>(statements: QueryConfig[], work: () => Promise<T>): Promise<T> {
    if (!this.trace) return work();
    const { name = 'statement', text } = together(statements);
    const facts = { 'db.system.name': 'postgresql', 'db.query.text': text.slice(0, QUERY_TRACED_CHARS) };
    return this.trace({ name, kind: 'client', isPart: true, facts }, work);
  }

  private async runTransaction<T>(reach: Reach, work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const transaction = new OpenTransaction(reach, this.connections, this.writes);
    try {
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.rollBack();
      throw domainErrorOf(error);
    } finally {
      await transaction.end();
    }
  }

  /** How many connections do something, wait, or are waited for. */
  get poolUse(): PoolUse {
    return this.connections.use;
  }

  /** Whether the database can be reached and every migration has run. */
  async isReady(): Promise<boolean> {
    return !(await this.dataSource.showMigrations());
  }

  /**
   * Runs the migrations that have not run yet, one process at a time, and answers their names. Throws sentences when
   * the server, or its user, is none that they can run on.
   */
  async migrate(): Promise<string[]> {
    const guard = this.across.createQueryRunner();
    try {
      await requirePostgres((text) => guard.query(text));
      // An index of a large table takes longer than a request may, and who comes meanwhile waits as long.
      await guard.query('set statement_timeout = 0');
      await guard.query('select pg_advisory_lock(hashtext($1))', ['switchboard migrations']);
      const executor = new MigrationExecutor(this.across, guard);
      executor.transaction = 'each';
      const run = await executor.executePendingMigrations();
      return run.map(({ name }) => name);
    } finally {
      await guard.query('reset statement_timeout').catch(() => {});
      await guard.query('select pg_advisory_unlock_all()').catch(() => {});
      await guard.release();
    }
  }

  /** Runs the work across accounts in a transaction in which migrations can run. */
  async migratingTransaction(work: (runner: QueryRunner) => Promise<void>): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      await bindWithin((await runner.connect()) as PoolClient, ALL_ACCOUNTS);
      await work(runner);
      await runner.commitTransaction();
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
      throw domainErrorOf(error);
    } finally {
      await runner.release().catch(() => {});
    }
  }

  /** Runs the known migrations that have not run yet in the open transaction. */
  async migrateIn(runner: QueryRunner): Promise<void> {
    await requirePostgres((text) => runner.query(text));
    await new MigrationExecutor(this.dataSource, runner).executePendingMigrations();
  }

  /** Ends all connections after their running statements. */
  async close(): Promise<void> {
    for (const source of [this.dataSource, this.across]) if (source.isInitialized) await source.destroy();
  }
}

/** Runs the migrations of the database at the address. */
export async function migrate(url: string): Promise<void> {
  const database = await Database.open(url, { poolSize: 2 });
  try {
    await database.migrate();
  } finally {
    await database.close();
  }
}
