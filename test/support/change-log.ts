import { agents } from '../../src/domain/agent/agent.service';
import { changesOf } from '../../src/domain/change-log';
import type { Context } from '../../src/domain/context';

/** An entry of the change log as its followers see it. */
export interface Entry {
  cursor: string;
  name: string;
  subjectId: string;
  payload: Record<string, unknown>;
}

/** Follows the log from behind a cursor; each result is an {@link Entry}. */
export const FOLLOW =
  'subscription ($since: String) { changes(since: $since) { cursor name subjectId payload } }';

const ENTRIES = `
select position::text as cursor, name, subject_id as "subjectId", payload from change_event
where account_id = $1 and position > $2 order by position`;

/** What the database has behind a cursor, oldest first. */
export function entriesAfter(ctx: Context, cursor: string): Promise<Entry[]> {
  return ctx.query<Entry & Record<string, unknown>>(ENTRIES, [ctx.account.id, cursor]);
}

/** The cursor of the last entry, of an account that has at most a hundred. */
export async function cursorNow(ctx: Context): Promise<string> {
  return (await changesOf(ctx, { first: 100 })).endCursor;
}

const POSITIONS = `
select position::int as position from change_event where account_id = $1 and position > $2 order by position`;

/** Positions of all entries behind one. */
export async function positionsAfter(ctx: Context, position: number): Promise<number[]> {
  const rows = await ctx.query<{ position: number }>(POSITIONS, [ctx.account.id, position]);
  return rows.map((row) => row.position);
}

/** Writes an entry that everybody of the account hears, and answers its position: the end of the log. */
export async function writeLast(ctx: Context): Promise<number> {
  await agents.create(ctx, { firstName: 'end' });
  return (await positionsAfter(ctx, 0)).at(-1) as number;
}
