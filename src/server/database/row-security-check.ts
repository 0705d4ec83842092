import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../domain/store';
import type { Database } from './database';
import { MARK_SEARCHES, unmarkedSearches } from './row-security-role';

/** So much of each table is looked at, so that a start takes no longer with more data. */
const SAMPLE_BYTES = 1_000_000;

interface TenantTable {
  name: string;
  isLocked: boolean;
  /** Which part of its pages to look at: all where it is small. */
  percent: number;
}

const TABLES = `
select one.relname as "name", least(100, 100.0 * ${SAMPLE_BYTES} / greatest(pg_relation_size(one.oid), 1))::float8 as "percent",
  one.relrowsecurity and one.relforcerowsecurity
  and (select array_agg(polname::text) from pg_policy where polrelid = one.oid) = array['account'] as "isLocked"
from pg_class one join pg_attribute on attrelid = one.oid and attname = 'account_id' and not attisdropped
where one.relnamespace = current_schema::regnamespace and one.relkind in ('r', 'p') order by 1`;

// All in one, and with what is refused caught where it happens: else each table would be an error in the server's log.
const TRY_TO_WRITE = `
do $$
declare
  one text;
  taking text[] := '{}';
begin
  foreach one in array current_setting('switchboard.tried')::text[] loop
    begin
      execute format('insert into %I (account_id) values (gen_random_uuid())', one);
      raise exception 'taken, and now rolled back';
    exception
      when insufficient_privilege then null;
      when others then taking := taking || one;
    end;
  end loop;
  perform set_config('switchboard.taking', taking::text, true);
end $$`;

/** The tables that take a row of an account that the transaction is not bound to. */
async function tablesThatTake(
  database: Database,
  transaction: Transaction,
  names: string[],
): Promise<string[]> {
  await database.queryIn(transaction, "select set_config('switchboard.tried', $1::text[]::text, true)", [
    names,
  ]);
  await database.queryIn(transaction, TRY_TO_WRITE, []);
  const [row] = await database.queryIn<{ names: string[] }>(
    transaction,
    "select current_setting('switchboard.taking')::text[] as names",
    [],
  );
  return row?.names ?? [];
}

/** The tables that show or take a row beyond the account that the connection is bound to. */
async function openTables(database: Database, tables: TenantTable[]): Promise<string[]> {
  const open: string[] = [];
  const nobody = database.ofAccount(randomUUID());
  const seen = tables.map(
    ({ name, percent }) =>
      `select '${name}' as name where exists (select from "${name}" tablesample system (${percent}))`,
  );
  for (const { name } of await nobody.query<{ name: string }>(seen.join(' union all '), [])) {
    open.push(`${name} shows rows`);
  }
  const names = tables.map(({ name }) => name);
  const taking = await nobody.transaction((transaction) => tablesThatTake(database, transaction, names));
  return [...open, ...taking.map((name) => `${name} takes rows`)];
}

/**
 * Proves that row level security holds: that each table with an account_id is locked, and that a connection bound to
 * an account that does not exist sees nothing of what is there and can write nothing. Throws a sentence about what is open; `warn`
 * hears of what makes it weak or slow.
 */
export async function requireRowSecurity(database: Database, warn: (line: string) => void): Promise<void> {
  const tables = await database.acrossAccounts.query<TenantTable & Record<string, unknown>>(TABLES, []);
  const unlocked = tables.find(({ isLocked }) => !isLocked);
  if (unlocked) {
    throw new Error(
      `The table ${unlocked.name} has an account_id and is not locked to it: call lock_to_account('${unlocked.name}') in the migration that makes it.`,
    );
  }
  if (database.binding.unboundBecause) {
    warn(
      `Row level security does not bind the user of DATABASE_URL, and no role that it binds could be made (${database.binding.unboundBecause}): give the program a user that is no superuser and has no BYPASSRLS.`,
    );
  } else {
    const open = await openTables(database, tables);
    if (open.length > 0)
      throw new Error(
        `Row level security does not hold for an account that does not exist: ${open.join(', ')}.`,
      );
  }
  const slow = await unmarkedSearches((text, values) => database.acrossAccounts.query(text, values));
  if (slow.length > 0)
    warn(`Searches of large accounts are slow: let a superuser run in this database\n${MARK_SEARCHES}`);
}
