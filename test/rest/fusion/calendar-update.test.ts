import { eventNamesOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { CalendarClient, CLIENT, essence, MEETING, WITH_CLIENT } from './calendar-client';
import { refusal } from './leads-client';

let client: CalendarClient;

beforeEach(async () => {
  client = await CalendarClient.open();
});

const FULL = {
  ...{ ...MEETING, description: 'Weekly team sync', attendees: [CLIENT] },
  ...{ caller_phone: '+15551234567', caller_name: 'Jane Doe' },
};
const GUEST = { ...CLIENT, response_status: 'needsAction' };

test.each<[string, object, object]>([
  ['the title', { title: 'Updated Meeting Title' }, { title: 'Updated Meeting Title' }],
  ['the description', { description: 'Updated description' }, { description: 'Updated description' }],
  ['the description to nothing', { description: null }, { description: null }],
  ['the start', { start_time: '2025-12-15 15:00:00' }, { start_time: '2025-12-15T15:00:00.000Z' }],
  ['the end', { end_time: '2025-12-15T17:00:00' }, { end_time: '2025-12-15T17:00:00.000Z' }],
  [
    'both to a later day',
    { start_time: '2025-12-16T14:30:00', end_time: '2025-12-16T16:00:00' },
    { start_time: '2025-12-16T14:30:00.000Z', end_time: '2025-12-16T16:00:00.000Z' },
  ],
  ['to a whole day', { all_day: true }, { all_day: true }],
  [
    'the guests, all of them',
    { attendees: [{ email: 'team@example.com' }, { email: 'team@example.com' }] },
    { attendees: [{ email: 'team@example.com', display_name: null, response_status: 'needsAction' }] },
  ],
  [
    'a guest, of whom nothing is kept',
    { attendees: [{ email: CLIENT.email, response_status: 'accepted' }] },
    { attendees: [{ email: CLIENT.email, display_name: null, response_status: 'accepted' }] },
  ],
  ['the guests to none', { attendees: [] }, { attendees: [] }],
  ['the number of the caller', { caller_phone: '+442079460958' }, { caller_phone: '+442079460958' }],
  ['the name of the caller', { caller_name: 'Max Poe' }, { caller_name: 'Max Poe' }],
  [
    'the caller to nobody',
    { caller_phone: null, caller_name: null },
    { caller_phone: null, caller_name: null },
  ],
  ['what is documented, and not the rest', { title: 'X', id: 'x', source: 'google' }, { title: 'X' }],
])('%s', async (_, changes, expected) => {
  const before = await client.created(FULL);
  client.account.clock.advance(1000);
  const data = { ...before, attendees: [GUEST], ...expected, updated_at: client.ctx.instant() };
  const answer = await client.update(before.id, changes);
  expect(essence(answer)).toEqual({ status: 200, body: { success: true, data } });
  expect(essence(await client.get(before.id))).toEqual({ status: 200, body: { success: true, data } });
  expect(await eventNamesOf(client.account, 'calendar_event')).toEqual([
    'calendar_event.created',
    'calendar_event.updated',
  ]);
});

test.each([
  ['nothing', {}],
  ['nothing that is documented', { status: 'x', meet_link: 'x', id: UNKNOWN_IDS.uuid, conferencing: 'zoom' }],
  ['nothing that differs', { title: 'Team Meeting', zoom_enabled: false, start_time: '2025-12-15 14:30' }],
])('of %s leaves the event as it is', async (_, changes) => {
  const data = await client.created(FULL);
  client.account.clock.advance(1000);
  const answer = await withoutChange(client.account, () => client.update(data.id, changes));
  expect(essence(answer)).toEqual({ status: 200, body: { success: true, data } });
});

test.each([
  ['the start to the end', { start_time: '2025-12-15T16:00:00' }],
  ['the start beyond the end', { start_time: '2025-12-16T00:00:00' }],
  ['the end to the start', { end_time: '2025-12-15T14:30:00Z' }],
  ['the end before the start', { end_time: '2025-12-15T15:00:00+05:30' }],
])('of %s is refused', async (_, changes) => {
  const { id } = await client.created(FULL);
  const answer = await withoutChange(client.account, () => client.update(id, changes));
  const message = 'End time must be after start time';
  expect(essence(answer)).toEqual(refusal(400, message, { end_time: [message] }));
});

test('of all documented fields, from Google Meet to Zoom', async () => {
  const before = await client.created({ ...MEETING, google_meet_enabled: true });
  client.account.clock.advance(1000);
  const changes = {
    ...WITH_CLIENT,
    ...{ title: 'Updated Meeting Title', description: 'Updated description' },
    ...{ start_time: '2025-12-15T15:00:00', end_time: '2025-12-15T17:00:00' },
  };
  const data = {
    ...{ ...before, ...changes, attendees: [GUEST], updated_at: client.ctx.instant() },
    ...{ start_time: '2025-12-15T15:00:00.000Z', end_time: '2025-12-15T17:00:00.000Z' },
  };
  expect(essence(await client.update(before.id, changes))).toEqual({
    status: 200,
    body: { success: true, data, warnings: ['zoom_not_connected'] },
  });
});
