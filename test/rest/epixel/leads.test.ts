import type { LightMyRequestResponse } from 'fastify';
import { accounts } from '../../../src/domain/account/account.service';
import { Lead } from '../../../src/domain/lead/lead.entity';
import { leads } from '../../../src/domain/lead/lead.service';
import type { TestAccount } from '../../support/account';
import { eventNamesOf, eventsOf, withoutChange } from '../../support/account-state';
import { answerOf, EpixelClient, JANE, refusal } from '../../support/epixel-client';
import { untilBlocked } from '../../support/locks';
import { startTestServer, type TestServer } from '../../support/server';

const R = 'This field is required.';
const B = 'This field may not be blank.';
const M = (n: number) => `Ensure this field has no more than ${n} characters.`;
const PHONE = "Phone number must be entered in the format: '999999999'. Up to 15 digits allowed.";

let server: TestServer;
let account: TestAccount;
let client: EpixelClient;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  account = await server.openAccount();
  client = await EpixelClient.of(server, account, { username: 'amy', role: 'agent' });
});

afterAll(() => server.close());

const leadOf = async (slug: unknown) => account.ctx.repo(Lead).findBy({ slug: String(slug) });

test('creates a lead that the agent owns, with one event', async () => {
  const bob = await EpixelClient.of(server, account, { username: 'bob', role: 'agent' });
  const data = await client.done('v1/create/lead', {
    ...{ ...JANE, location: 'Springfield', message: 'Hello', status: 'prospect', source: 'website' },
    assignee: 'bob',
  });
  const lead = (await leadOf(data.slug)) as Lead;
  expect(data).toEqual({
    ...{ id: lead.number, slug: `jane-doe-${lead.number}`, ...JANE, phone: '+12025550143' },
    ...{ location: 'Springfield', message: 'Hello', status: 'prospect', source: 'website' },
    ...{ assignee: 'bob', owner: 'amy', campaign: 'default-feed', created_at: '2026-03-02T10:00:00.000Z' },
  });
  expect(lead).toMatchObject({ ownerId: client.agent.id, assigneeId: bob.agent.id, stage: 'prospect' });
  expect(await eventNamesOf(account, 'lead')).toEqual(['lead.created']);
});

test.each(['v1/leads/create/lead', 'v1/create/lead', 'leads/create/lead', 'create/lead'])(
  'creates at %s, with the slash and without',
  async (path) => {
    await client.done(path, JANE);
    const { statusCode } = await server.app.inject({
      ...{ method: 'POST', url: `/api/v1/${path}`, headers: client.headers, payload: JANE },
    });
    expect(statusCode).toBe(200);
    expect(await account.ctx.repo(Lead).count()).toBe(2);
  },
);

test.each([
  ['999999999', '+999999999'],
  ['2025550143', '+12025550143'],
  ['+4915112345678', '+4915112345678'],
  ['123456789012345', '+123456789012345'],
])('takes the phone number %s', async (phone, stored) => {
  expect(await client.done('create/lead', { ...JANE, phone })).toMatchObject({ phone: stored });
});

const LONG = 'x'.repeat(256);
const BAD_FIELDS: [string, Record<string, string | undefined>, Record<string, string[]>][] = [
  ['first_name missing', { first_name: undefined }, { first_name: [R] }],
  ['first_name blank', { first_name: '  ' }, { first_name: [B] }],
  ['first_name long', { first_name: LONG }, { first_name: [M(255)] }],
  ['last_name missing', { last_name: undefined }, { last_name: [R] }],
  ['last_name blank', { last_name: '' }, { last_name: [B] }],
  ['last_name long', { last_name: LONG }, { last_name: [M(255)] }],
  ['email missing', { email: undefined }, { email: [R] }],
  ['email blank', { email: '' }, { email: [B] }],
  ['email long', { email: `${'x'.repeat(250)}@example.com` }, { email: [M(255), 'Invalid email.'] }],
  ['email wrong', { email: 'jane' }, { email: ['Invalid email.'] }],
  ['phone missing', { phone: undefined }, { phone: [R] }],
  ['phone blank', { phone: '' }, { phone: [B] }],
  ['phone short', { phone: '12345678' }, { phone: [PHONE] }],
  ['phone long', { phone: '12345678901234567' }, { phone: [PHONE] }],
  ['phone with letters', { phone: 'call me' }, { phone: [PHONE] }],
  ['phone of no country', { phone: '000000000' }, { phone: [PHONE] }],
  ['location long', { location: LONG }, { location: [M(255)] }],
  ['message long', { message: LONG }, { message: [M(255)] }],
  ['status wrong', { status: 'lost' }, { status: ['"lost" is not a valid choice.'] }],
  ['source wrong', { source: 'tv' }, { source: ['"tv" is not a valid choice.'] }],
  ['assignee blank', { assignee: '' }, { assignee: [B] }],
  ['assignee unknown', { assignee: 'zoe' }, { assignee: ['Assignee not found.'] }],
];

