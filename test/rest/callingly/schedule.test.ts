import { agents } from '../../../src/domain/agent/agent.service';
import { eventsOf, withoutChange } from '../../support/account-state';
import { CallinglyClient, unprocessable } from './callingly-client';

let client: CallinglyClient;
let id: number;
let path: string;

const LABELS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const HOURS = [{ start: '06:00:00', end: '20:00:00' }];
const WEEK = [
  { label: 'Sunday', day: 0, is_available: false, times: [{ start: 'allday', end: '20:00:00' }] },
  { label: 'Monday', day: 1, is_available: true, times: HOURS },
  {
    ...{ label: 'Tuesday', day: 2, is_available: true },
    times: [
      { start: '06:00:00', end: '12:00:00' },
      { start: '12:00:00', end: '23:45:00' },
    ],
  },
  { label: 'Wednesday', day: 3, is_available: true, times: HOURS },
  { label: 'Thursday', day: 4, is_available: true, times: [{ start: '06:00:00', end: '22:00:00' }] },
  { label: 'Friday', day: 5, is_available: true, times: [{ start: 'allday', end: '20:00:00' }] },
  { label: 'Saturday', day: 6, is_available: true, times: [{ start: 'allday', end: '20:00:00' }] },
];

beforeEach(async () => {
  client = await CallinglyClient.open();
  id = (await agents.create(client.ctx, { firstName: 'Ann' })).number;
  path = `/agents/${id}/schedule`;
});

/** A week in which only these days are worked. */
function week(...days: { day: number }[]): object {
  const free = LABELS.map((label, day) => ({ label, day, is_available: false, times: [] }));
  return { status: 200, body: free.map((one) => ({ ...one, ...days.find(({ day }) => day === one.day) })) };
}

test('a new agent works around the clock', async () => {
  const days = LABELS.map((_, day) => ({
    ...{ day, is_available: true },
    times: [{ start: 'allday', end: '23:59:59' }],
  }));
  expect(await client.get(path)).toEqual(week(...days));
});

test.each<[string, (days: object[]) => unknown]>([
  ['a list', (days) => days],
  ['an object', (schedule) => ({ schedule })],
  ['an object with an account', (schedule) => ({ schedule, account_id: client.ctx.account.number })],
  ['JSON text', (days) => ({ schedule: JSON.stringify(days) })],
  ['days without labels', (days) => days.map((day) => ({ ...day, label: undefined }))],
  ['days with other labels', (days) => days.map((day) => ({ ...day, label: 'Caturday', id: 7 }))],
  ['days in any order', (days) => days.toReversed()],
  ['days as texts', (days) => days.map((one) => ({ ...one, day: String((one as { day: number }).day) }))],
  [
    'flags as numbers',
    (days) => days.map((one) => ({ ...one, is_available: Number((one as (typeof WEEK)[0]).is_available) })),
  ],
])('the documented week, sent as %s', async (_, bodyFor) => {
  expect(await client.put(path, bodyFor(WEEK))).toEqual({ status: 200, body: WEEK });
  expect(await client.get(path)).toEqual({ status: 200, body: WEEK });
});

test('it is the schedule of every other door, in one event', async () => {
  await client.put(path, WEEK);
  const { schedule } = await agents.get(client.ctx, id);
  expect(schedule[0]).toEqual({
    ...{ day: 0, isAvailable: false, isAllDay: true },
    windows: [{ start: '00:00:00', end: '20:00:00' }],
  });
  expect(schedule[1]).toEqual({ day: 1, isAvailable: true, isAllDay: false, windows: HOURS });
  const events = await eventsOf(client.account, 'agent');
  expect(events.map(({ name, changes }) => [name, Object.keys(changes)])).toEqual([
    ['agent.created', []],
    ['agent.updated', ['schedule']],
  ]);
  const same = await withoutChange(client.account, () => client.put(path, WEEK));
  expect(same).toEqual({ status: 200, body: WEEK });
});

