import { calendarEvents } from '../../src/domain/calendar-event/calendar-event.service';
import { integrations } from '../../src/domain/integration/integration.service';
import { eventNamesOf, eventsOf } from '../support/account-state';
import { type CalendarBench, openCalendarBench } from '../support/calendar-bench';

const LUNCH = {
  summary: 'Lunch',
  description: 'At noon',
  start: { dateTime: '2026-03-11T12:00:00+01:00' },
  end: { dateTime: '2026-03-11T13:00:00+01:00' },
  attendees: [{ email: 'Bo@Example.com', responseStatus: 'accepted' }],
};

let bench: CalendarBench;

/** All events of the account, by title. */
async function titles(): Promise<string[]> {
  const { rows } = await calendarEvents.page(bench.ctx, { first: 100 });
  return rows.map(({ title }) => title).toSorted();
}

async function byTitle(title: string) {
  const { rows } = await calendarEvents.page(bench.ctx, { filter: { title: { eq: title } } });
  const [row] = rows;
  if (!row || rows.length > 1) throw new Error(`${rows.length} events are called ${title}`);
  return row;
}

const logged = async () => await eventNamesOf(bench.account, 'calendar_event');
const update = (id: string, input: object) => calendarEvents.update(bench.ctx, id, input);

async function workAndSync(): Promise<void> {
  await bench.work();
  await bench.sync();
  await bench.work();
}

beforeEach(async () => {
  bench = await openCalendarBench();
});

afterEach(() => {
  expect(bench.google.violations).toEqual([]);
  expect(bench.errors).toEqual([]);
});

test('what is made, changed and deleted in Google comes in, as events of the log too', async () => {
  bench.google.edit('lunch00', LUNCH);
  await bench.connectGoogle();
  await bench.sync();
  const lunch = await byTitle('Lunch');
  expect(lunch).toMatchObject({
    ...{ source: 'google', description: 'At noon', isAllDay: false, conferencing: 'none' },
    ...{ startsAt: '2026-03-11T11:00:00.000Z', endsAt: '2026-03-11T12:00:00.000Z' },
    attendees: [{ email: 'bo@example.com', displayName: null, responseStatus: 'accepted' }],
  });
  bench.google.edit('lunch00', { summary: 'Long lunch', end: { dateTime: '2026-03-11T14:00:00Z' } });
  await bench.sync();
  expect(await byTitle('Long lunch')).toMatchObject({ id: lunch.id, endsAt: '2026-03-11T14:00:00.000Z' });
  bench.google.cancel('lunch00');
  await bench.sync();
  expect(await titles()).toEqual([]);
  const log = await eventsOf(bench.account, 'calendar_event');
  expect(log.map(({ name, changes }) => [name, Object.keys(changes)])).toEqual([
    ['calendar_event.created', []],
    ['calendar_event.updated', ['title', 'endsAt']],
    ['calendar_event.deleted', []],
  ]);
  expect(log.map(({ subjectId }) => subjectId)).toEqual([lunch.id, lunch.id, lunch.id]);
});

test('an event never echoes back: after every write both sides are at rest', async () => {
  await bench.connectGoogle();
  const event = await bench.create({ conferencing: 'google_meet', startsAt: '2026-03-10T14:00:00.250Z' });
  const plain = await bench.create({ title: 'Plain', description: 'x'.repeat(500), isAllDay: true });
  await workAndSync();
  await update(event.id, { title: 'New', attendees: [{ email: 'c@example.com' }] });
  await update(plain.id, { isAllDay: false });
  await workAndSync();
  bench.google.edit('lunch00', LUNCH);
  await workAndSync();
  const [log, calls] = [await logged(), bench.google.count(/^(POST|PATCH|DELETE) \/calendar/)];
  for (let round = 0; round < 3; round += 1) {
    bench.clock.advance(60_000);
    await workAndSync();
  }
  expect(await logged()).toEqual(log);
  expect(bench.google.count(/^(POST|PATCH|DELETE) \/calendar/)).toBe(calls);
  expect(await byTitle('New')).toMatchObject({ startsAt: '2026-03-10T14:00:00.250Z' });
  await calendarEvents.delete(bench.ctx, event.id);
  await workAndSync();
  expect(await titles()).toEqual(['Lunch', 'Plain']);
});

