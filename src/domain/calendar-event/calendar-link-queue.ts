import { randomUUID } from 'node:crypto';
import type { QueryResultRow } from 'pg';
import type { Context } from '../context';
import { type Instant, toInstant } from '../datetime';
import type { Store } from '../store';
import { type CalendarLink, LINK_COLUMNS, type LinkColumns } from './calendar-link';

/** A link that is being seen to by the holder of the lease alone. */
export interface LeasedLink extends CalendarLink {
  leaseId: string;
}

/** Longer than all calls for an event may take, so that only a process that is gone is overtaken. */
const LINK_LEASE_MS = 60_000;
/** How long a request that saves an event has its links for itself. */
export const REQUEST_MS = 20_000;
const BATCH = 32;

// What is saved meanwhile makes the link due again, and waits until the lease is given back or over.
const claimSql = (which: string) => `
update calendar_link link set due_at = null, lease_id = $2, leased_until = $3
where (account_id, event_id, provider) in (
  select account_id, event_id, provider from calendar_link
  where (leased_until is null or leased_until <= $1) and ${which}
  for update skip locked)
returning ${LINK_COLUMNS}, link.lease_id as "leaseId"`;

const CLAIM_DUE = claimSql(`(due_at <= $1 or leased_until <= $1) order by due_at limit ${BATCH}`);
// Those that are due in a moment are set aside for the request that has saved the event.
const CLAIM_SET_ASIDE = claimSql('account_id = $4 and event_id = $5 and due_at > $1');

const claimValues = (now: Date) => [
  toInstant(now),
  randomUUID(),
  toInstant(new Date(now.getTime() + LINK_LEASE_MS)),
];

/** Takes a few links that are due, of whatever account. */
export function claimDueLinks(store: Store, now: Date): Promise<LeasedLink[]> {
  return store.acrossAccounts.query<LeasedLink & QueryResultRow>(CLAIM_DUE, claimValues(now));
}

/** Takes the links of an event that were set aside for the request that saved it. */
export function claimSetAside(ctx: Context, eventId: string): Promise<LeasedLink[]> {
  const values = [...claimValues(ctx.now()), ctx.account.id, eventId];
  return ctx.query<LeasedLink>(CLAIM_SET_ASIDE, values);
}

const HELD = 'account_id = $1 and event_id = $2 and provider = $3 and lease_id = $4';
const keysOf = ({ accountId, eventId, provider, leaseId }: LeasedLink) => [
  accountId,
  eventId,
  provider,
  leaseId,
];

/** Locks the link until the transaction ends, and answers it; undefined when another process has taken it meanwhile. */
export async function holdLink(ctx: Context, link: LeasedLink): Promise<CalendarLink | undefined> {
  const text = `select ${LINK_COLUMNS} from calendar_link link where ${HELD} for update`;
  const [held] = await ctx.query<CalendarLink & QueryResultRow>(text, keysOf(link));
  return held;
}

/** Writes down, before a call, whether it may make something without the answer coming. Throws when the lease is lost. */
export async function markUnsure(ctx: Context, link: LeasedLink, isUnsure: boolean): Promise<void> {
  const rows = await ctx.query(`update calendar_link set is_unsure = $5 where ${HELD} returning 1`, [
    ...keysOf(link),
    isUnsure,
  ]);
  if (rows.length === 0) throw new Error(`The lease of event ${link.eventId} was lost.`);
  link.isUnsure = isUnsure;
}

const COLUMNS: Record<keyof LinkColumns, string> = {
  externalId: 'external_id',
  agreed: 'agreed',
  remoteUpdatedAt: 'remote_updated_at',
  meetRound: 'meet_round',
  isUnsure: 'is_unsure',
  attempts: 'attempts',
};

// What became due meanwhile is due at once. That the provider has it was seen in this reading of its calendar.
const giveBackSql = (assignments: string[]) => `
update calendar_link set ${['lease_id = null', 'leased_until = null', ...assignments].join(', ')},
  due_at = case when due_at is null then $5::timestamptz else $6::timestamptz end,
  seen_round = coalesce((select sync_round from integration i
    where i.account_id = $1 and i.provider = 'google_calendar'), seen_round)
where ${HELD}`;

/** Gives a link back with what is known now; `nextAt` is when it is seen to next, null is when the event is saved again. */
export async function giveLinkBack(
  ctx: Context,
  link: LeasedLink,
  columns: LinkColumns,
  nextAt: Instant | null,
): Promise<void> {
  const values: unknown[] = [...keysOf(link), nextAt, ctx.instant()];
  const assignments = Object.entries(columns).map(([name, value]) => {
    values.push(name === 'agreed' && value !== null ? JSON.stringify(value) : value);
    return `${COLUMNS[name as keyof LinkColumns]} = $${values.length}`;
  });
  await ctx.query(giveBackSql(assignments), values);
}

// A wish that came meanwhile begins anew.
const DROP = `delete from calendar_link where ${HELD} and due_at is null`;
const NOTHING: LinkColumns = { externalId: null, agreed: null, isUnsure: false, attempts: 0 };

/** Forgets a link of which the provider has nothing any more. */
export async function dropLink(ctx: Context, link: LeasedLink): Promise<void> {
  await ctx.query(DROP, keysOf(link));
  await giveLinkBack(ctx, link, NOTHING, null);
}

const BURY = `
update calendar_link set removed_at = $5, due_at = $6, agreed = null, lease_id = null, leased_until = null
where ${HELD}`;
const BURIED_MS = 86_400_000;

/** Until when a link is kept that was deleted just now, so that a late echo of the event is known as one. */
export function buriedUntil(ctx: Context): Instant {
  return toInstant(new Date(ctx.now().getTime() + BURIED_MS));
}

/** Keeps a link for a while after its event was deleted everywhere. */
export async function buryLink(ctx: Context, link: LeasedLink): Promise<void> {
  await ctx.query(BURY, [...keysOf(link), ctx.instant(), buriedUntil(ctx)]);
}
