import { join } from 'node:path';
import { type Pool, type PoolClient, type QueryConfig, type QueryResultRow, types } from 'pg';
import { DataSource, DefaultNamingStrategy, MigrationExecutor, type QueryRunner } from 'typeorm';
import type { BoundStore, Store } from '../domain/context';
import { instantFromPostgres } from '../domain/datetime';
import { ENTITIES } from '../domain/entities';
import { snakeCase } from '../domain/text';
import type { Trace } from '../domain/trace';
import { ALL_ACCOUNTS, bind, bindWithin, queryBound, type Reach } from './bound-connection';
import { domainErrorOf } from './database-errors';
import { type Binding, bindingOf } from './row-security-role';
import { StatementNames } from './statement-names';

class SnakeCaseNames extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
    return snakeCase([...prefixes, custom ?? property].join('_'));
  }
}

const ignore = () => {};
const QUERY_TRACED_CHARS = 2_000;

// Instants stay texts from the socket to the answer; everything else as node-postgres has it.
const TYPES: { getTypeParser: typeof types.getTypeParser } = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === types.builtins.TIMESTAMPTZ
      ? instantFromPostgres
      : types.getTypeParser(oid, format as 'text')) as never,
};

/** What is to be known of the connections of a pool. */
export interface PoolUse {
  used: number;
  idle: number;
  waiting: number;
}

interface DatabaseOptions {
  poolSize?: number;
  /** Called when an idle connection breaks; the pool replaces it. */
  onIdleError?: (error: Error) => void;
  trace?: Trace | undefined;
  /** Names of the migrations that are to be known, in order; all when not given. Throws for one that is not there. */
  migrations?: readonly string[];
}

function dataSourceOf(
  url: string,
  { role }: Binding,
  { poolSize = 16, onIdleError = () => {} }: DatabaseOptions,
  reach?: Reach,
): DataSource {
  const settings = 'TimeZone=UTC statement_timeout=30000 idle_in_transaction_session_timeout=60000';
  const all = [
    ...settings.split(' '),
    ...(role ? [`role=${role}`] : []),
    ...(reach ? [`switchboard.account_id=${reach}`] : []),
  ];
  return new DataSource({
    type: 'postgres',
    url,
    entities: [...ENTITIES],
    migrations: [join(__dirname, '../../migrations/*.{js,ts}')],
    migrationsTableName: 'migration',
    namingStrategy: new SnakeCaseNames(),
    installExtensions: false,
    applicationName: 'switchboard',
    poolSize,
    poolErrorHandler: onIdleError,
    connectTimeoutMS: 5_000,
    extra: {
      types: TYPES,
      options: all.map((setting) => `-c ${setting}`).join(' '),
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      // One stays open: by it a restore sees that the database is in use.
      min: 1,
    },
  });
}

function limitMigrations({ migrations }: DataSource, names: readonly string[]): void {
  const known = new Map(migrations.splice(0).map((one) => [one.name ?? one.constructor.name, one]));
  for (const name of names) {
    const migration = known.get(name);
    if (!migration)
      throw new Error(`The migration ${name} is of a newer Switchboard: update this one first.`);
    migrations.push(migration);
  }
}

/** Several statements as the one that a trace shows. */
function together(statements: QueryConfig[]): QueryConfig {
  const [only, ...more] = statements;
  if (only && more.length === 0) return only;
  return { name: 'statements', text: statements.map(({ text }) => text).join(';\n') };
}

/** PostgreSQL as the domain sees it: plain rows, prepared statements, DomainErrors. */
export class Database implements Store {
  private readonly pool: Pool;
  private readonly names = new StatementNames();

  private constructor(
    readonly dataSource: DataSource,
    /** How row level security binds the connections. */
    readonly binding: Binding,
    /** Migrations change rows of all accounts, on connections that nothing else uses. */
    private readonly migrating: DataSource,
    private readonly trace: Trace | undefined,
  ) {
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
  }