test('an event of Google is changed and deleted here, and so in Google', async () => {
  bench.google.edit('lunch00', LUNCH);
  await bench.connectGoogle();
  await bench.sync();
  const { id } = await byTitle('Lunch');
  const meet = await update(id, { title: 'Lunch!', conferencing: 'google_meet' });
  expect(meet).toMatchObject({ source: 'google', conferenceUrl: 'https://meet.google.com/aaa-bbbb-001' });
  expect(bench.google.patches).toEqual([
    {
      summary: 'Lunch!',
      conferenceData: {
        createRequest: { requestId: 'lunch00-0', conferenceSolutionKey: { type: 'hangoutsMeet' } },
      },
    },
  ]);
  await workAndSync();
  await calendarEvents.delete(bench.ctx, id);
  await workAndSync();
  expect(bench.google.items).toEqual([]);
  expect(await titles()).toEqual([]);
});

test('changes of both sides meet: each side’s own stay, and here wins where both changed the same', async () => {
  await bench.connectGoogle();
  const { id } = await bench.create();
  await bench.work();
  const remote = String(bench.google.items[0]?.id);
  bench.google.edit(remote, {
    ...{ summary: 'Theirs', description: 'Theirs' },
    attendees: [{ email: 'ann@example.com', displayName: 'Ann', responseStatus: 'accepted' }],
  });
  await update(id, { title: 'Ours', endsAt: '2026-03-10T15:00:00Z' });
  await workAndSync();
  const expected = { title: 'Ours', description: 'Theirs', endsAt: '2026-03-10T15:00:00.000Z' };
  expect(await bench.now(id)).toMatchObject({ ...expected, attendees: [{ responseStatus: 'accepted' }] });
  expect(bench.google.items[0]).toMatchObject({
    ...{ summary: 'Ours', description: 'Theirs', end: { dateTime: '2026-03-10T15:00:00Z' } },
    attendees: [{ responseStatus: 'accepted' }],
  });
  // The same with the reading first.
  bench.google.edit(remote, { summary: 'Theirs again', description: 'Theirs again' });
  await update(id, { title: 'Ours again' });
  await bench.sync();
  await bench.work();
  expect(await bench.now(id)).toMatchObject({ title: 'Ours again', description: 'Theirs again' });
  expect(bench.google.items[0]).toMatchObject({ summary: 'Ours again', description: 'Theirs again' });
});

test('a local event that is deleted in Google goes here, with its Zoom meeting', async () => {
  await bench.connectGoogle();
  await bench.connectZoom();
  await bench.create({ conferencing: 'zoom' });
  await bench.work();
  expect(bench.zoom.meetings.size).toBe(1);
  bench.google.cancel(String(bench.google.items[0]?.id));
  await workAndSync();
  expect(await titles()).toEqual([]);
  expect(bench.zoom.meetings.size).toBe(0);
});

test('a change in Google reaches the Zoom meeting of the event', async () => {
  await bench.connectGoogle();
  await bench.connectZoom();
  await bench.create({ conferencing: 'zoom' });
  await bench.work();
  bench.google.edit(String(bench.google.items[0]?.id), { summary: 'Renamed' });
  await workAndSync();
  expect([...bench.zoom.meetings.values()]).toMatchObject([{ topic: 'Renamed' }]);
});

