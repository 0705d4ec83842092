import type { Context } from '../context';
import type { Instant } from '../datetime';
import type { IntegrationProvider } from '../integration/integration.entity';
import type { MeetingPlan, RemoteFields } from '../integration/provider';

/** What a provider has of an event. */
export interface CalendarLink {
  accountId: string;
  eventId: string;
  provider: IntegrationProvider;
  /** The provider's id of it; of a Google event known from the start. */
  externalId: string | null;
  /** What the provider has of it as far as is known; null when it has nothing. */
  agreed: MeetingPlan | RemoteFields | null;
  /** When the provider says it was changed last. */
  remoteUpdatedAt: Instant | null;
  /** The reading of the calendar in which it was last known to be there. */
  seenRound: number;
  /** Counts the Google Meets of the event that are over. */
  meetRound: number;
  /** Whether it may have been made without an answer having come. */
  isUnsure: boolean;
  /** Failures since the event was last saved. */
  attempts: number;
  /** When it was deleted at the provider. */
  removedAt: Instant | null;
}

/** The columns of a link that change. */
export type LinkColumns = Partial<
  Omit<CalendarLink, 'accountId' | 'eventId' | 'provider' | 'seenRound' | 'removedAt'>
>;

/** The columns of a link under the names of its fields. */
export const LINK_COLUMNS = `link.account_id as "accountId", link.event_id as "eventId", link.provider,
  link.external_id as "externalId", link.agreed, link.remote_updated_at as "remoteUpdatedAt",
  link.seen_round as "seenRound", link.meet_round as "meetRound", link.is_unsure as "isUnsure", link.attempts,
  link.removed_at as "removedAt"`;

/** The id by which Google knows an event that was made here: hex digits are base32hex, which Google asks for. */
export function googleIdOf(eventId: string): string {
  return eventId.replaceAll('-', '');
}

const CONNECTED = 'select provider from integration where account_id = $1';

/** The providers that the account has connected. */
export async function connectedProviders(ctx: Context): Promise<Set<IntegrationProvider>> {
  const rows = await ctx.query<{ provider: IntegrationProvider }>(
    CONNECTED,
    [ctx.account.id],
    'connected providers',
  );
  return new Set(rows.map(({ provider }) => provider));
}

/** A provider that is to have an event, or to have it no more, and when to see to it; null is when it is connected. */
export interface Wish {
  provider: IntegrationProvider;
  dueAt: Instant | null;
}

const WANT = `
insert into calendar_link (account_id, event_id, provider, external_id, due_at, created_at)
values ($1, $2, $3, $4, $5, $6)
on conflict (account_id, event_id, provider) do update set due_at = excluded.due_at, attempts = 0`;

/** Has a provider see to an event that it is to have. Needs an open transaction that holds the event. */
export async function wantLink(ctx: Context, eventId: string, { provider, dueAt }: Wish): Promise<void> {
  const externalId = provider === 'google_calendar' ? googleIdOf(eventId) : null;
  await ctx.query(WANT, [ctx.account.id, eventId, provider, externalId, dueAt, ctx.instant()]);
}

const TOUCH = `
update calendar_link set due_at = $4, attempts = 0
where account_id = $1 and event_id = $2 and provider = $3 and removed_at is null`;

/** Has a provider see to an event if it has it. Needs an open transaction that holds the event. */
export async function touchLink(ctx: Context, eventId: string, { provider, dueAt }: Wish): Promise<void> {
  await ctx.query(TOUCH, [ctx.account.id, eventId, provider, dueAt]);
}

// One that is not connected is left alone: it is seen to when it is.
const TOUCH_OTHERS = `
update calendar_link link set due_at = coalesce(due_at, $4), attempts = 0
where account_id = $1 and event_id = $2 and provider <> $3 and removed_at is null
  and exists (select from integration i where i.account_id = $1 and i.provider = link.provider)`;

/** Has the other providers see to an event that the given one has changed. */
export async function touchOtherLinks(
  ctx: Context,
  eventId: string,
  provider: IntegrationProvider,
): Promise<void> {
  await ctx.query(TOUCH_OTHERS, [ctx.account.id, eventId, provider, ctx.instant()]);
}

const LINK_UPCOMING = `
insert into calendar_link (account_id, event_id, provider, external_id, created_at)
select account_id, id, $2, case when $2 = 'google_calendar' then replace(id::text, '-', '') end, $3
from calendar_event
where account_id = $1 and ends_at > $3
  and case when $2 = 'zoom' then conferencing = 'zoom' else source = 'local' end
on conflict (account_id, event_id, provider) do nothing`;

// Events that were made here may be missing in the calendar that is connected now, so they are inserted anew.
const FORGET_OWN = `
update calendar_link link set agreed = null
where account_id = $1 and provider = $2 and provider = 'google_calendar' and not exists (
  select from calendar_event e where e.account_id = $1 and e.id = link.event_id and e.source = 'google')`;
const REQUEUE = `
update calendar_link link set due_at = $3, attempts = 0
where account_id = $1 and provider = $2 and removed_at is null and not exists (
  select from calendar_event e where e.account_id = $1 and e.id = link.event_id and e.ends_at <= $3)`;

/** Has a provider that was connected see to all events that are not over, and to those that were deleted. */
export async function requeueLinks(ctx: Context, provider: IntegrationProvider): Promise<void> {
  const values = [ctx.account.id, provider, ctx.instant()];
  await ctx.query(LINK_UPCOMING, values);
  await ctx.query(FORGET_OWN, values.slice(0, 2));
  await ctx.query(REQUEUE, values);
}

/** Leaves everything that a provider has to see to until it is connected again. */
export async function parkLinks(ctx: Context, provider: IntegrationProvider): Promise<void> {
  await ctx.query('update calendar_link set due_at = null where account_id = $1 and provider = $2', [
    ctx.account.id,
    provider,
  ]);
}
