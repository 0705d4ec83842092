import { z } from 'zod';
import { type CalendarEvent, conferenceWarning } from '../../../domain/calendar-event/calendar-event.entity';
import { calendarEvents } from '../../../domain/calendar-event/calendar-event.service';
import {
  type ConferenceSwitches,
  switchConferencing,
} from '../../../domain/calendar-event/conferencing.rules';
import type { RateLimit } from '../../../domain/rate-limit';
import { pathId } from '../../codecs';
import { type Reply, type Route, route } from '../../dialect';
import { datetime } from './codecs';
import { until } from './event.codecs';
import { event } from './event.fields';

const PATH = '/api/calendar/external/v1/events';
const RATE_LIMIT: RateLimit = { bucket: 'calendar', limit: 12, windowSeconds: 60 };
const NO_BODY = 'Request body must be a JSON object';

const asSwitches = ({ google_meet, zoom, ...input }: Record<string, unknown>) => ({
  input,
  switches: { google_meet, zoom } as ConferenceSwitches,
});
const creation = event.creation(NO_BODY).transform(asSwitches);
const change = event.change(NO_BODY).transform(asSwitches);

const params = z.object({ id: pathId.describe('The event.') });
const listQuery = z.object({
  from: datetime.optional().describe('Only events that start at or after this time.'),
  to: until.optional().describe('Only events that start at or before this time; a date is the whole day.'),
});

const eventOutput = event.output();
const succeeded = z.object({ success: z.literal(true) });
const listAnswer = succeeded.extend({ data: z.array(eventOutput) });
const foundAnswer = succeeded.extend({ data: eventOutput });
const savedAnswer = foundAnswer.extend({
  warnings: z
    .array(z.enum(conferenceWarning.values))
    .optional()
    .describe('Why there is no link to the meeting.'),
});
const deletedAnswer = succeeded.extend({ message: z.string() });

// What the domain reports of the conferencing is about all-day events; see the two switches for the rest.
const wireNames = new Map([...event.wireNames, ['conferencing', 'all_day']]);

function saved(status: number, row: CalendarEvent): Reply {
  const warnings = row.conferenceWarning && { warnings: [row.conferenceWarning] };
  return { status, body: { success: true, data: event.format(row), ...warnings } };
}

const routes: Route[] = [
  route({
    operation: 'calendar-list',
    method: 'GET',
    path: PATH,
    summary: 'List calendar events',
    query: listQuery,
    answer: listAnswer,
    run: (ctx, { query }) => calendarEvents.between(ctx, query),
    reply: (rows) => ({
      status: 200,
      body: { success: true, data: rows.map((row) => event.format(row)) },
    }),
  }),
  route({
    operation: 'calendar-create',
    method: 'POST',
    path: PATH,
    summary: 'Create an event',
    body: creation,
    answer: savedAnswer,
    wireNames,
    run: async (ctx, { body: { input, switches } }) =>
      calendarEvents.create(ctx, { ...input, conferencing: switchConferencing('none', switches) }),
    reply: (row) => saved(201, row),
  }),
  route({
    operation: 'calendar-get',
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Get a single event',
    params,
    answer: foundAnswer,
    run: (ctx, { params: { id } }) => calendarEvents.get(ctx, id),
    reply: (row) => ({ status: 200, body: { success: true, data: event.format(row) } }),
  }),
  route({
    operation: 'calendar-update',
    method: 'PATCH',
    path: `${PATH}/{id}`,
    summary: 'Update an event',
    params,
    body: change,
    answer: savedAnswer,
    wireNames,
    run: (ctx, { params: { id }, body: { input, switches } }) =>
      calendarEvents.updateSwitched(ctx, id, input, switches),
    reply: (row) => saved(200, row),
  }),
  route({
    operation: 'calendar-delete',
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Delete an event',
    params,
    answer: deletedAnswer,
    run: (ctx, { params: { id } }) => calendarEvents.delete(ctx, id),
    reply: () => ({ status: 200, body: { success: true, message: 'Event deleted successfully' } }),
  }),
];

/** The Calendar half of the vendor's API. */
export const eventRoutes: Route[] = routes.map((one) => ({ ...one, rateLimit: RATE_LIMIT }));