test('pages are read one by one; a process that ends between them goes on where it was', async () => {
  bench.google.pageSize = 2;
  for (let at = 0; at < 7; at += 1) bench.google.edit(`many${at}`, { ...LUNCH, summary: `Many ${at}` });
  await bench.connectGoogle();
  bench.google.interfere(/^GET .*events$/, 'drop');
  await bench.sync();
  expect(await titles()).toHaveLength(0);
  bench.clock.advance(60_000);
  await bench.sync();
  expect(await titles()).toHaveLength(7);
  expect((await integrations.page(bench.ctx, {})).rows[0]).toMatchObject({ status: 'connected' });
});

test('a token that is too old: the calendar is read as a whole, and what was deleted meanwhile goes', async () => {
  bench.google.edit('lunch00', LUNCH);
  bench.google.edit('dinner0', { ...LUNCH, summary: 'Dinner' });
  await bench.connectGoogle();
  await bench.create({ title: 'Kept' });
  await bench.create({ title: 'Deleted' });
  await workAndSync();
  const idOf = (title: string) => String(bench.google.items.find(({ summary }) => summary === title)?.id);
  bench.google.cancel('lunch00');
  bench.google.cancel(idOf('Deleted'));
  bench.google.edit('dinner0', { summary: 'Supper' });
  bench.google.forget();
  const unsent = await bench.create({ title: 'Not in Google yet' });
  await bench.sync();
  expect(await titles()).toEqual(['Kept', 'Not in Google yet', 'Supper']);
  await workAndSync();
  expect(bench.google.items.map(({ summary }) => summary).toSorted()).toEqual([
    ...['Kept', 'Not in Google yet', 'Supper'],
  ]);
  expect(await bench.now(unsent.id)).toBeDefined();
});

test('whole days, instances of a series, and what is no event', async () => {
  bench.google.timeZone = 'Europe/Berlin';
  bench.google.edit('holiday', {
    summary: 'Holiday',
    start: { date: '2026-03-12' },
    end: { date: '2026-03-14' },
  });
  for (const day of ['10', '17']) {
    bench.google.edit(`series_202603${day}T090000Z`, {
      ...{ summary: `Weekly ${day}`, recurringEventId: 'series' },
      start: { dateTime: `2026-03-${day}T09:00:00Z` },
      end: { dateTime: `2026-03-${day}T09:00:00Z` },
    });
  }
  bench.google.edit('oddity0', {
    ...{ summary: 'Odd\u0000 \ud800', start: { date: '2026-03-20' }, end: { date: '2026-03-20' } },
    attendees: [{ responseStatus: 'accepted' }, { email: 'nobody' }],
  });
  bench.google.edit('office0', { ...LUNCH, summary: 'Office', eventType: 'workingLocation' });
  bench.google.edit('nameless', { start: LUNCH.start, end: LUNCH.end });
  bench.google.edit('addon00', {
    ...{ ...LUNCH, summary: 'With Webex' },
    conferenceData: {
      ...{ conferenceId: 'x', conferenceSolution: { key: { type: 'addOn' } } },
      entryPoints: [{ entryPointType: 'video', uri: 'https://webex.example.com/x' }],
    },
  });
  await bench.connectGoogle();
  await bench.sync();
  const odd = 'Odd \ufffd';
  expect(await titles()).toEqual(['(No title)', 'Holiday', odd, 'Weekly 10', 'Weekly 17', 'With Webex']);
  expect(await byTitle(odd)).toMatchObject({ endsAt: '2026-03-20T23:00:00.000Z', attendees: [] });
  expect(await byTitle('Holiday')).toMatchObject({
    ...{ isAllDay: true, startsAt: '2026-03-11T23:00:00.000Z', endsAt: '2026-03-13T23:00:00.000Z' },
  });
  // Here an event takes a minute at least.
  expect(await byTitle('Weekly 10')).toMatchObject({ endsAt: '2026-03-10T09:01:00.000Z' });
  expect(await byTitle('With Webex')).toMatchObject({ conferencing: 'none', conferenceUrl: null });
  bench.google.cancel('series_20260310T090000Z');
  await workAndSync();
  expect(await titles()).toEqual(['(No title)', 'Holiday', odd, 'Weekly 17', 'With Webex']);
  expect(bench.google.count(PATCHED)).toBe(0);
});

