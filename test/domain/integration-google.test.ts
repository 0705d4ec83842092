import { calendarEvents } from '../../src/domain/calendar-event/calendar-event.service';
import { integrations } from '../../src/domain/integration/integration.service';
import { startCalendars } from '../../src/server/calendars';
import { testVault } from '../support/account';
import { type CalendarBench, openCalendarBench } from '../support/calendar-bench';

const MINUTE = 60_000;
const INSERT = /^POST \/calendar/;
const PATCH = /^PATCH/;

let bench: CalendarBench;
const only = () => {
  expect(bench.google.items).toHaveLength(1);
  return bench.google.items[0];
};
const meetEvent = (input: object = {}) => bench.create({ conferencing: 'google_meet', ...input });
const update = (id: string, input: object) => calendarEvents.update(bench.ctx, id, input);

beforeEach(async () => {
  bench = await openCalendarBench();
});

afterEach(() => {
  expect(bench.google.violations).toEqual([]);
  expect(bench.zoom.violations).toEqual([]);
  expect(bench.errors).toEqual([]);
});

test('an event with Google Meet is made within the request, follows, and goes', async () => {
  await bench.connectGoogle();
  const event = await meetEvent();
  expect(only()).toMatchObject({
    id: event.id.replaceAll('-', ''),
    ...{ summary: 'Demo', description: 'With slides' },
    start: { dateTime: '2026-03-10T14:00:00Z' },
    end: { dateTime: '2026-03-10T14:45:00Z' },
    attendees: [{ email: 'ann@example.com', displayName: 'Ann', responseStatus: 'needsAction' }],
    extendedProperties: { private: { switchboardEvent: event.id } },
  });
  expect(event).toMatchObject({
    conferenceUrl: 'https://meet.google.com/aaa-bbbb-001',
    conferenceId: 'aaa-bbbb-001',
    conferenceWarning: null,
  });
  await update(event.id, { title: 'Demo 2', description: null });
  expect(bench.google.patches).toEqual([{ summary: 'Demo 2', description: null }]);
  await calendarEvents.delete(bench.ctx, event.id);
  expect(bench.google.items).toEqual([]);
  await bench.work();
  bench.clock.advance(25 * 60 * MINUTE);
  expect(await bench.work()).toBe(1);
  expect(await bench.ctx.query('select 1 from calendar_link where event_id = $1', [event.id])).toEqual([]);
});

test('events without a conference are brought to Google by a worker, not within the request', async () => {
  await bench.connectGoogle();
  const event = await bench.create();
  expect(bench.google.items).toEqual([]);
  await bench.work();
  expect(only()).toMatchObject({ summary: 'Demo' });
  expect(only()).not.toHaveProperty('conferenceData');
  await update(event.id, { startsAt: '2026-03-10T13:00:00.500Z' });
  await bench.work();
  expect(bench.google.patches).toEqual([
    {
      start: { date: null, dateTime: '2026-03-10T13:00:00Z' },
      end: { date: null, dateTime: '2026-03-10T14:45:00Z' },
    },
  ]);
  await calendarEvents.delete(bench.ctx, event.id);
  await bench.work();
  expect(bench.google.items).toEqual([]);
});

test('Meet is switched off, on again, and replaced by Zoom, whose address stands in Google', async () => {
  await bench.connectGoogle();
  await bench.connectZoom();
  const { id } = await meetEvent();
  expect(await update(id, { conferencing: 'none' })).toMatchObject({ conferenceUrl: null });
  expect(only()).not.toHaveProperty('hangoutLink');
  const again = await update(id, { conferencing: 'google_meet' });
  expect(again.conferenceUrl).toBe('https://meet.google.com/aaa-bbbb-002');
  const switched = await update(id, { conferencing: 'zoom' });
  expect(switched).toMatchObject({ conferenceUrl: expect.stringContaining('zoom.us/j/') });
  await bench.work();
  expect(only()).toMatchObject({ location: switched.conferenceUrl });
  expect(only()).not.toHaveProperty('hangoutLink');
  const back = await update(id, { conferencing: 'google_meet' });
  await bench.work();
  expect(back.conferenceUrl).toBe('https://meet.google.com/aaa-bbbb-003');
  expect(bench.zoom.meetings.size).toBe(0);
  expect(only()).not.toHaveProperty('location');
});

test('not connected: saved with a warning; connected later, all events that are not over are brought', async () => {
  const event = await meetEvent();
  const plain = await bench.create({ title: 'Plain' });
  await bench.create({ title: 'Over', startsAt: '2026-03-01T10:00:00Z', endsAt: '2026-03-01T11:00:00Z' });
  expect(event).toMatchObject({ conferenceUrl: null, conferenceWarning: 'google_not_connected' });
  expect(plain.conferenceWarning).toBeNull();
  await bench.work();
  await bench.connectGoogle();
  await bench.work();
  expect(bench.google.items.map(({ summary }) => summary).toSorted()).toEqual(['Demo', 'Plain']);
  expect(await bench.now(event.id)).toMatchObject({
    conferenceUrl: 'https://meet.google.com/aaa-bbbb-001',
    conferenceWarning: null,
  });
});

test.each(['fail', 'drop', 'lose'] as const)(
  'an insertion that ends by %s is retried: one event, one Meet',
  async (how) => {
    await bench.connectGoogle();
    bench.google.interfere(INSERT, how);
    const event = await meetEvent();
    expect(event.conferenceWarning).toBe('google_unavailable');
    await update(event.id, { title: 'Moved' });
    bench.clock.advance(MINUTE);
    await bench.work();
    expect(only()?.summary).toBe('Moved');
    expect(bench.google.meetCount).toBe(1);
    expect(await bench.now(event.id)).toMatchObject({
      conferenceUrl: 'https://meet.google.com/aaa-bbbb-001',
      conferenceWarning: null,
    });
  },
);

