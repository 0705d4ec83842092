import { toInstant } from '../datetime';
import { googleCredentials } from '../integration/credentials';
import {
  type Calendars,
  type GoogleCredentials,
  isAbsence,
  type ProviderCall,
  ProviderError,
  type RemoteEvent,
  type RemoteFields,
} from '../integration/provider';
import type { CalendarEvent } from './calendar-event.entity';
import { googleIdOf } from './calendar-link';
import { changedFields, draftOf, fieldsOf, tidied } from './google-merge.rules';
import type { LinkResult, Visit } from './link-result';

/** How soon to look again at a Google Meet that is still being made. */
const PENDING_MS = 5_000;

interface Exchange extends Visit {
  event: CalendarEvent;
  calendars: Calendars;
  call: ProviderCall<GoogleCredentials>;
  id: string;
  timeZone: string;
  /** Names the wish for this Google Meet and no earlier one of the event. */
  meetRequestId: string;
}

/** What Google has after an exchange, and what it was sent. */
interface Exchanged {
  /** Undefined when there was nothing to say. */
  remote: RemoteEvent | undefined;
  /** What both agreed on before. */
  before: RemoteFields | null;
  sent: Partial<RemoteFields>;
}

const NO_MEETING: RemoteEvent['meeting'] = { state: 'none', url: null, id: null };

async function insert({ calendars, call, id, event, meetRequestId }: Exchange, fields: RemoteFields) {
  try {
    const remote = await calendars.insert(call, id, event.id, { fields, meetRequestId });
    return { remote, before: fields, sent: fields };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.reason !== 'exists') throw error;
    // An earlier try has made it, or an earlier connection of the same calendar.
    const remote = await calendars.get(call, id);
    return { remote, before: remote.fields && tidied(remote.fields), sent: {} };
  }
}

/** Sends what Google does not have yet. One that was deleted there cannot be changed: Google refuses it. */
async function patch({ calendars, call, id, meetRequestId }: Exchange, fields: Partial<RemoteFields>) {
  try {
    return await calendars.patch(call, id, { fields, meetRequestId });
  } catch (error) {
    if (!(error instanceof ProviderError) || !['refused', 'missing', 'gone'].includes(error.reason))
      throw error;
    const remote = await calendars.get(call, id).catch((absence) => {
      if (!isAbsence(absence)) throw absence;
    });
    if (remote?.isCancelled === false) throw error;
    return (
      remote ?? { id, isCancelled: true, updatedAt: null, eventId: null, fields: null, meeting: NO_MEETING }
    );
  }
}

async function exchange(visit: Exchange): Promise<Exchanged> {
  const { calendars, call, id, event, link, timeZone } = visit;
  const ours = fieldsOf(event, timeZone);
  const known: Exchanged = link.agreed
    ? { remote: undefined, before: link.agreed as RemoteFields, sent: {} }
    : await insert(visit, ours);
  if (known.remote?.isCancelled) return known;
  const fields = changedFields(ours, known.before);
  if (Object.keys(fields).length > 0) {
    return { ...known, remote: await patch(visit, fields), sent: { ...known.sent, ...fields } };
  }
  const isWaiting = ours.hasMeet && !event.conferenceUrl && !known.remote;
  return isWaiting ? { ...known, remote: await calendars.get(call, id) } : known;
}

function kept({ ctx, event, link, timeZone }: Exchange, { remote, before, sent }: Exchanged): LinkResult {
  if (!remote) return { kind: 'kept', columns: {}, draft: () => ({}), nextAt: null };
  const { meeting } = remote;
  const fields = { ...before, ...(remote.fields && tidied(remote.fields)), ...sent } as RemoteFields;
  const agreed = { ...before, ...sent } as RemoteFields;
  const isMissing = event.conferencing === 'google_meet' && !event.conferenceUrl && meeting.state !== 'ready';
  const isRefused = isMissing && meeting.state !== 'pending';
  const isRoundOver = sent.hasMeet === false || isRefused;
  // A Meet that does not come is asked for ever more rarely.
  const waitMs = PENDING_MS * 2 ** Math.min(link.attempts, 10);
  return {
    kind: 'kept',
    columns: {
      agreed: fields,
      remoteUpdatedAt: remote.updatedAt,
      meetRound: link.meetRound + (isRoundOver ? 1 : 0),
      attempts: isMissing ? link.attempts + 1 : 0,
    },
    draft: (current) => draftOf({ event: current, agreed, fields, meeting, timeZone }),
    nextAt: isMissing ? toInstant(new Date(ctx.now().getTime() + waitMs)) : null,
  };
}

/** Keeps an event in Google Calendar, with its Google Meet, or deletes it there. Throws {@link ProviderError}. */
export async function visitGoogle(visit: Visit, calendars: Calendars): Promise<LinkResult> {
  const { ctx, link, event, integration, signal } = visit;
  if (link.removedAt) return { kind: 'dropped' };
  const call = { credentials: googleCredentials(ctx, integration), signal };
  const id = link.externalId ?? googleIdOf(link.eventId);
  if (!event) {
    await calendars.remove(call, id).catch((error) => {
      if (!isAbsence(error)) throw error;
    });
    return { kind: 'buried' };
  }
  const timeZone = integration.timeZone ?? 'UTC';
  const meetRequestId = `${id}-${link.meetRound}`;
  const full: Exchange = { ...visit, event, calendars, call, id, timeZone, meetRequestId };
  const exchanged = await exchange(full);
  return exchanged.remote?.isCancelled ? { kind: 'cancelled' } : kept(full, exchanged);
}
