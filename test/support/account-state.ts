import type { TestAccount } from './account';

const TABLES = `
select table_name as "table", column_name as "column" from information_schema.columns
where table_schema = 'public' and column_name = 'account_id' or (table_name = 'account' and column_name = 'id')
order by 1`;

// When a key was last used is noted at any time.
const stateOfTable = ({ table, column }: OwnTable) => `
select '${table}' as "table", count(*)::int as "rows", md5(string_agg(kept, ',' order by kept)) as "hash"
from (select (to_jsonb(one) - 'last_used_at')::text as kept from "${table}" one where "${column}" = $1) row`;

interface OwnTable extends Record<string, unknown> {
  table: string;
  column: string;
}

/** Number and hash of the account's rows in each table, the change log included. */
export async function stateOf({ ctx }: TestAccount): Promise<Record<string, unknown>> {
  const tables = await ctx.query<OwnTable>(TABLES, []);
  const texts = tables.map(stateOfTable);
  const states = await ctx.query<{ table: string }>(texts.join(' union all '), [ctx.account.id]);
  return Object.fromEntries(states.map(({ table, ...state }) => [table, state]));
}

/** All rows of the account, as JSON. */
export async function rowsOf({ ctx }: TestAccount): Promise<string[]> {
  const texts = (await ctx.query<OwnTable>(TABLES, [])).map(
    ({ table, column }) => `select to_jsonb(one)::text as row from "${table}" one where "${column}" = $1`,
  );
  const rows = await ctx.query<{ row: string }>(texts.join(' union all '), [ctx.account.id]);
  return rows.map(({ row }) => row);
}

/** Does the work and proves that it changed nothing of the account. */
export async function withoutChange<T>(account: TestAccount, work: () => Promise<T>): Promise<T> {
  const before = await stateOf(account);
  const result = await work();
  expect(await stateOf(account)).toEqual(before);
  return result;
}

/** An entry of the change log as a test looks at it. */
export interface LoggedEvent {
  name: string;
  subjectId: string;
  changes: Record<string, { old: unknown; new: unknown }>;
  payload: Record<string, unknown>;
}

const EVENTS = `
select "name", "subject_id" as "subjectId", "changes", "payload" from change_event
where "account_id" = $1 and "subject" = $2 order by "position"`;

/** The account's change events of one kind of subject, oldest first. */
export function eventsOf({ ctx }: TestAccount, subject: string): Promise<LoggedEvent[]> {
  return ctx.query<LoggedEvent & Record<string, unknown>>(EVENTS, [ctx.account.id, subject]);
}

/** The names of those events. */
export async function eventNamesOf(account: TestAccount, subject: string): Promise<string[]> {
  return (await eventsOf(account, subject)).map(({ name }) => name);
}
