import type { TestAccount } from './account';

const TABLES = `
select table_name as "table", column_name as "column" from information_schema.columns
where table_schema = 'public' and column_name = 'account_id' or (table_name = 'account' and column_name = 'id')
order by 1`;

// When a key was last used is noted at any time.
const rowsOf = (table: string, column: string) => `
select count(*)::int as "rows", md5(string_agg(kept, ',' order by kept)) as "hash"
from (select (to_jsonb(one) - 'last_used_at')::text as kept from "${table}" one where "${column}" = $1) row`;

/** Number and hash of the account's rows in each table, the change log included. */
export async function stateOf({ ctx }: TestAccount): Promise<Record<string, unknown>> {
  const tables = await ctx.query<{ table: string; column: string }>(TABLES, []);
  const state: Record<string, unknown> = {};
  for (const { table, column } of tables) {
    [state[table]] = await ctx.query(rowsOf(table, column), [ctx.account.id]);
  }
  return state;
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
