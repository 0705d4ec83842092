import { CallinglyClient } from './callingly-client';

let client: CallinglyClient;

const JOHN = { fname: 'John', lname: 'Smith', phone_number: '555-555-5555' };
const PAST = '2026-03-02 09:59:59';
const NOW = '2026-03-02 10:00:00';
const FUTURE = '2026-03-02 10:00:01';

beforeEach(async () => {
  client = await CallinglyClient.open();
  client.account.clock.at = new Date('2026-03-02T10:00:00.000Z');
});

async function create(body: object = JOHN): Promise<number> {
  return (await client.post('/agents', body)).body.id;
}

async function read(id: number): Promise<{ donotdisturb: number; is_available: boolean }> {
  return (await client.get('/agents')).body.find((one: { id: number }) => one.id === id);
}

test.each<[string, object[], 0 | 1]>([
  ['on, with an end to come', [{ donotdisturb: 1, donotdisturb_until: FUTURE }], 1],
  ['on, with an end in ISO 8601', [{ donotdisturb: 1, donotdisturb_until: '2026-03-02T12:00:01+02:00' }], 1],
  ['on, with an end that is now', [{ donotdisturb: 1, donotdisturb_until: NOW }], 0],
  ['on, with an end that is over', [{ donotdisturb: 1, donotdisturb_until: PAST }], 0],
  ['on, with no end', [{ donotdisturb: 1, donotdisturb_until: null }], 1],
  ['on, with an empty end', [{ donotdisturb: 1, donotdisturb_until: '' }], 1],
  ['an end alone', [{ donotdisturb_until: FUTURE }], 1],
  ['an end later', [{ donotdisturb: 1 }, { donotdisturb_until: FUTURE }], 1],
  [
    'on again, where the end before is over',
    [{ donotdisturb: 1, donotdisturb_until: PAST }, { donotdisturb: 1 }],
    1,
  ],
  [
    'off, where the end is to come',
    [{ donotdisturb: 1, donotdisturb_until: FUTURE }, { donotdisturb: 0 }],
    0,
  ],
  ['off, with an end', [{ donotdisturb: 0, donotdisturb_until: FUTURE }], 0],
])('do-not-disturb: %s', async (_, bodies, donotdisturb) => {
  const id = await create();
  const expected = { donotdisturb, is_available: donotdisturb === 0 };
  let answer: object = {};
  for (const body of bodies) answer = await client.put(`/agents/${id}`, body);
  expect(answer).toMatchObject({ status: 200, body: expected });
  expect(await read(id)).toMatchObject(expected);
});

test('do-not-disturb ends by itself, in UTC whatever the agent’s zone', async () => {
  const id = await create({
    ...JOHN,
    timezone: 'America/Phoenix',
    donotdisturb: 1,
    donotdisturb_until: FUTURE,
  });
  expect(await read(id)).toMatchObject({ donotdisturb: 1, is_available: false });
  client.account.clock.advance(1000);
  expect(await read(id)).toMatchObject({ donotdisturb: 0, is_available: true });
});

test('availability follows the schedule in the agent’s zone', async () => {
  const id = await create({ ...JOHN, timezone: 'America/Phoenix' });
  const monday = { day: 1, is_available: true, times: [{ start: '06:00:00', end: '20:00:00' }] };
  await client.put(`/agents/${id}/schedule`, [monday]);
  const seen: boolean[] = [];
  for (const at of [
    '2026-03-02T12:59:59Z',
    '2026-03-02T13:00:00Z',
    '2026-03-03T02:59:59Z',
    '2026-03-03T03:00:00Z',
  ]) {
    client.account.clock.at = new Date(at);
    seen.push((await read(id)).is_available);
  }
  expect(seen).toEqual([false, true, true, false]);
});
