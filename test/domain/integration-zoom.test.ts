import { calendarEvents } from '../../src/domain/calendar-event/calendar-event.service';
import { integrations } from '../../src/domain/integration/integration.service';
import { eventsOf } from '../support/account-state';
import { type CalendarBench, MEETING, openCalendarBench } from '../support/calendar-bench';
import { watchedStore } from '../support/watched-store';

const MINUTE = 60_000;
const CREATE = /^POST \/v2\/users/;

let bench: CalendarBench;

const zoomEvent = (input: object = {}) => bench.create({ conferencing: 'zoom', ...input });

beforeEach(async () => {
  bench = await openCalendarBench();
});

afterEach(() => {
  expect(bench.zoom.violations).toEqual([]);
  expect(bench.errors).toEqual([]);
});

test('a meeting is made within the request, follows the event, and goes with it', async () => {
  await bench.connectZoom();
  const event = await zoomEvent();
  const meeting = bench.zoom.only();
  expect(meeting).toEqual({
    ...{ id: meeting?.id, join_url: meeting?.join_url, type: 2, timezone: 'UTC', duration: 45 },
    ...{ topic: 'Demo', start_time: '2026-03-10T14:00:00Z' },
    agenda: `Reference: ${event.id}\n\nWith slides`,
    settings: { meeting_invitees: [{ email: 'ann@example.com' }] },
  });
  expect(event).toMatchObject({
    conferenceId: String(meeting?.id),
    conferenceUrl: meeting?.join_url,
    conferenceWarning: null,
  });
  const changes = { title: 'Demo 2', endsAt: '2026-03-10T15:00:00Z', description: null, attendees: [] };
  const updated = await calendarEvents.update(bench.ctx, event.id, changes);
  expect(updated).toMatchObject({ title: 'Demo 2', conferenceUrl: meeting?.join_url });
  expect(bench.zoom.only()).toMatchObject({
    ...{ id: meeting?.id, topic: 'Demo 2', duration: 60, agenda: `Reference: ${event.id}` },
    settings: { meeting_invitees: [] },
  });
  // Nothing that the meeting shows has changed.
  await calendarEvents.update(bench.ctx, event.id, { callerName: 'Bo' });
  expect(bench.zoom.count(/^PATCH/)).toBe(1);
  await calendarEvents.delete(bench.ctx, event.id);
  expect(bench.zoom.meetings.size).toBe(0);
  expect(await bench.work()).toBe(0);
  const log = (await eventsOf(bench.account, 'calendar_event')).map(({ name, changes: changed }) => [
    name,
    Object.keys(changed).toSorted(),
  ]);
  expect(log).toEqual([
    ['calendar_event.created', []],
    ['calendar_event.updated', ['conferenceId', 'conferenceUrl']],
    ['calendar_event.updated', ['attendees', 'description', 'endsAt', 'title']],
    ['calendar_event.updated', ['callerName']],
    ['calendar_event.deleted', []],
  ]);
});

test('switched off, the meeting is deleted; switched on again, a new one is made', async () => {
  await bench.connectZoom();
  const event = await zoomEvent();
  const first = bench.zoom.only().id;
  const off = await calendarEvents.update(bench.ctx, event.id, { conferencing: 'none' });
  expect(off).toMatchObject({ conferenceUrl: null, conferenceId: null, conferenceWarning: null });
  expect(bench.zoom.meetings.size).toBe(0);
  await calendarEvents.update(bench.ctx, event.id, { conferencing: 'zoom' });
  expect(bench.zoom.only().id).not.toBe(first);
});

test('not connected: saved with a warning; connected later, events that are not over get their meetings', async () => {
  const [event, past, deleted] = [
    await zoomEvent(),
    await zoomEvent({ startsAt: '2026-03-01T10:00:00Z', endsAt: '2026-03-01T11:00:00Z' }),
    await zoomEvent(),
  ];
  await calendarEvents.delete(bench.ctx, deleted.id);
  expect(event).toMatchObject({ conferenceUrl: null, conferenceWarning: 'zoom_not_connected' });
  expect(await bench.work()).toBe(0);
  expect(bench.zoom.calls).toEqual([]);
  await bench.connectZoom();
  await bench.work();
  expect(bench.zoom.only().agenda).toContain(event.id);
  expect(await bench.now(event.id)).toMatchObject({
    conferenceUrl: bench.zoom.only().join_url,
    conferenceWarning: null,
  });
  expect(await bench.now(past.id)).toMatchObject({ conferenceWarning: 'zoom_not_connected' });
});