test('Google hangs: answered in time with a warning, then one event with one Meet', async () => {
  await bench.connectGoogle();
  bench.google.interfere(INSERT, 'hang');
  const event = await bench.inASecond(() => meetEvent());
  expect(event.conferenceWarning).toBe('google_unavailable');
  expect((await integrations.page(bench.ctx, {})).rows[0]?.lastError).toBe(
    'Google Calendar did not answer in time.',
  );
  bench.clock.advance(MINUTE);
  await bench.work();
  expect(await bench.now(event.id)).toMatchObject({ conferenceWarning: null });
  expect(bench.google.meetCount).toBe(1);
});

test('a lost answer to a change that adds a Meet makes no second one', async () => {
  await bench.connectGoogle();
  const event = await bench.create();
  await bench.work();
  bench.google.interfere(PATCH, 'lose');
  const changed = await update(event.id, { conferencing: 'google_meet' });
  expect(changed.conferenceWarning).toBe('google_unavailable');
  bench.clock.advance(MINUTE);
  await bench.work();
  expect(bench.google.meetCount).toBe(1);
  expect(await bench.now(event.id)).toMatchObject({ conferenceUrl: only()?.hangoutLink });
});

test('a Meet that Google makes later is waited for; one that fails is asked for anew', async () => {
  await bench.connectGoogle();
  bench.google.meet = 'pending';
  const event = await meetEvent();
  expect(event).toMatchObject({ conferenceUrl: null, conferenceWarning: 'google_unavailable' });
  bench.google.finishMeet(String(only()?.id));
  bench.clock.advance(10_000);
  await bench.work();
  expect(await bench.now(event.id)).toMatchObject({
    conferenceUrl: 'https://meet.google.com/aaa-bbbb-001',
    conferenceWarning: null,
  });
  bench.google.meet = 'failure';
  const second = await meetEvent({ title: 'Second' });
  expect(second.conferenceWarning).toBe('google_unavailable');
  bench.clock.advance(10_000);
  await bench.work();
  bench.google.meet = 'success';
  bench.clock.advance(20_000);
  await bench.work();
  expect(await bench.now(second.id)).toMatchObject({
    conferencing: 'google_meet',
    conferenceUrl: 'https://meet.google.com/aaa-bbbb-002',
    conferenceWarning: null,
  });
});

test('whole days are those of the calendar’s zone; days written at midnight UTC are the days they name', async () => {
  bench.google.timeZone = 'America/New_York';
  await bench.connectGoogle();
  const days = { isAllDay: true, attendees: [] };
  await bench.create({
    ...days,
    title: 'A',
    startsAt: '2026-03-10T00:00:00Z',
    endsAt: '2026-03-11T23:59:59Z',
  });
  await bench.create({
    ...days,
    title: 'B',
    startsAt: '2026-03-10T04:00:00Z',
    endsAt: '2026-03-11T04:00:00Z',
  });
  await bench.work();
  const shown = bench.google.items.map(({ summary, start, end }) => [summary, start, end]);
  expect(shown.toSorted()).toEqual([
    ['A', { date: '2026-03-10' }, { date: '2026-03-12' }],
    ['B', { date: '2026-03-10' }, { date: '2026-03-11' }],
  ]);
});

test('an event that Google refuses says so, and says nothing of the connection', async () => {
  await bench.connectGoogle();
  const event = await bench.create();
  await bench.work();
  bench.google.cancel(String(only()?.id));
  // Google refuses to change what was deleted there; so it is deleted here too.
  await update(event.id, { title: 'Too late' });
  await bench.work();
  expect(await bench.now(event.id)).toBeUndefined();
  expect((await integrations.page(bench.ctx, {})).rows[0]).toMatchObject({ status: 'connected' });
});

test('a request and a worker at once make one event', async () => {
  await bench.connectGoogle();
  const hold = bench.google.hold(INSERT);
  const creating = meetEvent();
  await hold.arrived;
  bench.clock.advance(30_000);
  expect(await bench.work()).toBe(0);
  hold.release();
  await creating;
  expect(bench.google.count(INSERT)).toBe(1);
  only();
});

test('a token that ends early is fetched anew', async () => {
  await bench.connectGoogle();
  bench.google.tokens.clear();
  await meetEvent();
  expect(bench.google.count(/\/token$/)).toBe(2);
  only();
});

test('the loops of a worker bring events to Google and changes back', async () => {
  await bench.connectGoogle();
  bench.google.edit('lunch00', {
    summary: 'Lunch',
    ...{ start: { dateTime: '2026-03-11T12:00:00Z' }, end: { dateTime: '2026-03-11T13:00:00Z' } },
  });
  const [written, read] = [bench.google.hold(INSERT), bench.google.hold(/^GET/)];
  const loop = startCalendars({
    ...{ store: bench.store, vault: testVault, now: bench.clock.now, providers: bench.providers },
    ...{ onChange: () => {}, onError: (error) => bench.errors.push(error) },
  });
  await bench.create();
  loop.wake();
  await Promise.all([written.arrived, read.arrived]);
  written.release();
  read.release();
  await loop.stop();
  const { rows } = await calendarEvents.page(bench.ctx, {});
  expect(rows.map(({ title }) => title).toSorted()).toEqual(['Demo', 'Lunch']);
  expect(bench.google.items).toHaveLength(2);
});
