import { CalendarEvent } from '../../../src/domain/calendar-event/calendar-event.entity';
import { CalendarClient, essence, MEETING } from './calendar-client';

let client: CalendarClient;

beforeEach(async () => {
  client = await CalendarClient.open();
});

const idsIn = async (query: string) => (await client.list(query)).body.data.map(({ title }) => title);

test('of an account that has none', async () => {
  expect(essence(await client.list())).toEqual({ status: 200, body: { success: true, data: [] } });
});

test('is in the order of the starts, and from and to are inclusive', async () => {
  const day = (at: number, time = '10:00:00') => `2025-12-0${at}T${time}`;
  for (const [title, start, end] of [
    ['third', day(3), day(3, '11:00:00')],
    ['first', day(1), day(9)],
    ['second', day(2), day(2, '10:00:00.001')],
    ['last', day(3, '23:59:59.999'), day(4)],
  ]) {
    await client.created({ title, start_time: start, end_time: end });
  }
  const other = await CalendarClient.open();
  await other.created({ ...MEETING, start_time: day(2), end_time: day(3) });
  expect(await idsIn('')).toEqual(['first', 'second', 'third', 'last']);
  const ranges: [string, string[]][] = [
    [`?from=${day(2)}`, ['second', 'third', 'last']],
    [`?from=${day(2, '10:00:00.001')}`, ['third', 'last']],
    [`?to=${day(2)}`, ['first', 'second']],
    [`?to=${day(2, '09:59:59.999')}`, ['first']],
    [`?from=${day(2)}&to=${day(3)}`, ['second', 'third']],
    ['?from=2025-12-02&to=2025-12-03', ['second', 'third', 'last']],
  ];
  for (const [query, titles] of ranges) expect([query, await idsIn(query)]).toEqual([query, titles]);
  client.account.clock.advance(60_000);
  const more: [string, string[]][] = [
    [`?from=${day(3)}&to=${day(2)}`, []],
    ['?from=2025-12-02%2010:00:00&to=2025-12-02+10:00:00', ['second']],
    ['?from=2025-12-02T15:30:00%2B05:30&to=2025-12-02T10:00:00Z', ['second']],
    ['?from=2025-12-02T15:30:00+05:30&to=2025-12-02T10:00:00.000Z', ['second']],
    ['?from=2025-12-09&page=2&limit=1', []],
  ];
  for (const [query, titles] of more) expect([query, await idsIn(query)]).toEqual([query, titles]);
});

test('has all events, however many, those of one moment in the order of their creation', async () => {
  const at = (minute: number) => new Date(Date.UTC(2025, 11, 1, 0, minute)).toISOString();
  const rows = Array.from({ length: 350 }, (_, index) => ({
    title: `Event ${index}`,
    ...{ startsAt: at(Math.floor(index / 70)), endsAt: at(60), attendees: [] },
  }));
  await client.ctx.transaction((tx) => tx.repo(CalendarEvent).insertMany(rows));
  const all = rows.map(({ title }) => title);
  expect(await idsIn('')).toEqual(all);
  expect(await idsIn(`?from=${at(1)}&to=${at(3)}`)).toEqual(all.slice(70, 280));
});
