import { accounts } from '../../../src/domain/account/account.service';
import { Appointment } from '../../../src/domain/appointment/appointment.entity';
import { issueKey, type TestAccount } from '../../support/account';
import { eventNamesOf, withoutChange } from '../../support/account-state';
import { answerOf, EpixelClient, JANE, refusal } from '../../support/epixel-client';
import { startTestServer, type TestServer } from '../../support/server';

const R = 'This field is required.';
const B = 'This field is may not be blank.';
const VISIT = { appointment_date: '2026-06-18 10:00', appointment_to: '2026-06-18 10:30' };

let server: TestServer;
let account: TestAccount;
let client: EpixelClient;
let slug: string;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  account = await server.openAccount();
  client = await EpixelClient.of(server, account, { username: 'amy', role: 'agent' });
  slug = String((await client.done('create/lead', JANE)).slug);
});

afterAll(() => server.close());

test.each(['leads/create/appointment', 'create/appointment'])('creates at %s', async (path) => {
  const data = await client.done(path, {
    slug,
    ...VISIT,
    appointment_note: 'Hi',
    appointment_status: 'fullfilled',
  });
  expect(data).toEqual({
    ...{ id: expect.any(Number), ...VISIT, appointment_note: 'Hi', appointment_status: 'fullfilled' },
    lead: { slug, first_name: 'Jane', last_name: 'Doe' },
  });
  const stored = await account.ctx.repo(Appointment).get(data.id as number);
  expect(stored).toMatchObject({
    agentId: client.agent.id,
    startsAt: '2026-06-18T10:00:00.000Z',
    status: 'fulfilled',
  });
  expect(await eventNamesOf(account, 'appointment')).toEqual(['appointment.created']);
});

test('times are those of the account’s clock', async () => {
  await accounts.update(account.ctx, { timeZone: 'America/New_York' });
  // The zone of a known key is read again after a second.
  const key = { ...account, key: await issueKey(account) };
  const there = new EpixelClient(
    server,
    key,
    client.agent,
    (await EpixelClient.of(server, account, { username: 'bo' })).token,
  );
  const { id } = await there.done('create/appointment', { slug, ...VISIT });
  const { startsAt } = await account.ctx.repo(Appointment).get(id as number);
  expect(startsAt).toBe('2026-06-18T14:00:00.000Z');
});

const DATES = [
  '2026-06-18',
  '18/06/2026 10:00',
  '2026-13-01 10:00',
  '2026-02-30 10:00',
  'soon',
  '2026-06-18T10:00:00Z',
];
const BAD: [string, Record<string, string | undefined>, object][] = [
  ['slug blank', { slug: '' }, { slug: [B] }],
  ['slug unknown', { slug: 'none-1' }, { slug: ['Requested slug is invalid.'] }],
  ['start blank', { appointment_date: '' }, { appointment_date: [B] }],
  ['end blank', { appointment_to: '' }, { appointment_to: [B] }],
  ...DATES.map((date): [string, Record<string, string>, object] => [
    ...([
      `start ${date}`,
      { appointment_date: date },
      { appointment_date: ['Invalid date format.'] },
    ] as const),
  ]),
  ['end wrong', { appointment_to: '10:30' }, { appointment_to: ['Invalid date format.'] }],
  [
    ...(['note long', { appointment_note: 'x'.repeat(201) }] as const),
    { appointment_note: ['Ensure this field has no more than 200 characters.'] },
  ],
  ['status wrong', { appointment_status: 'done' }, { appointment_status: ['Invalid appointment status.'] }],
];
const MISSING: [string, Record<string, string | undefined>, object][] = [
  ['slug missing', { slug: undefined }, { slug: [R] }],
  ['start missing', { appointment_date: undefined }, { appointment_date: [R] }],
  ['end missing', { appointment_to: undefined }, { appointment_to: [R] }],
];

