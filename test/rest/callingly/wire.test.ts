import { accounts } from '../../../src/domain/account/account.service';
import type { Context } from '../../../src/domain/context';
import { teams } from '../../../src/domain/team/team.service';
import { issueKey } from '../../support/account';
import { withoutChange } from '../../support/account-state';
import { CallinglyClient, NOT_FOUND, refused } from './callingly-client';

let agency: CallinglyClient;
let client: Context;
let team: number;

const FOREIGN = refused(403, 'This key may not act for that account.');
const DONE = { status: 200, body: { success: true } };

beforeEach(async () => {
  agency = await CallinglyClient.open();
  client = await openClient('Smith Pools');
  team = (await teams.create(client, { name: 'Main Team' })).number;
});

async function openClient(name: string): Promise<Context> {
  const { number } = await accounts.createClient(agency.ctx, { name });
  return agency.ctx.actingFor(await accounts.clientScope(agency.ctx, number));
}

/** The raw request of a program: only the headers that are given. */
async function inject(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  headers: object,
  payload?: string,
) {
  const response = await agency.server.app.inject({
    ...{ method, url, ...(payload !== undefined && { payload }) },
    headers: { authorization: `Bearer ${agency.account.key}`, ...headers },
  });
  const type = response.headers['content-type'];
  return { status: response.statusCode, type, body: response.json() };
}

const JSON_TYPE = 'application/json; charset=utf-8';

describe('the account that an agency acts for', () => {
  test.each<[string, (id: unknown) => Promise<unknown>]>([
    ['the query of GET', (id) => agency.get(`/teams/${team}?account_id=${id}`)],
    [
      'the header of GET',
      (id) => agency.send('GET', `/teams/${team}`, undefined, { 'x-account-id': String(id) }),
    ],
    ['the query of PUT', (id) => agency.put(`/teams/${team}?account_id=${id}`, { delay: 0 })],
    ['the body of PUT', (account_id) => agency.put(`/teams/${team}`, { account_id })],
    ['the body of PUT, as text', (id) => agency.put(`/teams/${team}`, { account_id: String(id) })],
    ['the header of PUT', (id) => agency.send('PUT', `/teams/${team}`, {}, { 'X-Account-Id': String(id) })],
  ])('is named by %s', async (_, ask) => {
    const answer = { status: 200, body: { id: team, account_id: client.account.number, name: 'Main Team' } };
    expect(await ask(client.account.number)).toMatchObject(answer);
  });

  test('is named by the body of POST, and owns what is made', async () => {
    const { number } = client.account;
    for (const account_id of [number, String(number)]) {
      const { body } = await agency.post('/teams', { name: 'New Team', account_id });
      expect(body).toMatchObject({ account_id: number, name: 'New Team' });
      expect((await teams.get(client, body.id)).name).toBe('New Team');
    }
    expect(await agency.get('/teams')).toEqual({ status: 200, body: [] });
  });

  test('is named by the query where the body is a list', async () => {
    const agent = (await agency.post(`/agents?account_id=${client.account.number}`, ANN)).body.id;
    const body = [{ day: 1, is_available: true, times: [{ start: 'allday', end: '20:00:00' }] }];
    const path = `/agents/${agent}/schedule`;
    const answer = await agency.put(`${path}?account_id=${client.account.number}`, body);
    expect(answer.body[1]).toEqual({ label: 'Monday', ...body[0] });
    expect(await agency.put(path, body)).toEqual(NOT_FOUND);
  });

  test('is the agency itself by default, by its own number, and by nothing', async () => {
    const own = agency.ctx.account.number;
    const answers = [
      await agency.post('/teams', { name: 'Own Team' }),
      await agency.post('/teams', { name: 'Own Team', account_id: own }),
      await agency.post('/teams', { name: 'Own Team', account_id: null }),
      await agency.post('/teams?account_id=', { name: 'Own Team', account_id: '' }),
    ];
    for (const { body } of answers) expect(body).toMatchObject({ account_id: own, name: 'Own Team' });
    expect((await agency.get('/teams')).body).toHaveLength(answers.length);
    expect(await agency.get(`/teams/${team}`)).toEqual(NOT_FOUND);
  });

  test('is that of the body before the query, and of the query before the header', async () => {
    const other = (await openClient('Acme')).account.number;
    const { number } = client.account;
    const header = { 'x-account-id': String(other) };
    const answers = [
      await agency.send('PUT', `/teams/${team}?account_id=${other}`, { account_id: number }, header),
      await agency.send('PUT', `/teams/${team}?account_id=${number}`, {}, header),
      await agency.send('GET', `/teams/${team}?account_id=${number}`, undefined, header),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { account_id: number } });
    expect(await agency.send('GET', `/teams/${team}`, undefined, header)).toEqual(NOT_FOUND);
  });

  test('may not be another agency’s, or nobody’s, and nothing changes', async () => {
    const stranger = await CallinglyClient.open();
    const foreign = await stranger.post('/clients', PERSON);
    const bad = [foreign.body.id, stranger.ctx.account.number, 2_147_483_647, '99999999999', 'abc', 0, -1];
    await withoutChange(stranger.account, () =>
      withoutChange(agency.account, () =>
        withoutChange({ ...agency.account, ctx: client }, async () => {
          for (const account_id of bad) {
            const header = { 'x-account-id': String(account_id) };
            expect(await agency.get(`/teams?account_id=${account_id}`)).toEqual(FOREIGN);
            expect(await agency.send('GET', '/teams', undefined, header)).toEqual(FOREIGN);
            expect(await agency.post('/teams', { name: 'Mine', account_id })).toEqual(FOREIGN);
            expect(await agency.put(`/teams/${team}`, { name: 'Mine', account_id })).toEqual(FOREIGN);
            expect(await agency.delete(`/agents/1?account_id=${account_id}`)).toEqual(FOREIGN);
          }
        }),
      ),
    );
  });

  test('of a client’s key is the client alone', async () => {
    const other = (await openClient('Acme')).account.number;
    const key = await issueKey({ ...agency.account, ctx: client });
    const own = new CallinglyClient(agency.server, { ...agency.account, ctx: client, key });
    expect(await own.get(`/teams?account_id=${client.account.number}`)).toMatchObject({
      body: [{ id: team }],
    });
    for (const number of [other, agency.ctx.account.number]) {
      expect(await own.get(`/teams?account_id=${number}`)).toEqual(FOREIGN);
    }
  });
});

