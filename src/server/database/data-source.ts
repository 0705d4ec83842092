import { join } from 'node:path';
import { DataSource, DefaultNamingStrategy, type EntityTarget } from 'typeorm';
import { snakeCase } from '../../domain/text';
import type { Reach } from './bound-connection';
import { COLUMN_TYPES } from './row-reader';
import type { Binding } from './row-security-role';

class SnakeCaseNames extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
    return snakeCase([...prefixes, custom ?? property].join('_'));
  }
}

/** A pool of connections: what they are bound to, and what they know. */
export interface SourceOptions {
  url: string;
  binding: Binding;
  poolSize: number;
  /** Milliseconds that a connection is waited for at most. */
  waitMs: number;
  /** Called when an idle connection breaks; the pool replaces it. */
  onIdleError: (error: Error) => void;
  /** What the connections reach from their start; nothing when not given. */
  reach?: Reach;
  entities?: readonly EntityTarget<unknown>[];
}

/** A pool of connections in TypeORM's terms, not connected yet. */
export function dataSourceOf({
  url,
  binding: { role },
  poolSize,
  waitMs,
  onIdleError,
  reach,
  entities = [],
}: SourceOptions): DataSource {
  const settings = 'TimeZone=UTC statement_timeout=30000 idle_in_transaction_session_timeout=60000';
  const all = [
    ...settings.split(' '),
    ...(role ? [`role=${role}`] : []),
    ...(reach ? [`switchboard.account_id=${reach}`] : []),
  ];
  return new DataSource({
    type: 'postgres',
    url,
    entities: [...entities] as never,
    migrations: [join(__dirname, '../../../migrations/*.{js,ts}')],
    migrationsTableName: 'migration',
    namingStrategy: new SnakeCaseNames(),
    installExtensions: false,
    applicationName: 'switchboard',
    poolSize,
    poolErrorHandler: onIdleError,
    extra: {
      types: COLUMN_TYPES,
      options: all.map((setting) => `-c ${setting}`).join(' '),
      connectionTimeoutMillis: waitMs,
      keepAlive: true,
      // One stays open: by it a restore sees that the database is in use.
      min: 1,
    },
  });
}

/** Leaves the data source the migrations of these names, in order. Throws for one that is not there. */
export function limitMigrations({ migrations }: DataSource, names: readonly string[]): void {
  const known = new Map(migrations.splice(0).map((one) => [one.name ?? one.constructor.name, one]));
  for (const name of names) {
    const migration = known.get(name);
    if (!migration)
      throw new Error(`The migration ${name} is of a newer Switchboard: update this one first.`);
    migrations.push(migration);
  }
}