const PATCHED = /^(POST|PATCH|DELETE) \/calendar/;

test('a Meet that is added or taken away in Google is so here', async () => {
  bench.google.edit('lunch00', LUNCH);
  await bench.connectGoogle();
  await bench.sync();
  const url = 'https://meet.google.com/xyz';
  const conferenceData = { conferenceId: 'xyz', conferenceSolution: { key: { type: 'hangoutsMeet' } } };
  bench.google.edit('lunch00', { hangoutLink: url, conferenceData });
  await workAndSync();
  expect(await byTitle('Lunch')).toMatchObject({
    ...{ conferencing: 'google_meet', conferenceUrl: url, conferenceId: 'xyz' },
  });
  bench.google.edit('lunch00', { hangoutLink: undefined, conferenceData: undefined });
  await workAndSync();
  expect(await byTitle('Lunch')).toMatchObject({ conferencing: 'none', conferenceUrl: null });
  expect(bench.google.count(PATCHED)).toBe(0);
});

test('a reading that began before a change was written to Google does not take it back', async () => {
  await bench.connectGoogle();
  const { id } = await bench.create();
  await workAndSync();
  bench.google.edit(String(bench.google.items[0]?.id), { description: 'Theirs' });
  const hold = bench.google.hold(/^GET .*events$/);
  const reading = bench.sync();
  await hold.arrived;
  await update(id, { title: 'Newer' });
  await bench.work();
  hold.release();
  await reading;
  await workAndSync();
  expect(await bench.now(id)).toMatchObject({ title: 'Newer', description: 'Theirs' });
  const changes = (await eventsOf(bench.account, 'calendar_event')).map((one) => Object.keys(one.changes));
  expect(changes).toEqual([[], ['title'], ['description']]);
});

test('an event that is deleted here while the calendar is read does not come back', async () => {
  await bench.connectGoogle();
  bench.google.edit('lunch00', LUNCH);
  await bench.sync();
  const { id } = await byTitle('Lunch');
  bench.google.edit('lunch00', { summary: 'Lunch?' });
  const hold = bench.google.hold(/^GET .*events$/);
  const reading = bench.sync();
  await hold.arrived;
  await calendarEvents.delete(bench.ctx, id);
  await bench.work();
  hold.release();
  await reading;
  await workAndSync();
  expect(await titles()).toEqual([]);
  expect(await logged()).toEqual(['calendar_event.created', 'calendar_event.deleted']);
});

test('connected anew to the same calendar, nothing is doubled; to another one, its events come in', async () => {
  bench.google.edit('lunch00', LUNCH);
  await bench.connectGoogle();
  await bench.create({ title: 'Ours' });
  await workAndSync();
  await integrations.disconnect(bench.ctx, 'google_calendar');
  await bench.sync();
  await bench.connectGoogle();
  await workAndSync();
  expect(await titles()).toEqual(['Lunch', 'Ours']);
  expect(bench.google.items).toHaveLength(2);
  const other = await openCalendarBench();
  other.google.edit('dinner0', { ...LUNCH, summary: 'Dinner' });
  expect(await titles()).toEqual(['Lunch', 'Ours']);
});

test('credentials that are taken away: the connection fails, and goes on when it is renewed', async () => {
  await bench.connectGoogle();
  await bench.sync();
  bench.google.tokens.clear();
  bench.google.interfere(/token$/, 'fail');
  await bench.sync();
  expect((await integrations.page(bench.ctx, {})).rows[0]).toMatchObject({
    ...{ status: 'failing', lastError: 'Google Calendar answered 500.' },
  });
  bench.google.edit('lunch00', LUNCH);
  bench.clock.advance(60_000);
  await bench.sync();
  expect(await titles()).toEqual(['Lunch']);
  expect((await integrations.page(bench.ctx, {})).rows[0]).toMatchObject({ status: 'connected' });
});
