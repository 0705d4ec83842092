import type { Context } from './context';
import type { Actor } from './context-seed';
import { allNouns, type Noun } from './entity';
import { invalid } from './error';
import type { Changes } from './event';
import { eventsBeside, nounOfEvents } from './event-name';
import { settledPosition } from './log-state';
import { PAGE_DEFAULT, PAGE_MAX } from './page';
import type { BoundStore } from './store';
import { snakeCase } from './text';

/** One entry of the change log. */
export interface ChangeEvent {
  /** Place in the log: grows by time, with gaps. */
  position: number;
  accountId: string;
  /** `lead.created`. */
  name: string;
  /** `lead`. */
  subject: string;
  subjectId: string;
  changes: Changes;
  /** The subject as it was after the write (before it, for a deletion). */
  payload: Record<string, unknown>;
  actor: Actor;
  requestId: string;
  createdAt: string;
}

const SELECT = `
select position::float8 as position, account_id as "accountId", name, subject, subject_id as "subjectId", changes,
  payload, actor, request_id as "requestId", created_at as "createdAt"
from change_event`;

const BETWEEN = 'where position > $1 and position <= $2';
const STRETCHES = {
  all: `${SELECT} ${BETWEEN} order by position limit $3`,
  webhooks: `
${SELECT} ${BETWEEN} and account_id in (select account_id from webhook where is_active and deleted_at is null)
order by position limit $3`,
};
const END_OF_STRETCH = `
select position::float8 as position from change_event ${BETWEEN} order by position offset $3 - 1 limit 1`;
const OF_ACCOUNT = `
${SELECT} where account_id = $1 and position > $2 and position <= $3
  and ($4::text[] is null or name = any($4)) and ($5::text[] is null or subject = any($5))
order by position limit $6`;

const STRETCH = `
${SELECT} where account_id = $1 and position > $2 and position <= $3
  and ($4::timestamptz is null or created_at >= $4) and ($5::timestamptz is null or created_at < $5)
order by position limit $6`;

const BOUNDS = `
select floor.position::float8 as floor, seq.last_value::float8 as last
from change_log_floor floor, change_event_position_seq seq`;

/**
 * The entries in a stretch of settled positions, in order, for the program's own readers: of all accounts, or of those
 * with webhooks that are switched on.
 */
export function readChanges(
  store: Pick<BoundStore, 'query'>,
  after: number,
  through: number,
  limit: number,
  of: keyof typeof STRETCHES = 'all',
): Promise<ChangeEvent[]> {
  const values = [after, through, limit];
  return store.query<ChangeEvent & Record<string, unknown>>(STRETCHES[of], values, `read changes of ${of}`);
}

/** The position of the last of so many entries behind a position; undefined when there are fewer up to `through`. */
export async function endOfStretch(
  store: Pick<BoundStore, 'query'>,
  after: number,
  through: number,
  entries: number,
): Promise<number | undefined> {
  const values = [after, through, entries];
  const [row] = await store.query<{ position: number }>(END_OF_STRETCH, values, 'end of stretch');
  return row?.position;
}

/** A stretch of one account's log, by positions and, where given, by time. */
export interface Stretch {
  after: number;
  through: number;
  /** Only entries from this instant on. */
  from?: string | undefined;
  /** Only entries before this instant. */
  before?: string | undefined;
}

/** The entries of the account in a stretch of settled positions, in order; for the program's own readers. */
export function readStretch(ctx: Context, stretch: Stretch, limit: number): Promise<ChangeEvent[]> {
  const { after, through, from = null, before = null } = stretch;
  return ctx.query<ChangeEvent & Record<string, unknown>>(
    STRETCH,
    [ctx.account.id, after, through, from, before, limit],
    'read stretch',
  );
}

const LAST_STATE = `
select payload from change_event where account_id = $1 and subject_id = $2 and position <= $3
order by position desc limit 1`;

/** A record as the log knew it at a position, also one that is gone; undefined when nothing of it is kept. */
export async function stateAt(
  ctx: Context,
  subjectId: string,
  position: number,
): Promise<Record<string, unknown> | undefined> {
  const values = [ctx.account.id, subjectId, position];
  const [row] = await ctx.query<{ payload: Record<string, unknown> }>(LAST_STATE, values, 'last state');
  return row?.payload;
}

/** A stretch of the log as a caller asks for it. */
export interface ChangesRequest {
  /** The cursor of the last entry that the caller has; from the start of what is kept when not given. */
  after?: string | undefined;
  /** 1 to 100 entries. */
  first?: number;
  /** Only entries of these names, such as `lead.created`. */
  names?: string[] | undefined;
}

