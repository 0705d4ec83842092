import { join } from 'node:path';
import { type Pool, type PoolClient, type QueryResultRow, types } from 'pg';
import { DataSource, DefaultNamingStrategy, type QueryRunner } from 'typeorm';
import type { Store } from '../domain/context';
import { instantFromPostgres } from '../domain/datetime';
import { ENTITIES } from '../domain/entities';
import { snakeCase } from '../domain/text';
import { domainErrorOf } from './database-errors';
import { StatementNames } from './statement-names';

class SnakeCaseNames extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
    return snakeCase([...prefixes, custom ?? property].join('_'));
  }
}

// Instants stay texts from the socket to the answer; everything else as node-postgres has it.
const TYPES: { getTypeParser: typeof types.getTypeParser } = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === types.builtins.TIMESTAMPTZ
      ? instantFromPostgres
      : types.getTypeParser(oid, format as 'text')) as never,
};

interface DatabaseOptions {
  poolSize?: number;
  /** Called when an idle connection breaks; the pool replaces it. */
  onIdleError?: (error: Error) => void;
}

function dataSourceOf(url: string, { poolSize = 16, onIdleError = () => {} }: DatabaseOptions): DataSource {
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
      options: '-c TimeZone=UTC -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    },
  });
}

/** PostgreSQL as the domain sees it: plain rows, prepared statements, DomainErrors. */
export class Database implements Store {
  private readonly pool: Pool;
  private readonly names = new StatementNames();

  private constructor(readonly dataSource: DataSource) {
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
  }

  /** Connects. Throws when the server cannot be reached or signed in to. */
  static async open(url: string, options: DatabaseOptions = {}): Promise<Database> {
    return new Database(await dataSourceOf(url, options).initialize());
  }

  async query<R extends QueryResultRow>(text: string, values: unknown[], name?: string): Promise<R[]> {
    try {
      const { rows } = await this.pool.query<R>({ name: name ?? this.names.of(text), text, values });
      return rows;
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
    const client = (await runner.connect()) as PoolClient;
    const { rows } = await client.query<R>({ name: name ?? this.names.of(text), text, values });
    return rows;
  }

  async transaction<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
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

  /** Whether the database can be reached and every migration has run. */
  async isReady(): Promise<boolean> {
    return !(await this.dataSource.showMigrations());
  }

  /** Runs the migrations that have not run yet, one process at a time, and answers their names. */
  async migrate(): Promise<string[]> {
    const guard = this.dataSource.createQueryRunner();
    try {
      await guard.query('select pg_advisory_lock(hashtext($1))', ['switchboard migrations']);
      const run = await this.dataSource.runMigrations({ transaction: 'each' });
      return run.map(({ name }) => name);
    } finally {
      await guard.query('select pg_advisory_unlock_all()').catch(() => {});
      await guard.release();
    }
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
