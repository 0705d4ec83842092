import { z } from 'zod';
import type { CalendarEvent } from '../../../domain/calendar-event/calendar-event.entity';
import { text, wordFor } from '../../codecs';
import { fieldMap } from '../../field-map';
import { datetimeOr } from './codecs';
import { attendees, callerPhone, flag, RESPONSE_WORDS } from './event.codecs';

const BAD_TITLE = 'Title must be between 1 and 255 characters';
const BAD_DESCRIPTION = 'Description must be at most 500 characters';
const BAD_CALLER_NAME = 'Caller name must be at most 200 characters';
const responseWord = wordFor(RESPONSE_WORDS);

const attendeeOutput = z.object({
  email: z.string(),
  display_name: z.string().nullable(),
  response_status: z.enum(Object.keys(RESPONSE_WORDS)),
});

function formatAttendees({ attendees: invited }: CalendarEvent): z.infer<typeof attendeeOutput>[] {
  return invited.map(({ email, displayName, responseStatus }) => ({
    email,
    display_name: displayName ?? null,
    response_status: responseWord(responseStatus ?? 'needs_action'),
  }));
}

/** A calendar event in the vendor's words; `google_meet` and `zoom` are switches of its conferencing. */
export const event = fieldMap<CalendarEvent>()({
  id: { about: 'Identifier.', key: 'id', output: z.uuid() },
  title: {
    about: 'Title (1-255 characters).',
    key: 'title',
    parse: text({ min: 1, max: 255, missing: 'Title is required', wrong: BAD_TITLE }),
    isRequired: true,
    output: z.string(),
  },
  description: {
    about: 'Description (at most 500 characters); null clears it.',
    key: 'description',
    parse: text({ max: 500, missing: BAD_DESCRIPTION, wrong: BAD_DESCRIPTION }).nullable(),
    output: z.string().nullable(),
  },
  start_time: {
    about: 'When it starts.',
    key: 'startsAt',
    parse: datetimeOr('Start time is required'),
    isRequired: true,
    output: z.iso.datetime(),
  },
  end_time: {
    about: 'When it ends, after start_time.',
    key: 'endsAt',
    parse: datetimeOr('End time is required'),
    isRequired: true,
    output: z.iso.datetime(),
  },
  all_day: {
    about: 'Whether it takes whole days; then nobody meets online.',
    key: 'isAllDay',
    parse: flag,
    output: z.boolean(),
  },
  google_meet_enabled: {
    about: 'Whether its people meet by Google Meet; not with zoom_enabled.',
    key: 'google_meet',
    parse: flag,
    format: ({ conferencing }) => conferencing === 'google_meet',
    output: z.boolean(),
  },
  meet_link: {
    about: 'Address of the Google Meet.',
    format: ({ conferencing, conferenceUrl }) => (conferencing === 'google_meet' ? conferenceUrl : null),
    output: z.string().nullable(),
  },
  zoom_enabled: {
    about: 'Whether its people meet by Zoom; not with google_meet_enabled.',
    key: 'zoom',
    parse: flag,
    format: ({ conferencing }) => conferencing === 'zoom',
    output: z.boolean(),
  },
  zoom_meeting_id: {
    about: 'Identifier of the Zoom meeting.',
    format: ({ conferencing, conferenceId }) =>
      conferencing === 'zoom' && conferenceId !== null ? Number(conferenceId) : null,
    output: z.int().nullable(),
  },
  zoom_join_url: {
    about: 'Address of the Zoom meeting.',
    format: ({ conferencing, conferenceUrl }) => (conferencing === 'zoom' ? conferenceUrl : null),
    output: z.string().nullable(),
  },
  attendees: {
    about: 'Who is invited, at most 50; one entry per e-mail address counts. A change replaces the list.',
    key: 'attendees',
    parse: attendees,
    format: formatAttendees,
    output: z.array(attendeeOutput),
  },
  caller_phone: {
    about: 'Number of the caller it was booked for, as E.164; links it to the lead and call of that number.',
    key: 'callerPhone',
    parse: callerPhone,
    output: z.string().nullable(),
  },
  caller_name: {
    about: 'Name of that caller.',
    key: 'callerName',
    parse: text({ max: 200, missing: BAD_CALLER_NAME, wrong: BAD_CALLER_NAME }).nullable(),
    output: z.string().nullable(),
  },
  source: { about: 'Where it was made.', key: 'source', output: z.enum(['local', 'google']) },
  created_at: { about: 'When it was made.', key: 'createdAt', output: z.iso.datetime() },
  updated_at: { about: 'When it was last changed.', key: 'updatedAt', output: z.iso.datetime() },
});