const ANN = { fname: 'Ann', lname: 'Lee', phone_number: '602-481-9661' };
const PERSON = { fname: 'Max', lname: 'Poe', email: 'max@example.com', phone_number: '602-481-9662' };

describe('what clients send', () => {
  let own: number;
  let ann: number;

  beforeEach(async () => {
    own = (await agency.post('/teams', { name: 'Own Team' })).body.id;
    ann = (await agency.post('/agents', ANN)).body.id;
    await agency.put(`/teams/${own}/agents`, { agents: [ann] });
  });

  test.each([
    ['JSON as type, and no body', { 'content-type': 'application/json' }],
    ['the same with its length', { 'content-type': 'application/json', 'content-length': '0' }],
    ['no type', {}],
  ])('GET and DELETE with %s', async (_, headers) => {
    const { status, body } = await inject('GET', `/v1/teams/${own}/agents`, headers);
    expect({ status, body }).toMatchObject({ status: 200, body: { agents: [{ id: ann }] } });
    expect(await inject('DELETE', `/v1/teams/${own}/agents/${ann}`, headers)).toEqual({
      ...DONE,
      type: JSON_TYPE,
    });
    expect(await inject('DELETE', `/v1/agents/${ann}`, headers)).toEqual({ ...DONE, type: JSON_TYPE });
  });

  test('the same over a connection', async () => {
    const address = await agency.server.listen();
    const headers = { authorization: `Bearer ${agency.account.key}`, 'content-type': 'application/json' };
    const listed = await fetch(`${address}/v1/agents`, { headers });
    expect({ status: listed.status, body: await listed.json() }).toMatchObject({
      status: 200,
      body: [{ id: ann }],
    });
    const deleted = await fetch(`${address}/v1/agents/${ann}`, { method: 'DELETE', headers });
    expect({ status: deleted.status, body: await deleted.json() }).toEqual(DONE);
  });

  test.each([
    ['JSON', 'application/json'],
    ['JSON and its charset', 'application/json; charset=utf-8'],
    ['nothing', ''],
    ['something else', 'text/plain'],
  ])('a body whose type says %s', async (_, type) => {
    const payload = JSON.stringify({ delay: 5 });
    const { status, body } = await inject(
      'PUT',
      `/v1/teams/${own}`,
      type ? { 'content-type': type } : {},
      payload,
    );
    expect({ status, body }).toMatchObject({ status: 200, body: { id: own, delay: 5 } });
  });

  test('no Accept header is answered in JSON, failures too', async () => {
    const json = { type: JSON_TYPE };
    expect(await inject('GET', '/v1/teams', {})).toMatchObject({ ...json, status: 200 });
    expect(await inject('GET', '/v1/teams/0', {})).toEqual({ ...json, ...NOT_FOUND });
    expect(await inject('GET', '/v1/nothing', {})).toEqual({ ...json, ...NOT_FOUND });
    expect(await inject('GET', '/v1/teams', { authorization: '' })).toEqual({
      ...json,
      ...refused(401, 'Unauthenticated.'),
    });
    expect(await inject('PATCH' as 'PUT', '/v1/teams', {})).toEqual({
      ...json,
      ...refused(405, 'The PATCH method is not supported for this route.'),
    });
    expect(await inject('POST', '/v1/teams', {}, '{"name": ')).toEqual({
      ...json,
      ...refused(422, 'Invalid JSON in request body'),
    });
  });

  test.each([
    ['PATCH', '/v1/teams', 'GET, HEAD, POST'],
    ['DELETE', '/v1/teams', 'GET, HEAD, POST'],
    ['POST', '/v1/leads/1', 'GET, HEAD, PUT, DELETE'],
    ['GET', '/callingly/v1/sms', 'POST'],
  ] as const)('%s %s is told which methods there are', async (method, url, allow) => {
    const authorization = `Bearer ${agency.account.key}`;
    const { statusCode, headers } = await agency.server.app.inject({
      ...{ method, url, headers: { authorization } },
    });
    expect({ statusCode, allow: headers.allow }).toEqual({ statusCode: 405, allow });
  });

  test('a slash at the end', async () => {
    expect((await agency.get('/teams/')).body).toMatchObject([{ id: own }]);
    expect((await agency.get(`/teams/${own}/`)).body).toMatchObject({ id: own });
    expect((await agency.put(`/teams/${own}/agents/`, { agents: [String(ann)] })).status).toBe(200);
  });

  test('keys that are unknown, in the query and in the body', async () => {
    const { body } = await agency.get('/teams?since=2020-01-01&page=3&limit=0');
    expect(body).toMatchObject([{ id: own }]);
    const answer = await agency.put(`/teams/${own}?debug=1`, { schedule: [], since: 'x', page: 0, id: '9' });
    expect(answer.body).toMatchObject({ id: own, name: 'Own Team' });
  });

  test('an empty change', async () => {
    const account = agency.account;
    const place = await withoutChange(account, () => agency.put(`/teams/${own}/agents/${ann}`, {}));
    expect(place).toEqual({ status: 200, body: { id: ann, name: 'Ann Lee', priority: 0, cap: null } });
  });

  test('the paths below the dialect’s name, and at its host', async () => {
    const answers = [
      await inject('GET', '/callingly/v1/teams', {}),
      await inject('GET', '/v1/teams', { host: 'callingly.example.com' }),
    ];
    for (const { body } of answers) expect(body).toMatchObject([{ id: own }]);
  });
});

test('120 requests a minute, then 429 until one is free', async () => {
  const first = await agency.server.app.inject({
    url: '/v1/teams',
    headers: { authorization: `Bearer ${agency.account.key}` },
  });
  expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '120', 'x-ratelimit-remaining': '119' });
  for (let at = 1; at < 120; at += 1) expect((await agency.get('/teams')).status).toBe(200);
  expect(await agency.get('/teams')).toEqual(refused(429, 'Too Many Attempts.'));
  agency.account.clock.advance(60_000);
  expect((await agency.get('/teams')).status).toBe(200);
});
