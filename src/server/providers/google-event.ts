import { z } from 'zod';
import { parseInstant } from '../../domain/datetime';
import type {
  RemoteAttendee,
  RemoteEvent,
  RemoteFields,
  RemoteWrite,
} from '../../domain/integration/provider';

const time = z.object({ date: z.string().optional(), dateTime: z.string().optional() });

/** An event as Google shows it (https://developers.google.com/workspace/calendar/api/v3/reference/events). */
export const googleEvent = z.object({
  id: z.string(),
  status: z.string().optional(),
  updated: z.string().optional(),
  eventType: z.string().optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  start: time.optional(),
  end: time.optional(),
  attendees: z
    .array(
      z.object({
        email: z.string().optional(),
        displayName: z.string().optional(),
        responseStatus: z.string().optional(),
      }),
    )
    .optional(),
  hangoutLink: z.string().optional(),
  conferenceData: z
    .object({
      conferenceId: z.string().optional(),
      conferenceSolution: z.object({ key: z.object({ type: z.string() }) }).optional(),
      entryPoints: z.array(z.object({ entryPointType: z.string(), uri: z.string() })).optional(),
      createRequest: z.object({ status: z.object({ statusCode: z.string() }).optional() }).optional(),
    })
    .optional(),
  extendedProperties: z.object({ private: z.record(z.string(), z.string()).optional() }).optional(),
});
/** An event as Google shows it. */
export type GoogleEvent = z.infer<typeof googleEvent>;

const MEET = 'hangoutsMeet';
/** The private property by which an event of ours is known as such. */
const MARK = 'switchboardEvent';

const RESPONSES = {
  needs_action: 'needsAction',
  accepted: 'accepted',
  declined: 'declined',
  tentative: 'tentative',
};
const RESPONSE_BY_WORD = new Map(
  Object.entries(RESPONSES).map(([ours, word]) => [word, ours as RemoteAttendee['responseStatus']]),
);

function meetingOf({ hangoutLink, conferenceData }: GoogleEvent): RemoteEvent['meeting'] {
  const { conferenceId = null, conferenceSolution, entryPoints, createRequest } = conferenceData ?? {};
  const isMeet = conferenceSolution ? conferenceSolution.key.type === MEET : hangoutLink !== undefined;
  const video = entryPoints?.find(({ entryPointType }) => entryPointType === 'video')?.uri;
  const url = isMeet ? (hangoutLink ?? video ?? null) : null;
  if (url) return { state: 'ready', url, id: conferenceId };
  const status = createRequest?.status?.statusCode;
  const state = status === 'pending' ? 'pending' : status === 'failure' ? 'failed' : 'none';
  return { state, url: null, id: null };
}

const whenOf = ({ date, dateTime }: z.infer<typeof time>): string | undefined => {
  const instant = dateTime === undefined ? undefined : parseInstant(dateTime);
  return instant ? `${instant.slice(0, 19)}Z` : date;
};

function fieldsOf(event: GoogleEvent, { state }: RemoteEvent['meeting']): RemoteFields | null {
  const [start, end] = [whenOf(event.start ?? {}), whenOf(event.end ?? {})];
  if (!start || !end) return null;
  return {
    title: event.summary ?? '',
    description: event.description ?? null,
    span: { start, end },
    attendees: (event.attendees ?? []).map(({ email = '', displayName = null, responseStatus = '' }) => ({
      ...{ email, displayName },
      responseStatus: RESPONSE_BY_WORD.get(responseStatus) ?? 'needs_action',
    })),
    hasMeet: state === 'ready' || state === 'pending',
  };
}

/** What Google shows of an event, in our words. */
export function fromGoogle(event: GoogleEvent): RemoteEvent {
  const meeting = meetingOf(event);
  return {
    ...{ id: event.id, meeting, fields: fieldsOf(event, meeting) },
    isCancelled: event.status === 'cancelled',
    updatedAt: (event.updated && parseInstant(event.updated)) || null,
    eventId: event.extendedProperties?.private?.[MARK] ?? null,
  };
}

const timeOf = (text: string) => (text.includes('T') ? { dateTime: text } : { date: text });
// A change keeps what it does not name, so the other form is taken away.
const changedTimeOf = (text: string) => ({ date: null, dateTime: null, ...timeOf(text) });

function attendeesOf(attendees: RemoteAttendee[]): object[] {
  return attendees.map(({ email, displayName, responseStatus }) => ({
    ...{ email, responseStatus: RESPONSES[responseStatus] },
    ...(displayName && { displayName }),
  }));
}

function writtenOf({ fields, meetRequestId }: RemoteWrite, when: (text: string) => object): object {
  const { title, span, attendees, hasMeet } = fields;
  const createRequest = { requestId: meetRequestId, conferenceSolutionKey: { type: MEET } };
  return {
    ...(title !== undefined && { summary: title }),
    ...(span && { start: when(span.start), end: when(span.end) }),
    ...(attendees && { attendees: attendeesOf(attendees) }),
    ...(hasMeet && { conferenceData: { createRequest } }),
  };
}

/** The body that makes an event. */
export function insertBody(id: string, eventId: string, write: RemoteWrite): object {
  const { description, location } = write.fields;
  return {
    ...{ id, ...writtenOf(write, timeOf), extendedProperties: { private: { [MARK]: eventId } } },
    ...(description && { description }),
    ...(location && { location }),
  };
}

/** The body that changes an event; null takes away. */
export function patchBody(write: RemoteWrite): object {
  const { description, location, hasMeet } = write.fields;
  return {
    ...writtenOf(write, changedTimeOf),
    ...(description !== undefined && { description }),
    ...(location !== undefined && { location }),
    ...(hasMeet === false && { conferenceData: null }),
  };
}
