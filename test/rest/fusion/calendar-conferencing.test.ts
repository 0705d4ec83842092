import { CalendarEvent } from '../../../src/domain/calendar-event/calendar-event.entity';
import { withoutChange } from '../../support/account-state';
import { CalendarClient, essence, MEETING, WITH_CLIENT } from './calendar-client';
import { refusal } from './leads-client';

let client: CalendarClient;

const ONE_ONLY = 'Only one video conference (Google Meet or Zoom) can be enabled per event';
const ALL_DAY = 'Video conferencing cannot be enabled for all-day events';

beforeEach(async () => {
  client = await CalendarClient.open();
});

/** What a provider writes down when it has made the meeting. */
function linked(id: string, link: Pick<CalendarEvent, 'conferenceId' | 'conferenceUrl'>) {
  return client.ctx.transaction((tx) =>
    tx.repo(CalendarEvent).update(id, { ...link, conferenceWarning: null }),
  );
}

const MEET = { conferenceId: 'abc-defg-hij', conferenceUrl: 'https://meet.google.com/abc-defg-hij' };
const ZOOM = { conferenceId: '123456789', conferenceUrl: 'https://zoom.us/j/123456789' };

const links = async (id: string) => {
  const { google_meet_enabled, meet_link, zoom_enabled, zoom_meeting_id, zoom_join_url } = (
    await client.get(id)
  ).body.data;
  return [google_meet_enabled, meet_link, zoom_enabled, zoom_meeting_id, zoom_join_url];
};
const NONE = [false, null, false, null, null];

test('a meeting of Zoom has its number and its address', async () => {
  const { id } = await client.created(WITH_CLIENT);
  await linked(id, ZOOM);
  expect(await links(id)).toEqual([false, null, true, 123456789, 'https://zoom.us/j/123456789']);
  expect((await client.list()).body.data[0]).toEqual((await client.get(id)).body.data);
  const renamed = await client.update(id, { title: 'Renamed' });
  expect(renamed.body).toMatchObject({ data: { title: 'Renamed' }, warnings: ['zoom_not_connected'] });
  expect(await links(id)).toEqual([false, null, true, 123456789, 'https://zoom.us/j/123456789']);
});

test('a meeting of Google has its address', async () => {
  const { id } = await client.created({ ...MEETING, google_meet_enabled: true });
  await linked(id, MEET);
  expect(await links(id)).toEqual([true, 'https://meet.google.com/abc-defg-hij', false, null, null]);
});

test('disabling takes the links away, and enabling anew does not bring them back', async () => {
  const { id } = await client.created(WITH_CLIENT);
  await linked(id, ZOOM);
  expect((await client.update(id, { zoom_enabled: false })).body).not.toHaveProperty('warnings');
  expect(await links(id)).toEqual(NONE);
  const again = await client.update(id, { zoom_enabled: true });
  expect(again.body).toMatchObject({ success: true, warnings: ['zoom_not_connected'] });
  expect(await links(id)).toEqual([false, null, true, null, null]);
});

test('one PATCH switches from one provider to the other, in both directions', async () => {
  const { id } = await client.created({ ...MEETING, google_meet_enabled: true });
  await linked(id, MEET);
  const toZoom = await client.update(id, { google_meet_enabled: false, zoom_enabled: true });
  expect(toZoom.body).toMatchObject({ success: true, warnings: ['zoom_not_connected'] });
  expect(await links(id)).toEqual([false, null, true, null, null]);
  await linked(id, ZOOM);
  const toMeet = await client.update(id, { zoom_enabled: false, google_meet_enabled: true });
  expect(toMeet.body).toMatchObject({ success: true, warnings: ['google_not_connected'] });
  expect(await links(id)).toEqual([true, null, false, null, null]);
});

test('disabling the one that is off leaves the other on', async () => {
  const { id } = await client.created(WITH_CLIENT);
  await linked(id, ZOOM);
  expect((await client.update(id, { google_meet_enabled: false })).status).toBe(200);
  expect(await links(id)).toEqual([false, null, true, 123456789, 'https://zoom.us/j/123456789']);
});

test.each([
  ['Zoom beside Google Meet', { google_meet_enabled: true }, { zoom_enabled: true }],
  ['Google Meet beside Zoom', { zoom_enabled: true }, { google_meet_enabled: true }],
])('%s is refused', async (_, enabled, changes) => {
  const { id } = await client.created({ ...MEETING, ...enabled });
  const answer = await withoutChange(client.account, () => client.update(id, changes));
  const details = { google_meet_enabled: [ONE_ONLY], zoom_enabled: [ONE_ONLY] };
  expect(essence(answer)).toEqual(refusal(400, ONE_ONLY, details));
});

test('of two providers that are enabled at the same moment one is refused', async () => {
  const { id } = await client.created(MEETING);
  const answers = await Promise.all(
    [{ zoom_enabled: true }, { google_meet_enabled: true }].map((changes) => client.update(id, changes)),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([200, 400]);
  const [isZoom] = statuses.map((status) => status === 200);
  expect(await links(id)).toEqual([!isZoom, null, isZoom, null, null]);
});

test.each([
  ['a whole day of a meeting', { google_meet_enabled: true }, { all_day: true }],
  ['Google Meet on a whole day', { all_day: true }, { google_meet_enabled: true }],
  ['Zoom on a whole day', { all_day: true }, { zoom_enabled: true }],
])('%s is refused', async (_, fields, changes) => {
  const { id } = await client.created({ ...MEETING, ...fields });
  const answer = await withoutChange(client.account, () => client.update(id, changes));
  expect(essence(answer)).toEqual(refusal(400, ALL_DAY, { all_day: [ALL_DAY] }));
});

test('an event becomes a whole day when its meeting goes in the same PATCH', async () => {
  const { id } = await client.created({ ...MEETING, zoom_enabled: true });
  const { status, body } = await client.update(id, { all_day: true, zoom_enabled: false });
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { data: { all_day: true, zoom_enabled: false } },
  });
  const back = await client.update(id, { all_day: false, google_meet_enabled: true });
  expect(back.body.data).toMatchObject({ all_day: false, google_meet_enabled: true });
});
