import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { Client, type PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { QueryRunner } from 'typeorm';
import { Database } from '../database/database';
import { type Ending, type Manifest, readArchive } from './archive';
import {
  EVERY_ACCOUNT,
  forcedTablesOf,
  foreignKeysOf,
  functionsOf,
  MIGRATIONS_TABLE,
  migrationsOf,
  quoted,
  type Statements,
  tablesOf,
} from './catalog';

const POSITIONS = 'change_event_position_seq';
/**
 * Positions of the change log that are left out behind a backup, so that none which was handed out after it, to a
 * subscriber or in a webhook, comes a second time with something else.
 */
const POSITIONS_SKIPPED = 1_000_000_000n;

/** What a whole backup says of itself. */
export interface Checked {
  manifest: Manifest;
  ending: Ending;
}

/** Reads a backup from end to end. Throws when it is not whole. */
export async function checkBackup(file: string): Promise<Checked> {
  let manifest: Manifest | undefined;
  let ending: Ending | undefined;
  for await (const part of readArchive(file)) {
    if (part.kind === 'manifest') manifest = part.manifest;
    if (part.kind === 'ending') ending = part.ending;
  }
  // The reader lets no file through without them.
  return { manifest, ending } as Checked;
}

/** Throws when the database is in use, is another program's, or, unless data may be replaced, has data. */
async function checkTarget(client: Client, mayReplace: boolean): Promise<boolean> {
  const { rows: sessions } = await client.query<{ count: number }>(
    `select count(*)::int from pg_stat_activity
     where datname = current_database() and application_name = 'switchboard'`,
  );
  if (sessions[0]?.count) throw new Error('A Switchboard uses this database: stop it before a restore.');
  const [tables, migrations] = [await tablesOf(client), await migrationsOf(client)];
  if (tables.length > 0 && !migrations)
    throw new Error('The database has tables of another program: restore into one of its own.');
  const { rows } = tables.some(({ name }) => name === 'account')
    ? await client.query<{ is: boolean }>('select exists (select from account) as is')
    : { rows: [] };
  if (rows[0]?.is && !mayReplace)
    throw new Error('The database has data already: --force replaces all of it by the backup.');
  return migrations !== undefined;
}

async function copyRows(client: PoolClient, file: string, { tables }: Manifest): Promise<void> {
  const columnsByTable = new Map(tables.map(({ name, columns }) => [name, columns.map(quoted).join(', ')]));
  let open: { table: string; stream: Writable } | undefined;
  const close = async () => {
    if (!open) return;
    const finished = once(open.stream, 'finish');
    open.stream.end();
    await finished;
    open = undefined;
  };
  for await (const part of readArchive(file)) {
    if (part.kind !== 'rows') continue;
    if (open?.table !== part.table) {
      await close();
      const columns = columnsByTable.get(part.table);
      const copy = copyFrom(`copy ${quoted(part.table)} (${columns}) from stdin`);
      open = { table: part.table, stream: client.query(copy) };
    }
    if (!open.stream.write(part.bytes)) await once(open.stream, 'drain');
  }
  await close();
}

/** Fills the empty tables; rows refer to one another in every order, so foreign keys are checked behind the last. */
async function load(client: PoolClient, file: string, { manifest, ending }: Checked): Promise<void> {
  const statements = client as Statements;
  const foreignKeys = await foreignKeysOf(statements);
  const names = (await tablesOf(statements)).map(({ name }) => quoted(name));
  await client.query(`truncate ${names.join(', ')}`);
  for (const { table, name } of foreignKeys)
    await client.query(`alter table ${quoted(table)} drop constraint ${quoted(name)}`);
  // What triggers would do has been done when the rows were first written.
  for (const name of names) await client.query(`alter table ${name} disable trigger user`);
  // COPY does not write where row level security binds.
  const forced = await forcedTablesOf(statements);
  for (const name of forced) await client.query(`alter table ${name} no force row level security`);
  await copyRows(client, file, manifest);
  for (const name of names) await client.query(`alter table ${name} enable trigger user`);
  for (const { table, name, definition } of foreignKeys)
    await client.query(`alter table ${quoted(table)} add constraint ${quoted(name)} ${definition}`);
  for (const name of forced) await client.query(`alter table ${name} force row level security`);
  for (const [name, last] of Object.entries(ending.sequences)) {
    if (last === null) continue;
    const value = name === POSITIONS ? BigInt(last) + POSITIONS_SKIPPED : BigInt(last);
    await client.query('select setval($1::regclass, $2)', [`public.${quoted(name)}`, String(value)]);
  }
}

async function dropAll(statements: Statements): Promise<void> {
  const tables = (await tablesOf(statements)).map(({ name }) => quoted(name));
  await statements.query(`drop table if exists ${[...tables, MIGRATIONS_TABLE].join(', ')} cascade`);
  for (const name of await functionsOf(statements)) await statements.query(`drop function ${name} cascade`);
}

async function replaceAll(
  runner: QueryRunner,
  database: Database,
  file: string,
  backup: Checked & { isFresh: boolean },
): Promise<void> {
  await runner.query('set local statement_timeout = 0');
  await runner.query('set local idle_in_transaction_session_timeout = 0');
  const client = (await runner.connect()) as PoolClient;
  if (!backup.isFresh) await dropAll(client as Statements);
  await database.migrateIn(runner);
  await load(client, file, backup);
}

/**
 * Puts a backup into the database in one transaction: all of it, or nothing. Throws when the database is in use, and,
 * unless `mayReplace`, when it has data.
 */
export async function restoreBackup(
  url: string,
  file: string,
  { mayReplace, ...backup }: Checked & { mayReplace: boolean },
): Promise<void> {
  const client = new Client({
    connectionString: url,
    application_name: 'switchboard restore',
    options: EVERY_ACCOUNT,
  });
  await client.connect();
  const isUsed = await checkTarget(client, mayReplace).finally(() => client.end());
  const { migrations } = backup.manifest;
  const database = await Database.open(url, { poolSize: 2, migrations });
  try {
    await database.migratingTransaction((runner) =>
      replaceAll(runner, database, file, { ...backup, isFresh: !isUsed }),
    );
  } finally {
    await database.close();
  }
  const current = await Database.open(url, { poolSize: 2 });
  try {
    await current.migrate();
    await current.acrossAccounts.query('analyze', []);
  } finally {
    await current.close();
  }
}
