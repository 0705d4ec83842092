import { calendarEvents } from '../../../src/domain/calendar-event/calendar-event.service';
import { leads } from '../../../src/domain/lead/lead.service';
import { eventsOf } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { CalendarClient, CLIENT, essence, MEETING, WITH_CLIENT } from './calendar-client';

let client: CalendarClient;

beforeEach(async () => {
  client = await CalendarClient.open();
});

test('an event of the needed fields alone', async () => {
  const answer = await client.create(MEETING);
  expect(essence(answer)).toEqual({ status: 201, body: { success: true, data: client.expected({}) } });
  expect(await eventsOf(client.account, 'calendar_event')).toMatchObject([
    { name: 'calendar_event.created', subjectId: answer.body.data.id, payload: { title: 'Team Meeting' } },
  ]);
});

test('an event of all fields; Zoom is not connected', async () => {
  const answer = await client.create(WITH_CLIENT);
  const data = client.expected({
    ...WITH_CLIENT,
    ...{ start_time: '2025-12-15T14:30:00.000Z', end_time: '2025-12-15T16:00:00.000Z' },
    attendees: [{ ...CLIENT, response_status: 'needsAction' }],
  });
  expect(essence(answer)).toEqual({
    status: 201,
    body: { success: true, data, warnings: ['zoom_not_connected'] },
  });
  expect(essence(await client.get(answer.body.data.id))).toEqual({
    status: 200,
    body: { success: true, data },
  });
});

test('an event with a Google Meet; Google is not connected', async () => {
  const answer = await client.create({ ...MEETING, google_meet_enabled: true });
  const data = client.expected({ google_meet_enabled: true });
  expect(essence(answer)).toEqual({
    status: 201,
    body: { success: true, data, warnings: ['google_not_connected'] },
  });
});

test.each<[string, object, object]>([
  ['a whole day', { all_day: true }, { all_day: true }],
  ['flags that are off', { all_day: false, google_meet_enabled: false, zoom_enabled: false }, {}],
  ['nulls', { description: null, caller_phone: null, caller_name: null }, {}],
  [
    'texts of the greatest length',
    { title: 'x'.repeat(255), description: 'y'.repeat(500), caller_name: 'z'.repeat(200) },
    { title: 'x'.repeat(255), description: 'y'.repeat(500), caller_name: 'z'.repeat(200) },
  ],
  ['a title of one character', { title: 'x' }, { title: 'x' }],
  [
    'what is not documented, or only answered, is left out',
    {
      ...{ id: UNKNOWN_IDS.uuid, account_id: 7, source: 'google', created_at: '2020-01-01', more: {} },
      ...{ meet_link: 'x', zoom_meeting_id: 7, zoom_join_url: 'x', conferencing: 'zoom', startsAt: 'x' },
    },
    {},
  ],
])('%s', async (_, fields, expected) => {
  const answer = await client.create({ ...MEETING, ...fields });
  const data = client.expected(expected);
  expect(essence(answer)).toEqual({ status: 201, body: { success: true, data } });
});

test.each([
  ['2025-12-15T14:30:00', '2025-12-15T14:30:00.000Z'],
  ['2025-12-15T14:30:00Z', '2025-12-15T14:30:00.000Z'],
  ['2025-12-15T14:30:00.000Z', '2025-12-15T14:30:00.000Z'],
  ['2025-12-15T14:30:00+05:30', '2025-12-15T09:00:00.000Z'],
  ['2025-12-15 14:30:00', '2025-12-15T14:30:00.000Z'],
  ['2025-12-15', '2025-12-15T00:00:00.000Z'],
  ['Mon, 15 Dec 2025 14:30:00 GMT', '2025-12-15T14:30:00.000Z'],
])('a start of %s is %s', async (written, instant) => {
  const { data } = (await client.create({ ...MEETING, start_time: written })).body;
  expect(data).toEqual(client.expected({ start_time: instant }));
  const changed = await client.update(data.id, { end_time: written.replaceAll('15', '16') });
  expect(changed.body.data.end_time).toBe(instant.replace('-15', '-16'));
});

test('guests stand once per address, the first entry counts, and answers are in the vendor’s words', async () => {
  const attendees = [
    { email: 'a@example.com', display_name: 'A', response_status: 'accepted' },
    { email: 'b@example.com', response_status: 'declined', more: 1 },
    { email: 'A@Example.com', display_name: 'Another A' },
    { email: 'c@example.com', display_name: null, response_status: 'tentative' },
    { email: 'd@example.com', response_status: 'needsAction' },
  ];
  const { data } = (await client.create({ ...MEETING, attendees })).body;
  expect(data.attendees).toEqual([
    { email: 'a@example.com', display_name: 'A', response_status: 'accepted' },
    { email: 'b@example.com', display_name: null, response_status: 'declined' },
    { email: 'c@example.com', display_name: null, response_status: 'tentative' },
    { email: 'd@example.com', display_name: null, response_status: 'needsAction' },
  ]);
});

test('fifty guests', async () => {
  const attendees = Array.from({ length: 50 }, (_, at) => ({ email: `g${at}@example.com` }));
  const { data } = (await client.create({ ...MEETING, attendees })).body;
  expect((data.attendees as { email: string }[]).map(({ email }) => ({ email }))).toEqual(attendees);
});

test('the number of the caller links the event to the lead', async () => {
  const { id } = await leads.create(client.ctx, { name: 'Jane Doe', phone: '+15551234567' });
  const event = await client.created(WITH_CLIENT);
  expect(await calendarEvents.get(client.ctx, event.id)).toMatchObject({
    ...{ leadId: id, callerPhone: '+15551234567', conferencing: 'zoom' },
    ...{ startsAt: '2025-12-15T14:30:00.000Z', isAllDay: false },
  });
});