test.each<[string, object, object]>([
  [
    'hours without seconds',
    { times: [{ start: '06:00', end: '20:00' }] },
    { is_available: true, times: HOURS },
  ],
  [
    'hours to midnight',
    { times: [{ start: '20:00', end: '24:00' }] },
    { is_available: true, times: [{ start: '20:00:00', end: '24:00:00' }] },
  ],
  ['hours and no word of it', { times: HOURS }, { is_available: true, times: HOURS }],
  ['hours that are not worked', { is_available: 0, times: HOURS }, { times: HOURS }],
  ['no hours', { is_available: true, times: [] }, { is_available: true }],
  ['no hours at all', {}, {}],
  [
    'all day without an end',
    { times: [{ start: 'allday' }] },
    { is_available: true, times: [{ start: 'allday', end: '23:59:59' }] },
  ],
  [
    'all day without a real end',
    { times: [{ start: 'allday', end: 'allday' }] },
    { is_available: true, times: [{ start: 'allday', end: '23:59:59' }] },
  ],
  [
    'all day beside hours',
    { times: [...HOURS, { start: 'allday', end: '18:00:00' }] },
    { is_available: true, times: [{ start: 'allday', end: '18:00:00' }] },
  ],
  ['notavailable', { is_available: true, times: [{ start: 'notavailable', end: '20:00:00' }] }, {}],
  ['notavailable without an end', { times: [{ start: 'notavailable', end: null }] }, {}],
  [
    'notavailable beside hours',
    { is_available: true, times: [{ start: 'notavailable', end: '20:00:00' }, ...HOURS] },
    { is_available: true, times: HOURS },
  ],
])('a day with %s; the days that are not sent are free of work', async (_, sent, kept) => {
  const expected = week({ day: 3, ...kept });
  expect(await client.put(path, [{ day: 3, ...sent }])).toEqual(expected);
  expect(await client.get(path)).toEqual(expected);
});

const START = 'The start must be allday, notavailable or a time like 06:00:00.';
const END = 'The end must be a time like 20:00:00.';
const LIST = 'The schedule must be a list of 1 to 7 days.';

test.each<[string, unknown, string, string]>([
  ['no days', [], 'schedule', LIST],
  ['eight days', Array(8).fill({ day: 1 }), 'schedule', LIST],
  ['no schedule', { account_id: '' }, 'schedule', 'The schedule field is required.'],
  ['null', { schedule: null }, 'schedule', LIST],
  ['a text that is no JSON', { schedule: 'always' }, 'schedule', LIST],
  ['JSON text of something else', { schedule: '{"day":1}' }, 'schedule', LIST],
  ['a text as day', ['Monday'], 'schedule.0', 'Each day must be an object.'],
  ['no day', [{ is_available: true }], 'schedule.0.day', 'The day must be from 0 (Sunday) to 6 (Saturday).'],
  [
    'an eighth day',
    [{ day: 1 }, { day: 7 }],
    'schedule.1.day',
    'The day must be from 0 (Sunday) to 6 (Saturday).',
  ],
  [
    'another flag',
    [{ day: 1, is_available: 'no' }],
    'schedule.0.is_available',
    'The is_available must be 0 or 1.',
  ],
  ['times that are no list', [{ day: 1, times: 'all' }], 'schedule.0.times', 'The times must be a list.'],
  [
    'a time that is no object',
    [{ day: 1, times: ['all'] }],
    'schedule.0.times.0',
    'The times must be objects with start and end.',
  ],
  ['no start', [{ day: 1, times: [{ end: '20:00' }] }], 'schedule.0.times.0.start', START],
  ['no end', [{ day: 1, times: [{ start: '06:00' }] }], 'schedule.0.times.0.end', END],
  ['a short hour', [{ day: 1, times: [{ start: '6:00', end: '20:00' }] }], 'schedule.0.times.0.start', START],
  [
    'an hour that is none',
    [{ day: 1, times: [{ start: '06:00', end: '25:00' }] }],
    'schedule.0.times.0.end',
    END,
  ],
  [
    'hours that end before they start',
    [{ day: 1, times: [{ start: '20:00', end: '06:00' }] }],
    'schedule.0',
    'Schedule: 20:00:00–06:00:00 must end after it starts.',
  ],
  [
    'hours that overlap',
    [{ day: 1, times: [...HOURS, { start: '19:00', end: '21:00' }] }],
    'schedule.0',
    'Schedule: 06:00:00–20:00:00 overlaps another window.',
  ],
  ['a day twice', [{ day: 1 }, { day: 1 }], 'schedule.1', 'Schedule: day 1 stands twice.'],
  [
    'eleven times',
    [{ day: 1, times: Array(11).fill(HOURS[0]) }],
    'schedule.0.times',
    'The times must be at most 10.',
  ],
])('%s is refused', async (_, body, field, message) => {
  await client.put(path, WEEK);
  const answer = await withoutChange(client.account, () => client.put(path, body));
  expect(answer).toEqual(unprocessable(field, message));
  expect(await client.get(path)).toEqual({ status: 200, body: WEEK });
});