const sent = (fields: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;

test.each([...BAD, ...MISSING])('create: %s', async (_, fields, errors) => {
  const response = await withoutChange(account, () =>
    client.post('create/appointment', sent({ slug, ...VISIT, ...fields })),
  );
  expect(answerOf(response)).toEqual(refusal(400, errors as Record<string, unknown>));
});

test.each(BAD)('update: %s', async (_, fields, errors) => {
  const { id } = await client.done('create/appointment', { slug, ...VISIT });
  const response = await withoutChange(account, () =>
    client.post('update/appointment', sent({ appointment_id: String(id), ...fields })),
  );
  expect(answerOf(response)).toEqual(refusal(400, errors as Record<string, unknown>));
});

const FAILURES: [string, Record<string, string>, string][] = [
  ['overlaps', VISIT, 'Appointment schedule exists for this time.'],
  [
    ...([
      'ends before it starts',
      { appointment_date: '2026-07-01 11:00', appointment_to: '2026-07-01 10:00' },
    ] as const),
    "End Date Can't be prior to Start Date.",
  ],
  [
    ...([
      'takes no time',
      { appointment_date: '2026-07-01 11:00', appointment_to: '2026-07-01 11:00' },
    ] as const),
    "End Date Can't be prior to Start Date.",
  ],
  [
    ...(['is over', { appointment_date: '2026-03-02 10:00', appointment_to: '2026-03-02 10:30' }] as const),
    'Please Specify a date in the future.',
  ],
];

test.each(FAILURES)('one that %s is refused', async (_, times, detail) => {
  await client.done('create/appointment', { slug, ...VISIT });
  const other = await client.done('create/appointment', {
    ...{ slug, appointment_date: '2026-06-20 10:00', appointment_to: '2026-06-20 10:30' },
  });
  await withoutChange(account, async () => {
    expect(answerOf(await client.post('create/appointment', { slug, ...times }))).toEqual(
      refusal(401, { detail }),
    );
    const update = { appointment_id: String(other.id), ...times };
    expect(answerOf(await client.post('update/appointment', update))).toEqual(refusal(401, { detail }));
  });
});

test.each(['create/appointment', 'update/appointment'])('%s without any field', async (path) => {
  const expected = refusal(401, { detail: 'Body data not found.' });
  await withoutChange(account, async () => {
    expect(answerOf(await client.post(path, {}))).toEqual(expected);
    for (const payload of ['', '{}']) {
      const headers = { ...client.headers, 'content-type': 'application/x-www-form-urlencoded' };
      const url = `/api/v1/leads/${path}/`;
      expect(answerOf(await server.app.inject({ method: 'POST', url, headers, payload }))).toEqual(expected);
    }
  });
});

describe.each([
  ['update/appointment', "You can't update this appointment."],
  ['delete/appointment', "You can't delete this appointment."],
])('%s', (path, ofOthers) => {
  test.each([
    ['missing', { appointment_note: 'x' }, R],
    ['blank', { appointment_id: '' }, B],
    ['no number', { appointment_id: 'first' }, 'Invalid appointment id.'],
    ['of none', { appointment_id: '2147483647' }, 'Requested appointment not found.'],
  ])('appointment_id %s', async (_, fields, text) => {
    const response = await withoutChange(account, () => client.post(path, fields as never));
    expect(answerOf(response)).toEqual(refusal(400, { appointment_id: [text] }));
  });

  test('another agent’s', async () => {
    const zoe = await EpixelClient.of(server, account, { username: 'zoe', role: 'agent' });
    const hers = String((await zoe.done('create/lead', JANE)).slug);
    const { id } = await zoe.done('create/appointment', { slug: hers, ...VISIT });
    await withoutChange(account, async () => {
      const response = await client.post(path, { appointment_id: String(id), appointment_note: 'x' });
      expect(answerOf(response)).toEqual(refusal(401, { detail: ofOthers }));
      const under = await client.post('create/appointment', { slug: hers, ...VISIT });
      expect(answerOf(under)).toEqual(
        refusal(400, { slug: ["You can't take appointment under this lead."] }),
      );
    });
  });
});

test('changes what is given and keeps the rest, then deletes', async () => {
  const { id } = await client.done('create/appointment', { slug, ...VISIT, appointment_note: 'Hi' });
  const appointment_id = String(id);
  const moved = { appointment_date: '2026-06-18 10:15', appointment_status: 'rescheduled' };
  expect(await client.done('leads/update/appointment', { appointment_id, ...moved })).toEqual({
    ...{ id, ...moved, appointment_to: VISIT.appointment_to, appointment_note: 'Hi' },
    lead: { slug, first_name: 'Jane', last_name: 'Doe' },
  });
  expect(await client.done('leads/delete/appointment', { appointment_id })).toEqual({});
  expect(await account.ctx.repo(Appointment).count()).toBe(0);
});

test('of 50 at once for one time exactly one is taken', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => client.post('create/appointment', { slug, ...VISIT })),
  );
  const statuses = answers.map(({ statusCode }) => statusCode);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  const expected = refusal(401, { detail: 'Appointment schedule exists for this time.' });
  for (const response of answers.filter(({ statusCode }) => statusCode !== 200)) {
    expect(answerOf(response)).toEqual(expected);
  }
  expect(await account.ctx.repo(Appointment).count()).toBe(1);
});
