import { type CalendarBench, openCalendarBench } from '../../support/calendar-bench';
import { startTestServer, type TestServer } from '../../support/server';
import { CalendarClient, essence, MEETING, WITH_CLIENT } from './calendar-client';

// With Zoom and Google Calendar connected: the links are in the answer that saves the event.

let bench: CalendarBench;
let server: TestServer;
let client: CalendarClient;

beforeEach(async () => {
  bench = await openCalendarBench();
  server = await startTestServer({ providers: bench.providers });
  client = new CalendarClient(server, bench.account);
  await bench.connectZoom();
  await bench.connectGoogle();
});

afterEach(async () => {
  await server.close();
  expect([...bench.zoom.violations, ...bench.google.violations, ...bench.errors]).toEqual([]);
});

const meeting = () => [...bench.zoom.meetings.values()];
const MEET_LINK = 'https://meet.google.com/aaa-bbbb-001';

test('an event with Zoom is answered with its meeting, which follows the event and goes with it', async () => {
  const answer = await client.create(WITH_CLIENT);
  const [made] = meeting();
  const data = {
    ...answer.body.data,
    ...{ zoom_enabled: true, zoom_meeting_id: made?.id, zoom_join_url: made?.join_url },
    ...{ google_meet_enabled: false, meet_link: null },
  };
  expect(made).toMatchObject({ id: expect.any(Number), topic: 'Meeting with Client', duration: 90 });
  expect(essence(answer)).toEqual({ status: 201, body: { success: true, data } });
  expect((await client.get(data.id)).body).toEqual({ success: true, data });
  const renamed = await client.update(data.id, { title: 'Updated Meeting Title' });
  expect(renamed.body).toEqual({
    success: true,
    data: { ...data, title: 'Updated Meeting Title', updated_at: expect.any(String) },
  });
  expect(meeting()).toMatchObject([{ id: made?.id, topic: 'Updated Meeting Title' }]);
  expect((await client.delete(data.id)).status).toBe(200);
  expect(meeting()).toEqual([]);
});

test('one PATCH takes an event from Google Meet to Zoom and back; no link is left behind', async () => {
  const created = await client.create({ ...MEETING, google_meet_enabled: true });
  const { id } = created.body.data;
  expect(created.body).toEqual({
    success: true,
    data: client.expected({ google_meet_enabled: true, meet_link: MEET_LINK }),
  });
  const toZoom = await client.update(id, { google_meet_enabled: false, zoom_enabled: true });
  const [made] = meeting();
  expect(toZoom.body).toEqual({
    success: true,
    data: client.expected({
      ...{ zoom_enabled: true, zoom_meeting_id: made?.id, zoom_join_url: made?.join_url },
    }),
  });
  expect(bench.google.items[0]).not.toHaveProperty('hangoutLink');
  const toMeet = await client.update(id, { google_meet_enabled: true, zoom_enabled: false });
  expect(toMeet.body).toEqual({
    success: true,
    data: client.expected({
      ...{ google_meet_enabled: true, meet_link: 'https://meet.google.com/aaa-bbbb-002' },
    }),
  });
  expect(meeting()).toEqual([]);
});

test('disabling deletes the meeting', async () => {
  const { id } = await client.created(WITH_CLIENT);
  const { body } = await client.update(id, { zoom_enabled: false });
  expect(body).not.toHaveProperty('warnings');
  expect(body.data).toMatchObject({ zoom_enabled: false, zoom_meeting_id: null, zoom_join_url: null });
  expect(meeting()).toEqual([]);
});

test('a provider that fails leaves the event saved, with a warning, until a worker has made the meeting', async () => {
  bench.zoom.interfere(/^POST \/v2/, 'fail');
  const { status, body } = await client.create(WITH_CLIENT);
  expect({ status, body }).toMatchObject({
    status: 201,
    body: {
      success: true,
      data: { zoom_meeting_id: null, zoom_join_url: null },
      warnings: ['zoom_unavailable'],
    },
  });
  bench.clock.advance(30_000);
  await bench.work();
  const [made] = meeting();
  expect((await client.get(body.data.id)).body.data).toMatchObject({
    ...{ zoom_meeting_id: made?.id, zoom_join_url: made?.join_url },
  });
});

test('the switch that is refused reaches no provider', async () => {
  const { id } = await client.created({ ...MEETING, google_meet_enabled: true });
  const calls = [...bench.zoom.calls, ...bench.google.calls];
  expect((await client.update(id, { zoom_enabled: true })).status).toBe(400);
  expect((await client.update(id, { all_day: true })).status).toBe(400);
  expect([...bench.zoom.calls, ...bench.google.calls]).toEqual(calls);
});
