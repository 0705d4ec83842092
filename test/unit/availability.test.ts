import fc from 'fast-check';
import { isAgentAvailable, isWithinSchedule, wholeWeek } from '../../src/domain/agent/agent.rules';
import { nextAvailableAt } from '../../src/domain/agent/next-available.rules';
import type { ScheduleDay } from '../../src/domain/agent/schedule';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Offsets of half hours, changes by half an hour, at midnight, over the end of a day, and none at all.
const ZONES = [
  ...['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Beirut', 'America/St_Johns'],
  ...['Africa/Cairo', 'Pacific/Chatham', 'Asia/Kathmandu', 'America/Phoenix', 'UTC', 'America/Santiago'],
];

/** Minutes by which the zone's wall clock is ahead of UTC, without luxon. */
const offsetOf = (zone: string, at: Date) => {
  const parts = wallClock(zone, at);
  const local = Date.UTC(
    Number(parts.year),
    Number(parts.month) - 1,
    Number(parts.day),
    Number(parts.hour),
    Number(parts.minute),
    Number(parts.second),
  );
  return Math.round((local - Math.floor(at.getTime() / 1000) * 1000) / MINUTE);
};

const formats = new Map<string, Intl.DateTimeFormat>();

function wallClock(zone: string, at: Date): Record<string, string> {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', weekday: 'short', year: 'numeric', month: 'numeric' },
      ...{ day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    } as Intl.DateTimeFormatOptions);
  formats.set(zone, format);
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** The days of 2026 on which clocks change. */
const changesByZone = new Map(
  ZONES.map((zone) => {
    const days = Array.from({ length: 365 }, (_, at) => Date.UTC(2026, 0, 1) + at * DAY);
    const nights = days.filter((at) => offsetOf(zone, new Date(at)) !== offsetOf(zone, new Date(at + DAY)));
    return [zone, nights];
  }),
);

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** The second opinion: the wall clock as Intl shows it, compared as text. */
function isWithinByIntl(schedule: readonly ScheduleDay[], zone: string, at: Date): boolean {
  const { weekday = '', hour, minute, second } = wallClock(zone, at);
  const today = schedule.filter(({ day }) => WEEKDAYS[day] === weekday);
  const time = `${hour}:${minute}:${second}`;
  return today.some(
    ({ isAvailable, isAllDay, windows }) =>
      isAvailable && (isAllDay || windows.some(({ start, end }) => start <= time && time < end)),
  );
}

