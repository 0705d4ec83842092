import type { Context } from '../context';
import { type Instant, toInstant } from '../datetime';
import { type DueOptions, workDue } from '../due';
import { rowEvent } from '../event';
import { googleCredentials } from '../integration/credentials';
import { Integration } from '../integration/integration.entity';
import { noteFailure, noteSuccess } from '../integration/integration-health';
import { type ChangesPage, ProviderError, type Providers, type RemoteEvent } from '../integration/provider';
import { CalendarEvent } from './calendar-event.entity';
import { googleIdOf } from './calendar-link';
import { buriedUntil } from './calendar-link-queue';
import { deletedSince, insertLink, linkOfGoogle, lockGoogleLink, seeLink, updateLink } from './google-link';
import { changedFields, draftOf, fieldsOf, tidied, timesOf } from './google-merge.rules';
import { deleteFromGoogle, saveFromProvider } from './link-result';

const POLL_MS = 30_000;
const FAILED_MS = 60_000;
/** How far back a calendar is read when it is read as a whole. */
const PAST_MS = 30 * 86_400_000;

/** A calendar as it is being read. */
interface Reading {
  integration: Integration;
  timeZone: string;
}

async function take(tx: Context, { integration, timeZone }: Reading, remote: RemoteEvent): Promise<void> {
  const isOwn = remote.eventId !== null && googleIdOf(remote.eventId) === remote.id;
  if (!remote.fields || isOwn) return;
  const fields = tidied(remote.fields);
  const { title, description, attendees } = fields;
  const times = timesOf(fields.span, timeZone);
  const isMeet = fields.hasMeet && !times.isAllDay;
  const { url, id } = remote.meeting;
  const event = await tx.repo(CalendarEvent).insert({
    ...{ title, description, attendees, ...times, source: 'google' },
    ...(isMeet && { conferencing: 'google_meet', conferenceUrl: url, conferenceId: id }),
  });
  await insertLink(tx, event.id, remote, fields, integration.syncRound);
  await tx.emit(rowEvent(CalendarEvent, 'created', event));
}

/**
 * Brings one change of the calendar in. What is known already, such as the echo of what was written from here,
 * changes nothing; where both sides have changed the same, ours stays and is written there.
 */
async function applyChange(ctx: Context, reading: Reading, remote: RemoteEvent): Promise<void> {
  await ctx.transaction(async (tx) => {
    const known = await linkOfGoogle(tx, remote.id);
    if (!known) {
      if (!remote.isCancelled) await take(tx, reading, remote);
      return;
    }
    const event = await tx.repo(CalendarEvent).lockIfThere(known.eventId);
    const link = await lockGoogleLink(tx, known.eventId);
    // Deleted here, or not written there yet: what Google has is about to change.
    if (!event || !link?.agreed) return;
    await seeLink(tx, event.id, reading.integration.syncRound);
    if (remote.updatedAt && link.remoteUpdatedAt && remote.updatedAt <= link.remoteUpdatedAt) return;
    if (remote.isCancelled) {
      await deleteFromGoogle(tx, event);
      await updateLink(tx, event.id, { removedAt: tx.instant(), dueAt: buriedUntil(tx), agreed: null });
      return;
    }
    if (!remote.fields) return;
    const { timeZone } = reading;
    const fields = { ...link.agreed, ...tidied(remote.fields) };
    const merge = { event, agreed: link.agreed, fields, meeting: remote.meeting, timeZone };
    const after = await saveFromProvider(tx, 'google_calendar', event, draftOf(merge));
    const isOursNewer = Object.keys(changedFields(fieldsOf(after, timeZone), fields)).length > 0;
    await updateLink(tx, event.id, {
      agreed: fields,
      remoteUpdatedAt: remote.updatedAt,
      ...(isOursNewer && { dueAt: tx.instant() }),
    });
  });
}

async function deleteUnseen(ctx: Context, { integration }: Reading, since: Instant): Promise<void> {
  for (const id of await deletedSince(ctx, integration.syncRound, since)) {
    await ctx.transaction(async (tx) => {
      const event = await tx.repo(CalendarEvent).lockIfThere(id);
      if (!event) return;
      await deleteFromGoogle(tx, event);
      await updateLink(tx, id, { removedAt: tx.instant(), dueAt: buriedUntil(tx), agreed: null });
    });
  }
}

const SAVE = `
update integration set time_zone = $4, sync_token = $5, page_token = $6, sync_round = $7
where account_id = $1 and id = $2 and sync_round = $3`;

// Whoever has connected anew meanwhile begins anew.
async function save(
  ctx: Context,
  { id, syncRound, timeZone, syncToken, pageToken }: Integration,
  next: Partial<Integration>,
): Promise<void> {
  const known = { timeZone, syncToken, pageToken, syncRound, ...next };
  const values = [known.timeZone, known.syncToken, known.pageToken, known.syncRound];
  await ctx.query(SAVE, [ctx.account.id, id, syncRound, ...values]);
}

const later = (ctx: Context, milliseconds: number) => toInstant(new Date(ctx.now().getTime() + milliseconds));

async function readPage(ctx: Context, providers: Providers, integration: Integration): Promise<Instant> {
  const since = later(ctx, -PAST_MS);
  const { syncToken, pageToken, syncRound } = integration;
  const call = {
    credentials: googleCredentials(ctx, integration),
    signal: AbortSignal.timeout(providers.timeoutMs),
  };
  let page: ChangesPage;
  try {
    page = await providers.google_calendar.changes(call, { syncToken, pageToken, since });
  } catch (error) {
    if (!(error instanceof ProviderError) || error.reason !== 'gone') throw error;
    // The token is too old: the calendar is read as a whole.
    await save(ctx, integration, { syncToken: null, pageToken: null, syncRound: syncRound + 1 });
    return ctx.instant();
  }
  const reading = { integration, timeZone: page.timeZone };
  for (const remote of page.events) await applyChange(ctx, reading, remote);
  const { timeZone, nextPageToken, nextSyncToken } = page;
  if (nextPageToken) {
    await save(ctx, integration, { timeZone, pageToken: nextPageToken });
    return ctx.instant();
  }
  if (!syncToken) await deleteUnseen(ctx, reading, since);
  await save(ctx, integration, { timeZone, pageToken: null, syncToken: nextSyncToken });
  return later(ctx, POLL_MS);
}

/** Reads what has changed in connected Google calendars, a page of a few of them; answers how many. */
export function syncDueCalendars(providers: Providers, options: DueOptions): Promise<number> {
  return workDue({ table: 'integration', column: 'sync_at' }, options, async (ctx, id) => {
    const integration = await ctx.repo(Integration).find(id);
    if (!integration) return null;
    try {
      const next = await readPage(ctx, providers, integration);
      await noteSuccess(ctx, integration);
      return next;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      await noteFailure(ctx, integration, error);
      return later(ctx, Math.max(FAILED_MS, error.retryAfterMs));
    }
  });
}
