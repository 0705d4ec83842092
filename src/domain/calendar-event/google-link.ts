import type { Context } from '../context';
import type { Instant } from '../datetime';
import type { RemoteEvent, RemoteFields } from '../integration/provider';
import { type CalendarLink, LINK_COLUMNS } from './calendar-link';

/** A link to an event of a Google calendar. */
export interface GoogleLink extends CalendarLink {
  agreed: RemoteFields | null;
}

const select = (condition: string) => `
select ${LINK_COLUMNS} from calendar_link link
where account_id = $1 and provider = 'google_calendar' and ${condition}`;
const BY_EXTERNAL_ID = select('external_id = $2');
const LOCKED = `${select('event_id = $2')} for update`;

/** The link to an event of the Google calendar, also of one that was deleted here a short while ago. */
export async function linkOfGoogle(ctx: Context, externalId: string): Promise<GoogleLink | undefined> {
  const [link] = await ctx.query<GoogleLink>(BY_EXTERNAL_ID, [ctx.account.id, externalId], 'link of google');
  return link;
}

/** The link of an event to the Google calendar, locked until the transaction ends. */
export async function lockGoogleLink(ctx: Context, eventId: string): Promise<GoogleLink | undefined> {
  const [link] = await ctx.query<GoogleLink>(LOCKED, [ctx.account.id, eventId]);
  return link;
}

const INSERT = `
insert into calendar_link (account_id, event_id, provider, external_id, agreed, remote_updated_at, seen_round, created_at)
values ($1, $2, 'google_calendar', $3, $4, $5, $6, $7)`;

/** Links an event that was made in the Google calendar. */
export async function insertLink(
  ctx: Context,
  eventId: string,
  { id, updatedAt }: RemoteEvent,
  agreed: RemoteFields,
  syncRound: number,
): Promise<void> {
  const values = [ctx.account.id, eventId, id, JSON.stringify(agreed), updatedAt, syncRound, ctx.instant()];
  await ctx.query(INSERT, values);
}

const SEE = `
update calendar_link set seen_round = $3
where account_id = $1 and event_id = $2 and provider = 'google_calendar'`;

/** Notes that a reading of the calendar has shown the event. */
export async function seeLink(ctx: Context, eventId: string, syncRound: number): Promise<void> {
  await ctx.query(SEE, [ctx.account.id, eventId, syncRound]);
}

const UPDATE = `
update calendar_link set agreed = $3, remote_updated_at = coalesce($4, remote_updated_at),
  removed_at = coalesce($5, removed_at), due_at = coalesce($6, due_at)
where account_id = $1 and event_id = $2 and provider = 'google_calendar'`;

/** What a change in the Google calendar says of a link. */
export interface LinkNews {
  agreed: RemoteFields | null;
  remoteUpdatedAt?: Instant | null;
  removedAt?: Instant;
  dueAt?: Instant;
}

/** Writes down what a change in the Google calendar says of a link. */
export async function updateLink(ctx: Context, eventId: string, news: LinkNews): Promise<void> {
  const { agreed, remoteUpdatedAt = null, removedAt = null, dueAt = null } = news;
  await ctx.query(UPDATE, [
    ...[ctx.account.id, eventId, agreed && JSON.stringify(agreed)],
    ...[remoteUpdatedAt, removedAt, dueAt],
  ]);
}

// Only what Google is known to have had can have been deleted there.
const UNSEEN = `
select event_id as "eventId" from calendar_link link
join calendar_event e on e.account_id = link.account_id and e.id = link.event_id
where link.account_id = $1 and link.provider = 'google_calendar' and link.agreed is not null
  and link.seen_round < $2 and e.ends_at > $3`;

/** The events that a complete reading of what ends after `since` has not shown: they were deleted in Google. */
export async function deletedSince(ctx: Context, syncRound: number, since: Instant): Promise<string[]> {
  const rows = await ctx.query<{ eventId: string }>(UNSEEN, [ctx.account.id, syncRound, since]);
  return rows.map(({ eventId }) => eventId);
}