const pad = (value: number) => String(value).padStart(2, '0');
const timeText = (seconds: number) =>
  `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;

const windows = fc.uniqueArray(fc.nat(96), { minLength: 2, maxLength: 8 }).map((quarters) => {
  const sorted = quarters.toSorted((a, b) => a - b).map((quarter) => timeText(quarter * 900));
  return sorted.flatMap((start, at) =>
    at % 2 === 0 && sorted[at + 1] ? [{ start, end: sorted[at + 1] as string }] : [],
  );
});

const day = (number: number): fc.Arbitrary<ScheduleDay> =>
  fc.record({
    day: fc.constant(number),
    isAvailable: fc.boolean(),
    isAllDay: fc.oneof(
      { weight: 4, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    windows,
  });

const schedules = fc
  .tuple(...[0, 1, 2, 3, 4, 5, 6].map(day))
  .chain((week) => fc.subarray(week as ScheduleDay[], { minLength: 4 }));

/** Moments around the nights in which the zone's clocks change, and others. */
const momentIn = (zone: string) => {
  const nights = changesByZone.get(zone) ?? [];
  const anyTime = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
  const nearby = fc.tuple(fc.constantFrom(0, ...nights), fc.integer({ min: -DAY, max: 3 * DAY }));
  const near = nearby.map(([night, off]) => (night || Date.UTC(2026, 5, 1)) + off);
  return fc.oneof(near, anyTime).map((ms) => new Date(Math.floor(ms / 1000) * 1000));
};

const cases = fc
  .constantFrom(...ZONES)
  .chain((zone) => fc.record({ zone: fc.constant(zone), schedule: schedules, at: momentIn(zone) }));

test('the zones of this test have changes of their clocks', () => {
  const counts = ZONES.map((zone) => changesByZone.get(zone)?.length);
  expect(counts).toEqual([2, 2, 2, 2, 2, 2, 2, 0, 0, 0, 2]);
});

test('luxon and Intl agree on who is at work, also in the nights in which clocks change', () => {
  let inside = 0;
  fc.assert(
    fc.property(cases, ({ zone, schedule, at }) => {
      const expected = isWithinByIntl(schedule, zone, at);
      inside += expected ? 1 : 0;
      expect(isWithinSchedule(schedule, zone, at)).toBe(expected);
    }),
    { numRuns: 3000 },
  );
  expect(inside).toBeGreaterThan(200);
});

test('the hour that comes twice is worked twice, the one that is left out not at all', () => {
  const night = {
    day: 0,
    isAvailable: true,
    isAllDay: false,
    windows: [{ start: '01:30:00', end: '02:30:00' }],
  };
  const at = (text: string) => isWithinSchedule([night], 'America/New_York', new Date(text));
  // Spring forward at 2:00 (UTC−5 to −4) on 8 March 2026: 1:30 to 2:00, then it is 3:00.
  expect([at('2026-03-08T06:29:59Z'), at('2026-03-08T06:59:59Z'), at('2026-03-08T07:00:00Z')]).toEqual([
    false,
    true,
    false,
  ]);
  // Fall back at 2:00 (UTC−4 to −5) on 1 November 2026: 1:30 to 2:00, again 1:00 to 2:00, then 2:00 to 2:30.
  const hours = ['05:30:00Z', '05:59:59Z', '06:00:00Z', '06:29:59Z', '06:30:00Z', '07:29:59Z', '07:30:00Z'];
  expect(hours.map((hour) => at(`2026-11-01T${hour}`))).toEqual([
    true,
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
});

describe('when an agent works next', () => {
  const agentOf = (schedule: ScheduleDay[], timeZone: string, more: object = {}) => ({
    ...{ isActive: true, isDoNotDisturb: false, doNotDisturbUntil: null, schedule, timeZone },
    ...more,
  });

  test('is a moment at which the agent works, and none before it is', () => {
    const until = fc.option(fc.integer({ min: -DAY, max: 2 * DAY }), { nil: null });
    fc.assert(
      fc.property(cases, until, ({ zone, schedule, at }, untilMs) => {
        const doNotDisturbUntil = untilMs === null ? null : new Date(at.getTime() + untilMs).toISOString();
        const agent = agentOf(schedule, zone, { doNotDisturbUntil });
        const next = nextAvailableAt(agent, at);
        if (next) expect(isAgentAvailable(agent, next)).toBe(true);
        const end = next ? next.getTime() : at.getTime() + 7 * DAY;
        for (let ms = at.getTime(); ms < end; ms += 15 * MINUTE) {
          expect({ at: new Date(ms), is: isAgentAvailable(agent, new Date(ms)) }).toEqual({
            at: new Date(ms),
            is: false,
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  test('is now for one who is at work, and never for one who is away for good', () => {
    const at = new Date('2026-03-02T10:00:00.000Z');
    const always = [0, 1, 2, 3, 4, 5, 6].map((number) => ({
      day: number,
      isAvailable: true,
      isAllDay: true,
      windows: [],
    }));
    expect(nextAvailableAt(agentOf(always, 'UTC'), at)).toEqual(at);
    for (const more of [{ isActive: false }, { isDoNotDisturb: true }, { schedule: [] }])
      expect(nextAvailableAt(agentOf(always, 'UTC', more), at)).toBeUndefined();
    const nights = agentOf(
      [{ day: 1, isAvailable: true, isAllDay: false, windows: [{ start: '22:00:00', end: '24:00:00' }] }],
      'Asia/Kathmandu',
    );
    expect(nextAvailableAt(nights, at)).toEqual(new Date('2026-03-02T16:15:00.000Z'));
    expect(nextAvailableAt(nights, new Date('2026-03-02T18:15:00.000Z'))).toEqual(
      new Date('2026-03-09T16:15:00.000Z'),
    );
  });
});

test('a week has seven days from Sunday on, those that are not given without work', () => {
  const monday = { day: 1, isAvailable: true, isAllDay: true, windows: [] };
  const free = (number: number) => ({ day: number, isAvailable: false, isAllDay: false, windows: [] });
  expect(wholeWeek([monday])).toEqual([free(0), monday, free(2), free(3), free(4), free(5), free(6)]);
});