  /** Connects. Throws when the server cannot be reached or signed in to. */
  static async open(url: string, options: DatabaseOptions = {}): Promise<Database> {
    const binding = await bindingOf(url);
    const dataSource = await dataSourceOf(url, binding, options).initialize();
    if (options.migrations) limitMigrations(dataSource, options.migrations);
    const migrating = dataSourceOf(url, binding, { poolSize: 2 }, ALL_ACCOUNTS);
    return new Database(dataSource, binding, migrating, options.trace);
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

  /** Runs statements outside a transaction, on one connection. */
  private async run(reach: Reach, statements: QueryConfig[]): Promise<QueryResultRow[][]> {
    try {
      const client = await this.pool.connect();
      // What breaks the connection fails its statement too; unheard, it would end the process.
      client.on('error', ignore);
      try {
        const results = await this.traced(statements, () => queryBound(client, reach, statements));
        client.off('error', ignore);
        client.release();
        return results.map(({ rows }) => rows);
      } catch (error) {
        // As after any failure of a pool's statement: the connection is not used again.
        client.release(error as Error);
        throw error;
      }
    } catch (error) {
      throw domainErrorOf(error);
    }
  }

  async queryIn<R extends QueryResultRow>(
    runner: QueryRunner,
    text: string,
    values: unknown[],
    name?: string,
  ): Promise<R[]> {
    try {
      const client = (await runner.connect()) as PoolClient;
      const statement = this.statementOf(text, values, name);
      const { rows } = await this.traced([statement], () => client.query<R>(statement));
      return rows;
    } catch (error) {
      throw domainErrorOf(error);
    }
  }

  async turnTo(runner: QueryRunner, accountId: string | undefined): Promise<void> {
    await bindWithin((await runner.connect()) as PoolClient, accountId ?? ALL_ACCOUNTS);
  }

  async part<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
    // A transaction is open: TypeORM makes this one a savepoint.
    await runner.startTransaction();
    try {
      const result = await work();
      // What is put off to the commit is done now, as it would be if this were all.
      await runner.query('set constraints all immediate; set constraints all deferred');
      await runner.commitTransaction();
      return result;
    } catch (error) {
      await runner.rollbackTransaction().catch(() => {});
      throw domainErrorOf(error);
    }
  }

  private traced<T>(statements: QueryConfig[], work: () => Promise<T>): Promise<T> {
    if (!this.trace) return work();
    const { name = 'statement', text } = together(statements);
    const facts = { 'db.system.name': 'postgresql', 'db.query.text': text.slice(0, QUERY_TRACED_CHARS) };
    return this.trace({ name, kind: 'client', isPart: true, facts }, work);
  }

  private async runTransaction<T>(reach: Reach, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await bind((await runner.connect()) as PoolClient, reach);
      await runner.startTransaction();
      const result = await work(runner);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
      throw domainErrorOf(error);
    } finally {
      await runner.release().catch(() => {});
    }
  }

  /** How many connections do something, wait, or are waited for. */
  get poolUse(): PoolUse {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }

  /** Whether the database can be reached and every migration has run. */
  async isReady(): Promise<boolean> {
    return !(await this.dataSource.showMigrations());
  }

  /** Runs the migrations that have not run yet, one process at a time, and answers their names. */
  async migrate(): Promise<string[]> {
    const migrating = await this.migrating.initialize();
    const guard = migrating.createQueryRunner();
    try {
      await guard.query('select pg_advisory_lock(hashtext($1))', ['switchboard migrations']);
      const run = await migrating.runMigrations({ transaction: 'each' });
      return run.map(({ name }) => name);
    } finally {
      await guard.query('select pg_advisory_unlock_all()').catch(() => {});
      await guard.release();
      await migrating.destroy();
    }
  }

  /** Runs the known migrations that have not run yet in the open transaction. */
  async migrateIn(runner: QueryRunner): Promise<void> {
    await new MigrationExecutor(this.dataSource, runner).executePendingMigrations();
  }

  /** Ends all connections after their running statements. */
  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
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