test('disconnected, a change is saved with a warning, and reaches the meeting when Zoom is connected again', async () => {
  await bench.connectZoom();
  const event = await zoomEvent();
  await integrations.disconnect(bench.ctx, 'zoom');
  const changed = await calendarEvents.update(bench.ctx, event.id, { title: 'Later' });
  expect(changed).toMatchObject({
    conferenceWarning: 'zoom_not_connected',
    conferenceUrl: event.conferenceUrl,
  });
  await bench.connectZoom();
  await bench.work();
  expect(bench.zoom.only().topic).toBe('Later');
  expect(await bench.now(event.id)).toMatchObject({ conferenceWarning: null });
});

test.each([
  ['a failure', 'fail'],
  ['a broken connection', 'drop'],
  ['an answer that is lost after the meeting was made', 'lose'],
] as const)('%s: saved with a warning, retried by a worker, exactly one meeting', async (_, how) => {
  await bench.connectZoom();
  bench.zoom.interfere(CREATE, how);
  const event = await zoomEvent();
  expect(event).toMatchObject({ conferenceUrl: null, conferenceWarning: 'zoom_unavailable' });
  expect(await bench.work()).toBe(0);
  const { rows } = await integrations.page(bench.ctx, {});
  expect(rows[0]).toMatchObject({ status: 'failing', lastErrorAt: '2026-03-02T10:00:00.000Z' });
  bench.clock.advance(MINUTE);
  await bench.work();
  expect(await bench.now(event.id)).toMatchObject({
    conferenceUrl: bench.zoom.only().join_url,
    conferenceWarning: null,
  });
  expect((await integrations.page(bench.ctx, {})).rows[0]).toMatchObject({
    status: 'connected',
    lastError: null,
  });
});

test('a meeting of a lost answer is found on a later page, and brought up to date', async () => {
  await bench.connectZoom();
  for (let at = 0; at < 3; at += 1) await zoomEvent();
  bench.zoom.pageSize = 2;
  bench.zoom.interfere(CREATE, 'lose');
  const event = await zoomEvent();
  bench.zoom.interfere(/^GET/, 'fail');
  await calendarEvents.update(bench.ctx, event.id, { title: 'Moved' });
  bench.clock.advance(MINUTE);
  await bench.work();
  const own = [...bench.zoom.meetings.values()].filter(({ agenda }) => agenda.includes(event.id));
  expect(own).toMatchObject([{ topic: 'Moved' }]);
  expect(bench.zoom.meetings.size).toBe(4);
});

test('a lost answer of an event that is deleted meanwhile leaves no meeting', async () => {
  await bench.connectZoom();
  bench.zoom.interfere(CREATE, 'lose');
  const event = await zoomEvent();
  bench.zoom.only();
  await calendarEvents.delete(bench.ctx, event.id);
  expect(bench.zoom.meetings.size).toBe(0);
});

test('Zoom hangs: the request is answered in time with a warning, and a worker makes exactly one meeting', async () => {
  await bench.connectZoom();
  bench.zoom.interfere(CREATE, 'hang');
  const event = await bench.inASecond(() => zoomEvent());
  expect(event).toMatchObject({ conferenceWarning: 'zoom_unavailable' });
  expect((await integrations.page(bench.ctx, {})).rows[0]?.lastError).toBe('Zoom did not answer in time.');
  bench.clock.advance(MINUTE);
  await bench.work();
  expect(await bench.now(event.id)).toMatchObject({ conferenceUrl: bench.zoom.only().join_url });
});

test('a worker leaves the meeting to the request that saves the event, however slow Zoom is', async () => {
  await bench.connectZoom();
  const hold = bench.zoom.hold(CREATE);
  const creating = zoomEvent();
  await hold.arrived;
  expect(await bench.work()).toBe(0);
  bench.clock.advance(30_000);
  expect(await bench.work()).toBe(0);
  hold.release();
  expect(await creating).toMatchObject({ conferenceUrl: bench.zoom.only().join_url });
  expect(bench.zoom.count(CREATE)).toBe(1);
});

