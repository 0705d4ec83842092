import { agents } from '../../../src/domain/agent/agent.service';
import { issueKey, type TestAccount } from '../../support/account';
import { withoutChange } from '../../support/account-state';
import { SAMPLE_AGENT } from '../../support/dialect-account';
import { answerOf, EpixelClient, JANE, refusal } from '../../support/epixel-client';
import { startTestServer, type TestServer } from '../../support/server';

const BAD = refusal(401, { detail: 'The supplied authentication credentials are invalid.' });
const INACTIVE = refusal(401, { detail: 'No active account found with the given credentials' });

let server: TestServer;
let account: TestAccount;
let client: EpixelClient;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  account = await server.openAccount();
  client = await EpixelClient.of(server, account);
});

afterAll(() => server.close());

const login = (fields: Record<string, string>) =>
  server.app.inject({
    ...{ method: 'POST', url: '/api/v1/user/login/', headers: { apikey: account.key }, payload: fields },
  });
const list = (headers: Record<string, string>) => server.app.inject({ url: '/api/v1/leads/list/', headers });

test('logs in, works with the access token, and refreshes it', async () => {
  const response = await login(SAMPLE_AGENT);
  expect(response.statusCode).toBe(200);
  const { access, refresh } = response.json();
  expect(Object.keys(response.json()).toSorted()).toEqual(['access', 'refresh']);
  expect((await list({ apikey: account.key, authorization: `Bearer ${access}` })).statusCode).toBe(200);
  server.clock.advance(15 * 60_000);
  const late = await list({ apikey: account.key, authorization: `Bearer ${access}` });
  expect(answerOf(late)).toEqual(
    refusal(401, { detail: 'The access token has expired.', code: 'token_not_valid' }),
  );
  for (let times = 0; times < 2; times++) {
    const again = await client.server.app.inject({
      ...{ method: 'POST', url: '/api/v1/user/token/refresh/', headers: { apikey: account.key } },
      payload: { refresh },
    });
    expect(Object.keys(again.json())).toEqual(['access']);
    const headers = { apikey: account.key, authorization: `Bearer ${again.json().access}` };
    expect((await list(headers)).statusCode).toBe(200);
  }
});

test('spaces at the ends of a password belong to it', async () => {
  const [spaced, plain] = ['  a password with spaces ', 'a password with spaces'];
  await agents.setPassword(account.ctx, client.agent.id, spaced);
  const { username } = SAMPLE_AGENT;
  expect((await login({ username, password: spaced })).statusCode).toBe(200);
  const trimmed = await withoutChange(account, () => login({ username, password: plain }));
  expect(answerOf(trimmed)).toEqual(BAD);
});

test('refuses what is not right, and says nothing more', async () => {
  const other = await server.openAccount();
  const stranger = await EpixelClient.of(server, other);
  await withoutChange(account, async () => {
    expect(answerOf(await login({ ...SAMPLE_AGENT, password: 'wrong password' }))).toEqual(BAD);
    expect(answerOf(await login({ ...SAMPLE_AGENT, username: 'nobody' }))).toEqual(BAD);
    expect(answerOf(await list({ authorization: `Bearer ${client.token}` }))).toEqual(BAD);
    expect(answerOf(await list({ apikey: account.key }))).toEqual(BAD);
    expect(answerOf(await list({ apikey: 'nonsense', authorization: `Bearer ${client.token}` }))).toEqual(
      BAD,
    );
    expect(answerOf(await list({ apikey: account.key, authorization: `Bearer ${stranger.token}` }))).toEqual(
      BAD,
    );
    expect(answerOf(await list({ apikey: account.key, authorization: 'Bearer x.y.z' }))).toEqual(
      refusal(401, { detail: 'The access token is not valid.', code: 'token_not_valid' }),
    );
  });
});