/** A stretch of the log: its entries, where it ends, and whether more is there already. */
export interface ChangesPage {
  events: ChangeEvent[];
  /** Continue after this, also when `events` is empty. */
  endCursor: string;
  hasMore: boolean;
}

/** The cursor of a position. */
export function cursorOf(position: number): string {
  return String(position);
}

/** The position of a cursor. Throws INVALID for a text that is none. */
export function positionOf(cursor: string, argument: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw invalid({
    [argument]: [`${argument} is no cursor of the change log: pass one from an earlier answer.`],
  });
}

/**
 * Throws INVALID when entries behind the position are no longer kept, or when the log has not come so far (as
 * after a restored backup), so that a reader cannot miss any unknowingly.
 */
export async function requireKept(
  store: Pick<BoundStore, 'query'>,
  position: number,
  argument: string,
): Promise<void> {
  const [bounds] = await store.query<{ floor: number; last: number }>(BOUNDS, [], 'change log bounds');
  const fault = bounds && faultOf(position, bounds);
  if (!fault) return;
  throw invalid({ [argument]: [`${argument} is ${fault}: reload what you show, then start without it.`] });
}

function faultOf(position: number, { floor, last }: { floor: number; last: number }): string | undefined {
  if (position < floor) return 'older than the change log is kept';
  return position > last ? 'ahead of the change log, from another installation' : undefined;
}

/** The noun that an entry of the name is about. Throws INVALID for what no entry is called, such as a pattern. */
function nounOfName(name: string): Noun {
  const noun = name.endsWith('*') ? undefined : nounOfEvents(name);
  if (noun) return noun;
  const beside = eventsBeside(name);
  const why = beside ? `. ${beside}` : ': names are whole, such as lead.created.';
  throw invalid({ names: [`${name} is no event${why}`] });
}

/**
 * The subjects whose entries the caller may read; null is all. Throws INVALID for a name that is none, FORBIDDEN when
 * one is of another subject, and for an agent who is no admin: entries show records as they were, whoever's they are now.
 */
export function readableSubjects(ctx: Context, names: string[] | undefined): string[] | null {
  ctx.requireWholeView('The change log');
  const readable = allNouns().filter(({ plural }) => ctx.can(`${plural}:read`));
  for (const name of names ?? []) ctx.require(`${nounOfName(name).plural}:read`);
  return readable.length === allNouns().length ? null : readable.map(({ name }) => snakeCase(name));
}

/** The account's change log in order. Throws INVALID for a bad or outdated cursor, and for a name that is none. */
export async function changesOf(
  ctx: Context,
  { after, first = PAGE_DEFAULT, names }: ChangesRequest,
): Promise<ChangesPage> {
  if (first < 1 || first > PAGE_MAX)
    throw invalid({ first: [`first must be from 1 to ${PAGE_MAX}, not ${first}.`] });
  const subjects = readableSubjects(ctx, names);
  const position = after === undefined ? 0 : positionOf(after, 'after');
  const through = await settledPosition(ctx);
  const values = [ctx.account.id, position, through, names ?? null, subjects, first + 1];
  const events = await ctx.query<ChangeEvent & Record<string, unknown>>(
    OF_ACCOUNT,
    values,
    'changes of account',
  );
  // After the reading, so that what retention takes meanwhile is noticed.
  if (after !== undefined) await requireKept(ctx, position, 'after');
  const hasMore = events.length > first;
  const shown = events.slice(0, first);
  const end = hasMore ? (shown.at(-1)?.position ?? position) : Math.max(position, through);
  return { events: shown, endCursor: cursorOf(end), hasMore };
}

/** Which entries of an account's log are wanted; undefined names and null subjects are all. */
export interface ChangeSelection {
  names: readonly string[] | undefined;
  subjects: readonly string[] | null;
}

const REPLAY_BATCH = 500;

/** The entries of the account behind a position, through another, in order. Throws INVALID when some are gone. */
export async function* replayChanges(
  ctx: Context,
  { names, subjects }: ChangeSelection,
  after: number,
  through: number,
): AsyncGenerator<ChangeEvent> {
  let position = after;
  for (;;) {
    const values = [ctx.account.id, position, through, names ?? null, subjects, REPLAY_BATCH];
    const events = await ctx.query<ChangeEvent & Record<string, unknown>>(
      OF_ACCOUNT,
      values,
      'changes of account',
    );
    await requireKept(ctx, position, 'since');
    yield* events;
    if (events.length < REPLAY_BATCH) return;
    position = (events.at(-1) as ChangeEvent).position;
  }
}
