import { isDeepStrictEqual } from 'node:util';
import { zoomCredentials } from '../integration/credentials';
import {
  isAbsence,
  type Meeting,
  type MeetingPlan,
  type Meetings,
  type ProviderCall,
  ProviderError,
  type ZoomCredentials,
} from '../integration/provider';
import type { CalendarEvent } from './calendar-event.entity';
import { markUnsure } from './calendar-link-queue';
import type { LinkResult, Visit } from './link-result';

type Call = ProviderCall<ZoomCredentials>;

const planOf = ({ title, description, startsAt, endsAt, attendees }: CalendarEvent): MeetingPlan => ({
  ...{ title, description, startsAt, endsAt },
  emails: attendees.map(({ email }) => email.toLowerCase()),
});

async function removeAll(zoom: Meetings, call: Call, ids: string[]): Promise<void> {
  for (const id of ids) {
    await zoom.remove(call, id).catch((error) => {
      if (!isAbsence(error)) throw error;
    });
  }
}

/** The one meeting that an earlier try has made without its answer coming; should there be more, they go. */
async function found(zoom: Meetings, call: Call, eventId: string): Promise<Meeting | undefined> {
  const [first, ...more] = await zoom.find(call, eventId);
  await removeAll(
    zoom,
    call,
    more.map(({ id }) => id),
  );
  return first;
}

async function made({ ctx, link }: Visit, zoom: Meetings, call: Call, plan: MeetingPlan): Promise<Meeting> {
  const earlier = link.isUnsure ? await found(zoom, call, link.eventId) : undefined;
  if (earlier) {
    await zoom.update(call, earlier.id, link.eventId, plan);
    return earlier;
  }
  await markUnsure(ctx, link, true);
  return zoom.create(call, link.eventId, plan).catch(async (error) => {
    const isKnown = error instanceof ProviderError && error.reason !== 'unavailable';
    if (isKnown) await markUnsure(ctx, link, false);
    throw error;
  });
}

/** Whether the meeting that the link knows has what is planned by now; false when it is gone. */
async function isUpdated({ link, event }: Visit, zoom: Meetings, call: Call, plan: MeetingPlan) {
  if (!link.externalId) return false;
  if (!event?.conferenceUrl) {
    // Zoom was switched off and on again before it could be seen to: the old meeting goes.
    await removeAll(zoom, call, [link.externalId]);
    return false;
  }
  if (isDeepStrictEqual(plan, link.agreed)) return true;
  try {
    await zoom.update(call, link.externalId, link.eventId, plan);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/** Makes, changes or deletes the Zoom meeting of an event; never makes a second one. Throws {@link ProviderError}. */
export async function visitZoom(visit: Visit, zoom: Meetings): Promise<LinkResult> {
  const { ctx, link, event, integration, signal } = visit;
  const call = { credentials: zoomCredentials(ctx, integration), signal };
  if (event?.conferencing !== 'zoom') {
    const known = link.externalId ? [link.externalId] : [];
    const others = link.isUnsure ? await zoom.find(call, link.eventId) : [];
    await removeAll(zoom, call, [...known, ...others.map(({ id }) => id)]);
    return { kind: 'dropped' };
  }
  const agreed = planOf(event);
  const meeting = (await isUpdated(visit, zoom, call, agreed))
    ? undefined
    : await made(visit, zoom, call, agreed);
  const columns = { agreed, ...(meeting && { externalId: meeting.id, isUnsure: false }) };
  const conference = {
    ...(meeting && { conferenceUrl: meeting.url, conferenceId: meeting.id }),
    conferenceWarning: null,
  };
  // It may have been switched off meanwhile.
  const draft = ({ conferencing }: CalendarEvent) => (conferencing === 'zoom' ? conference : {});
  return { kind: 'kept', columns, draft, nextAt: null };
}