test.each([
  ['username', { password: 'x' }, 'This field is required.'],
  ['username', { username: '', password: 'x' }, 'This field may not be blank.'],
  ['password', { username: 'x' }, 'This field is required.'],
  ['password', { username: 'x', password: '' }, 'This field may not be blank.'],
])('login without %s', async (field, fields, text) => {
  expect(answerOf(await login(fields as never))).toEqual(refusal(400, { [field]: [text] }));
});

test.each([
  ['login', {}, { username: ['This field is required.'], password: ['This field is required.'] }],
  ['login', [], { username: ['This field is required.'], password: ['This field is required.'] }],
  ['token/refresh', {}, { refresh: ['This field is required.'] }],
])('%s with the body %j says what is missing', async (path, payload, errors) => {
  const url = `/api/v1/user/${path}/`;
  for (const body of [payload, undefined]) {
    const response = await server.app.inject({
      ...{ method: 'POST', url, headers: { apikey: account.key } },
      ...(body && { payload: body }),
    });
    expect(answerOf(response)).toEqual(refusal(400, errors));
  }
});

test('an agent who was switched off cannot log in, nor go on', async () => {
  await agents.update(account.ctx, client.agent.id, { isActive: false });
  expect(answerOf(await login(SAMPLE_AGENT))).toEqual(INACTIVE);
});

test('logins that succeed never count as tries', async () => {
  for (let tries = 0; tries < 9; tries++) await login({ ...SAMPLE_AGENT, password: 'wrong password' });
  for (let times = 0; times < 3; times++) expect((await login(SAMPLE_AGENT)).statusCode).toBe(200);
});

test('of 15 wrong tries at once ten are looked at', async () => {
  const wrong = { ...SAMPLE_AGENT, password: 'wrong password' };
  const answers = await Promise.all(Array.from({ length: 15 }, () => login(wrong)));
  const statuses = answers.map(({ statusCode }) => statusCode).toSorted();
  expect(statuses).toEqual([...Array(10).fill(401), ...Array(5).fill(429)]);
});

test('ten tries of a username in five minutes, then a wait', async () => {
  for (let tries = 0; tries < 10; tries++) await login({ ...SAMPLE_AGENT, password: 'wrong password' });
  const response = await login(SAMPLE_AGENT);
  expect(response.statusCode).toBe(429);
  expect(response.headers['retry-after']).toBe('300');
  expect(response.json()).toEqual({
    ...{ status_code: 429, data: {} },
    errors: { detail: 'Request was throttled. Expected available in 300 seconds.' },
  });
});

test('the scopes of the key bind the agent too', async () => {
  const key = await issueKey(account, ['leads:read']);
  const headers = { apikey: key, authorization: `Bearer ${client.token}` };
  expect((await list(headers)).statusCode).toBe(200);
  const response = await withoutChange(account, () =>
    server.app.inject({ method: 'POST', url: '/api/v1/create/lead/', headers, payload: JANE }),
  );
  expect(answerOf(response)).toEqual(refusal(403, { detail: 'This key lacks the scope leads:write.' }));
});

test.each([
  ['application/json', JSON.stringify(JANE)],
  ['application/x-www-form-urlencoded', new URLSearchParams(JANE).toString()],
])('takes a lead as %s', async (type, payload) => {
  const headers = { ...client.headers, 'content-type': type };
  const { statusCode } = await server.app.inject({
    method: 'POST',
    url: '/api/v1/create/lead/',
    headers,
    payload,
  });
  expect(statusCode).toBe(200);
});

test('a multipart body that is cut off or carries a file is refused and writes nothing', async () => {
  const headers = { ...client.headers, 'content-type': 'multipart/form-data; boundary=x' };
  const part = (extra: string) =>
    `--x\r\ncontent-disposition: form-data; name="first_name"${extra}\r\n\r\nJane\r\n`;
  await withoutChange(account, async () => {
    for (const payload of [part(''), `${part('; filename="a.txt"')}--x--\r\n`]) {
      const response = await server.app.inject({
        method: 'POST',
        url: '/api/v1/create/lead/',
        headers,
        payload,
      });
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({ status_code: 400, data: {} });
    }
  });
});