const without = (fields: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >;

describe.each([['create/lead'], ['update/lead']])('%s', (path) => {
  test.each(BAD_FIELDS)('%s', async (_, fields, errors) => {
    const { slug } = await client.done('create/lead', JANE);
    const sent = without({ ...JANE, slug: String(slug), ...fields });
    const response = await withoutChange(account, () => client.post(path, sent));
    expect(answerOf(response)).toEqual(refusal(400, errors));
  });
});

test('sources are those of the account', async () => {
  await accounts.update(account.ctx, { leadSources: ['tv', 'radio'] });
  expect(await client.done('create/lead', { ...JANE, source: 'tv' })).toMatchObject({ source: 'tv' });
  const response = await withoutChange(account, () =>
    client.post('create/lead', { ...JANE, source: 'website' }),
  );
  expect(answerOf(response)).toEqual(refusal(400, { source: ['"website" is not a valid choice.'] }));
});

test.each(['leads/update/lead', 'update/lead'])('changes a lead at %s', async (path) => {
  const { slug } = await client.done('create/lead', JANE);
  const changed = { ...JANE, first_name: 'Janet', status: 'customer', message: 'Bought.' };
  expect(await client.done(path, { ...changed, slug: String(slug) })).toMatchObject({
    ...{ slug, first_name: 'Janet', status: 'customer', message: 'Bought.', owner: 'amy' },
  });
});

test('an update that hands the lead over is answered with the lead', async () => {
  const bob = await EpixelClient.of(server, account, { username: 'bob', role: 'agent' });
  const zoe = await EpixelClient.of(server, account, { username: 'zoe', role: 'agent' });
  const slug = String((await client.done('create/lead', { ...JANE, assignee: 'bob' })).slug);
  expect(await bob.done('update/lead', { ...JANE, slug, assignee: 'zoe' })).toMatchObject({
    ...{ slug, assignee: 'zoe', owner: 'amy' },
  });
  expect(await leadOf(slug)).toMatchObject({ assigneeId: zoe.agent.id });
  const again = await withoutChange(account, () => bob.post('update/lead', { ...JANE, slug }));
  expect(answerOf(again)).toEqual(refusal(401, { detail: 'You are not owner of this lead.' }));
});

const NOTHING: [string, string[]][] = [
  ['create/lead', ['first_name', 'last_name', 'email', 'phone']],
  ['update/lead', ['first_name', 'last_name', 'email', 'phone', 'slug']],
  ['delete/lead', ['slug']],
  ['create/leadnote', ['slug', 'note']],
  ['delete/leadnote', ['note_id']],
  ['delete/appointment', ['appointment_id']],
];

describe.each(NOTHING)('%s without any field', (path, names) => {
  test.each([undefined, '{}', '[]', 'null', '"x"', ''])('as %s', async (payload) => {
    const headers = {
      ...client.headers,
      ...(payload !== undefined && { 'content-type': 'application/json' }),
    };
    const url = `/api/v1/leads/${path}/`;
    const response = await withoutChange(account, () =>
      server.app.inject({ method: 'POST', url, headers, ...(payload !== undefined && { payload }) }),
    );
    expect(answerOf(response)).toEqual(refusal(400, Object.fromEntries(names.map((name) => [name, [R]]))));
  });
});

test.each([
  ['source', {}, ['"{}" is not a valid choice.']],
  ['status', [1], ['"[1]" is not a valid choice.']],
  ['first_name', ['a', 'b'], [B]],
  ['message', {}, [B]],
])('a %s that is %j is refused', async (name, value, texts) => {
  const payload = JSON.stringify({ ...JANE, [name]: value });
  const headers = { ...client.headers, 'content-type': 'application/json' };
  const response = await withoutChange(account, () =>
    server.app.inject({ method: 'POST', url: '/api/v1/create/lead/', headers, payload }),
  );
  expect(answerOf(response)).toEqual(refusal(400, { [name]: texts }));
});

test('of six who delete a lead at once one does', async () => {
  const slug = String((await client.done('create/lead', JANE)).slug);
  const answers = await Promise.all(Array.from({ length: 6 }, () => client.post('delete/lead', { slug })));
  const refused = answers.filter(({ statusCode }) => statusCode !== 200);
  expect(refused.map(answerOf)).toEqual(
    Array(5).fill(refusal(400, { slug: ['Requested lead already has a deleted status.'] })),
  );
  const deletions = (await eventsOf(account, 'lead')).filter(({ name }) => name === 'lead.deleted');
  expect(deletions).toHaveLength(1);
});

/** Does the work when it waits for a lead that is deleted meanwhile. */
async function whileDeleted(slug: unknown, work: () => Promise<LightMyRequestResponse>) {
  const { id } = (await leadOf(slug)) as Lead;
  let answer: Promise<LightMyRequestResponse> | undefined;
  await account.ctx.transaction(async (tx) => {
    await leads.delete(tx, id);
    answer = work();
    await untilBlocked(server.database);
  });
  return answerOf((await answer) as LightMyRequestResponse);
}

test.each([
  [
    ...(['create/leadnote', { note: 'x' }] as const),
    refusal(400, { slug: ['Requested lead already has a deleted status.'] }),
  ],
  ['delete/lead', {}, refusal(400, { slug: ['Requested lead already has a deleted status.'] })],
  ['update/lead', JANE, refusal(401, { detail: 'Requested lead does not esixt.' })],
])('%s of a lead that is being deleted', async (path, fields, expected) => {
  const { slug } = await client.done('create/lead', JANE);
  const answer = await whileDeleted(slug, () => client.post(path, { ...fields, slug: String(slug) }));
  expect(answer).toEqual(expected);
});

const SLUGS: [string, string | undefined, string[]][] = [
  ['missing', undefined, [R]],
  ['blank', '', [B]],
  ['long', 'x'.repeat(259), [M(258)]],
];

describe.each([
  ['update/lead', JANE],
  ['delete/lead', {}],
  ['create/leadnote', { note: 'x' }],
])('%s', (path, fields) => {
  test.each(SLUGS)('slug %s', async (_, slug, errors) => {
    const response = await withoutChange(account, () => client.post(path, without({ ...fields, slug })));
    expect(answerOf(response)).toEqual(refusal(400, { slug: errors }));
  });
});

test('a lead that is another’s, deleted or none, in the words of each operation', async () => {
  const zoe = await EpixelClient.of(server, account, { username: 'zoe', role: 'agent' });
  const others = String((await zoe.done('create/lead', JANE)).slug);
  const deleted = String((await client.done('create/lead', JANE)).slug);
  await client.done('delete/lead', { slug: deleted });
  const missing = refusal(401, { detail: 'Requested lead does not esixt.' });
  const notFound = refusal(400, { slug: ['Requested lead not found.'] });
  const wasDeleted = refusal(400, { slug: ['Requested lead already has a deleted status.'] });
  const invalid = refusal(400, { slug: ['Requested slug is invalid.'] });
  const cases: [string, Record<string, string>, object][] = [
    ['update/lead', { ...JANE, slug: 'none-1' }, missing],
    ['update/lead', { ...JANE, slug: deleted }, missing],
    ['update/lead', { ...JANE, slug: others }, refusal(401, { detail: 'You are not owner of this lead.' })],
    ['delete/lead', { slug: 'none-1' }, notFound],
    ['delete/lead', { slug: deleted }, wasDeleted],
    ['delete/lead', { slug: others }, refusal(401, { detail: "You can't delete this lead." })],
    ['create/leadnote', { slug: 'none-1', note: 'x' }, notFound],
    ['create/leadnote', { slug: deleted, note: 'x' }, wasDeleted],
    [
      'create/leadnote',
      { slug: others, note: 'x' },
      refusal(401, { detail: "You can't add note on this lead." }),
    ],
  ];
  await withoutChange(account, async () => {
    for (const [path, fields, expected] of cases) {
      expect([path, answerOf(await client.post(path, fields))]).toEqual([path, expected]);
    }
    for (const slug of ['none-1', deleted, others]) {
      expect(answerOf(await client.get(`view/lead/?slug=${slug}`))).toEqual(invalid);
    }
  });
});

test('an admin may touch every lead, an assignee those assigned', async () => {
  const admin = await EpixelClient.of(server, account, { username: 'root', role: 'admin' });
  const bob = await EpixelClient.of(server, account, { username: 'bob', role: 'agent' });
  const slug = String((await client.done('create/lead', { ...JANE, assignee: 'bob' })).slug);
  await bob.done('update/lead', { ...JANE, slug, status: 'contact' });
  await admin.done('update/lead', { ...JANE, slug, status: 'closed' });
  await admin.done('create/leadnote', { slug, note: 'Closed by the admin.' });
  await admin.done('delete/lead', { slug });
  expect(await leadOf(slug)).toBeUndefined();
});
