import { eventNamesOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { CalendarClient, essence, MEETING, WITH_CLIENT } from './calendar-client';
import { refusal } from './leads-client';

let client: CalendarClient;

const NOT_FOUND = refusal(404, 'Event not found');

beforeEach(async () => {
  client = await CalendarClient.open();
});

test('says so, and the event is gone', async () => {
  const { id } = await client.created(MEETING);
  const answer = await client.delete(id);
  expect(essence(answer)).toEqual({
    status: 200,
    body: { success: true, message: 'Event deleted successfully' },
  });
  await withoutChange(client.account, async () => {
    expect(essence(await client.get(id))).toEqual(NOT_FOUND);
    expect(essence(await client.update(id, { title: 'X' }))).toEqual(NOT_FOUND);
    expect(essence(await client.delete(id))).toEqual(NOT_FOUND);
  });
  expect((await client.list()).body.data).toEqual([]);
  expect(await eventNamesOf(client.account, 'calendar_event')).toEqual([
    'calendar_event.created',
    'calendar_event.deleted',
  ]);
});

test.each([[UNKNOWN_IDS.uuid], ['7'], ['not-a-uuid'], ['550e8400'], ['%00'], ['%zz'], ['..%2f..']])(
  'there is no event %s',
  async (id) => {
    await withoutChange(client.account, async () => {
      expect(essence(await client.get(id))).toEqual(NOT_FOUND);
      expect(essence(await client.update(id, { title: 'X', zoom_enabled: true }))).toEqual(NOT_FOUND);
      expect(essence(await client.delete(id))).toEqual(NOT_FOUND);
    });
  },
);

test('an event of another account is no event', async () => {
  const other = await CalendarClient.open();
  const { id } = await other.created(WITH_CLIENT);
  await withoutChange(other.account, async () => {
    expect(essence(await client.get(id))).toEqual(NOT_FOUND);
    expect(essence(await client.update(id, { title: 'X' }))).toEqual(NOT_FOUND);
    expect(essence(await client.update(id, { google_meet_enabled: true }))).toEqual(NOT_FOUND);
    expect(essence(await client.delete(id))).toEqual(NOT_FOUND);
    expect((await client.list()).body.data).toEqual([]);
  });
});

test('an id in capitals is the same id', async () => {
  const { id } = await client.created(MEETING);
  expect((await client.get(id.toUpperCase())).body.data.id).toBe(id);
});
