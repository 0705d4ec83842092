import { isDeepStrictEqual } from 'node:util';
import { DateTime } from 'luxon';
import { toInstant } from '../datetime';
import { isEmail } from '../field-kinds';
import type { RemoteEvent, RemoteFields } from '../integration/provider';
import type { Attendee } from './attendee';
import type { CalendarEvent } from './calendar-event.entity';

const TITLE_MAX = 255;
const DESCRIPTION_MAX = 500;
const NAME_MAX = 200;
const ATTENDEES_MAX = 50;
const UNTITLED = '(No title)';

type Span = RemoteFields['span'];
type Times = Pick<CalendarEvent, 'startsAt' | 'endsAt' | 'isAllDay'>;

// PostgreSQL stores no NUL and no unpaired surrogate.
const start = (text: string, max: number) =>
  Array.from(Buffer.from(text).toString().replaceAll('\u0000', '')).slice(0, max).join('');
const secondsOf = (instant: string) => `${instant.slice(0, 19)}Z`;

/**
 * The time of an event as a calendar has it. Days are those of the calendar's zone; times at midnight UTC, as callers
 * without a zone write them, are the days that they name.
 */
export function spanOf({ startsAt, endsAt, isAllDay }: Times, timeZone: string): Span {
  if (!isAllDay) return { start: secondsOf(startsAt), end: secondsOf(endsAt) };
  const zone = startsAt.endsWith('T00:00:00.000Z') ? 'utc' : timeZone;
  const first = DateTime.fromISO(startsAt, { zone }).startOf('day');
  const end = DateTime.fromISO(endsAt, { zone });
  const isMidnight = end.equals(end.startOf('day'));
  return { start: dayOf(first), end: dayOf(isMidnight ? end : end.startOf('day').plus({ days: 1 })) };
}

const dayOf = (day: DateTime) => day.toFormat('yyyy-MM-dd');

/** The time of a calendar's event as it is kept here: days begin and end at midnight in the calendar's zone. */
export function timesOf({ start: from, end }: Span, timeZone: string): Times {
  const isAllDay = !from.includes('T');
  const instantOf = (text: string) => toInstant(DateTime.fromISO(text, { zone: timeZone }).toJSDate());
  return { startsAt: instantOf(from), endsAt: instantOf(end), isAllDay };
}

function attendeesOf(attendees: readonly Attendee[]): RemoteFields['attendees'] {
  return attendees.map(({ email, displayName, responseStatus }) => ({
    email: email.toLowerCase(),
    displayName: displayName ?? null,
    responseStatus: responseStatus ?? 'needs_action',
  }));
}

/** An event of ours as a calendar is to have it. */
export function fieldsOf(event: CalendarEvent, timeZone: string): RemoteFields {
  const { title, description, attendees, conferencing, conferenceUrl } = event;
  return {
    ...{ title, description, span: spanOf(event, timeZone), attendees: attendeesOf(attendees) },
    hasMeet: conferencing === 'google_meet',
    ...(conferencing === 'zoom' && conferenceUrl && { location: conferenceUrl }),
  };
}

function endOf({ start: from, end }: Span): string {
  if (end > from) return end;
  const after = DateTime.fromISO(from, { zone: 'utc' });
  return from.includes('T')
    ? secondsOf(toInstant(after.plus({ minutes: 1 }).toJSDate()))
    : dayOf(after.plus({ days: 1 }));
}

/** What a calendar says, within the limits of our fields; an event takes a minute or a day at least. */
export function tidied({ title, description, span, attendees, ...rest }: RemoteFields): RemoteFields {
  const byEmail = new Map(
    attendees.filter(({ email }) => isEmail(email)).map((one) => [one.email.toLowerCase(), one]),
  );
  return {
    ...rest,
    title: start(title, TITLE_MAX) || UNTITLED,
    description: description ? start(description, DESCRIPTION_MAX) : null,
    span: { start: span.start, end: endOf(span) },
    attendees: [...byEmail].slice(0, ATTENDEES_MAX).map(([email, { displayName, responseStatus }]) => ({
      ...{ email, responseStatus },
      displayName: displayName && start(displayName, NAME_MAX),
    })),
  };
}

const isSame = (one: unknown, other: unknown) => isDeepStrictEqual(one ?? null, other ?? null);
const KEYS = ['title', 'description', 'span', 'attendees', 'hasMeet', 'location'] as const;

/** What of ours the other side does not have yet. */
export function changedFields(ours: RemoteFields, agreed: RemoteFields | null): Partial<RemoteFields> {
  const changed = KEYS.filter((key) => !isSame(ours[key], agreed?.[key]));
  return Object.fromEntries(changed.map((key) => [key, ours[key] ?? null]));
}

/** Both sides, and what they had agreed on before. */
export interface Merge {
  event: CalendarEvent;
  agreed: RemoteFields | null;
  fields: RemoteFields;
  meeting: RemoteEvent['meeting'];
  timeZone: string;
}

/** What the other side has changed, for our event; what has changed here and is not there yet stays. */
export function draftOf({ event, agreed, fields, meeting, timeZone }: Merge): Partial<CalendarEvent> {
  const ours = fieldsOf(event, timeZone);
  const isTheirs = (key: (typeof KEYS)[number]) =>
    !isSame(fields[key], agreed?.[key]) && isSame(ours[key], agreed?.[key]);
  const draft: Partial<CalendarEvent> = {
    ...(isTheirs('title') && { title: fields.title }),
    ...(isTheirs('description') && { description: fields.description }),
    ...(isTheirs('span') && timesOf(fields.span, timeZone)),
    ...(isTheirs('attendees') && { attendees: fields.attendees }),
  };
  const { conferencing } = event;
  // One that was never there cannot have been taken away.
  const isMeetChanged = fields.hasMeet || event.conferenceUrl !== null;
  if (isTheirs('hasMeet') && isMeetChanged && conferencing !== 'zoom') {
    draft.conferencing = fields.hasMeet ? 'google_meet' : 'none';
  }
  if ((draft.isAllDay ?? event.isAllDay) && conferencing !== 'none') draft.conferencing = 'none';
  return { ...draft, ...conferenceDraft(draft.conferencing ?? conferencing, event, meeting) };
}

function conferenceDraft(
  conferencing: CalendarEvent['conferencing'],
  event: CalendarEvent,
  { state, url, id }: RemoteEvent['meeting'],
): Partial<CalendarEvent> {
  if (conferencing === 'none' && event.conferencing !== 'none') {
    return { conferenceUrl: null, conferenceId: null, conferenceWarning: null };
  }
  if (conferencing !== 'google_meet') return {};
  if (state === 'ready') return { conferenceUrl: url, conferenceId: id, conferenceWarning: null };
  return event.conferenceUrl ? {} : { conferenceWarning: 'google_unavailable' };
}
