import type { QueryResultRow } from 'pg';
import { ALL_ACCOUNTS } from '../database/bound-connection';

/** What runs one statement; clients and pools of node-postgres fit. */
export interface Statements {
  query: <R extends QueryResultRow>(text: string, values?: unknown[]) => Promise<{ rows: R[] }>;
}

/** A table and the columns that are written to it; generated ones follow. */
export interface TableColumns {
  name: string;
  columns: string[];
}

/** A foreign key, and the words that make it anew. */
export interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

/** Where TypeORM keeps which migrations have run. */
export const MIGRATIONS_TABLE = 'migration';

const TABLES = `
select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
group by c.relname order by c.relname`;

const SEQUENCES = `
select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by relname`;

const FOREIGN_KEYS = `
select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
from pg_constraint k join pg_class c on c.oid = k.conrelid
where k.contype = 'f' and c.relnamespace = 'public'::regnamespace order by c.relname, k.conname`;

/** An option of a connection under which row level security shows all accounts. */
export const EVERY_ACCOUNT = `-c switchboard.account_id=${ALL_ACCOUNTS}`;

/** A name as SQL takes it, whatever is in it. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** The tables of the program, without the one of the migrations. */
export async function tablesOf(statements: Statements): Promise<TableColumns[]> {
  const { rows } = await statements.query<TableColumns>(TABLES);
  return rows.filter(({ name }) => name !== MIGRATIONS_TABLE);
}

/** Names of the migrations that have run, in order; undefined where none ever have. */
export async function migrationsOf(statements: Statements): Promise<string[] | undefined> {
  const { rows: found } = await statements.query<{ is: boolean }>(
    `select to_regclass('public.${MIGRATIONS_TABLE}') is not null as is`,
  );
  if (!found[0]?.is) return undefined;
  const { rows } = await statements.query<{ name: string }>(
    `select name from ${MIGRATIONS_TABLE} order by timestamp`,
  );
  return rows.map(({ name }) => name);
}

/** The highest number that each sequence has handed out; null for one that has handed out none. */
export async function sequencesOf(statements: Statements): Promise<Record<string, string | null>> {
  const { rows: sequences } = await statements.query<{ name: string }>(SEQUENCES);
  const lastByName: Record<string, string | null> = {};
  for (const { name } of sequences) {
    const { rows } = await statements.query<{ last: string | null }>(
      `select case when is_called then last_value end as last from ${quoted(name)}`,
    );
    lastByName[name] = rows[0]?.last ?? null;
  }
  return lastByName;
}

/** The tables whose owner row level security binds too. */
export async function forcedTablesOf(statements: Statements): Promise<string[]> {
  const { rows } = await statements.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relforcerowsecurity`,
  );
  return rows.map(({ name }) => quoted(name));
}

/** The functions that migrations have made. */
export async function functionsOf(statements: Statements): Promise<string[]> {
  const { rows } = await statements.query<{ name: string }>(
    `select oid::regprocedure::text as name from pg_proc where pronamespace = 'public'::regnamespace
     and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')`,
  );
  return rows.map(({ name }) => name);
}

/** All foreign keys. */
export async function foreignKeysOf(statements: Statements): Promise<ForeignKey[]> {
  const { rows } = await statements.query<ForeignKey>(FOREIGN_KEYS);
  return rows;
}