test('changes while the meeting is being made reach it; so does a deletion', async () => {
  await bench.connectZoom();
  const hold = bench.zoom.hold(CREATE, { isFirst: true });
  const creating = zoomEvent();
  await hold.arrived;
  const [{ id }] = (await bench.ctx.query('select id from calendar_event where account_id = $1', [
    bench.ctx.account.id,
  ])) as [{ id: string }];
  const changed = Promise.all(
    ['A', 'B', 'C'].map((title) => calendarEvents.update(bench.ctx, id, { title })),
  );
  await changed;
  bench.clock.advance(30_000);
  expect(await bench.work()).toBe(0);
  hold.release();
  await creating;
  await bench.work();
  expect(bench.zoom.only().topic).toBe((await bench.now(id))?.title);
  const second = bench.zoom.hold(/^PATCH/);
  const updating = calendarEvents.update(bench.ctx, id, { title: 'D' });
  await second.arrived;
  await calendarEvents.delete(bench.ctx, id);
  second.release();
  await updating;
  await bench.work();
  expect(bench.zoom.meetings.size).toBe(0);
});

test('many requests and workers at once: exactly one meeting per event', async () => {
  await bench.connectZoom();
  const events = await Promise.all([1, 2, 3, 4, 5].map(() => zoomEvent()));
  await Promise.all([
    ...events.map(({ id }) => calendarEvents.update(bench.ctx, id, { title: 'X' })),
    ...events.map(({ id }) => calendarEvents.update(bench.ctx, id, { title: 'Y' })),
    bench.work(),
    bench.work(),
  ]);
  bench.clock.advance(MINUTE);
  await Promise.all([bench.work(), bench.work()]);
  expect(bench.zoom.meetings.size).toBe(5);
  for (const { id } of events) {
    const { title, conferenceId } = (await bench.now(id)) ?? {};
    expect(bench.zoom.meetings.get(Number(conferenceId))?.topic).toBe(title);
  }
});

test('a process that ends before it can write the meeting down makes no second one', async () => {
  await bench.connectZoom();
  const { store } = bench;
  let transactions = 0;
  // The second transaction is the one that writes the answer down.
  const dying = bench.contextOn(
    watchedStore(store, {
      transaction: () => {
        transactions += 1;
        if (transactions > 1) throw new Error('killed');
      },
    }),
  );
  const event = await calendarEvents.create(dying, { ...MEETING, conferencing: 'zoom' });
  expect(event.conferenceUrl).toBeNull();
  expect(bench.errors.splice(0)).toEqual([new Error('killed')]);
  bench.zoom.only();
  bench.clock.advance(30_000);
  expect(await bench.work()).toBe(0);
  bench.clock.advance(31_000);
  expect(await bench.work()).toBe(1);
  expect(await bench.now(event.id)).toMatchObject({ conferenceUrl: bench.zoom.only().join_url });
});

test('a meeting that was deleted in Zoom is made anew by the next change', async () => {
  await bench.connectZoom();
  const event = await zoomEvent();
  bench.zoom.meetings.clear();
  const changed = await calendarEvents.update(bench.ctx, event.id, { title: 'Again' });
  expect(changed).toMatchObject({ conferenceUrl: bench.zoom.only().join_url });
  expect(changed.conferenceId).not.toBe(event.conferenceId);
});

test('an event that is saved in a greater transaction is left to a worker, and rolled back makes nothing', async () => {
  await bench.connectZoom();
  const input = { ...MEETING, conferencing: 'zoom' };
  const event = await bench.ctx.transaction((tx) => calendarEvents.create(tx, input));
  const undone = bench.ctx.transaction(async (tx) => {
    await calendarEvents.create(tx, input);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect(bench.zoom.count(CREATE)).toBe(0);
  bench.clock.advance(MINUTE);
  await bench.work();
  expect(await bench.now(event.id)).toMatchObject({ conferenceUrl: bench.zoom.only().join_url });
});
