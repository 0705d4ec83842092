import { issueKey } from '../../support/account';
import { testDatabaseUrl } from '../../support/database';
import { startTestServer, type TestServer } from '../../support/server';
import { TcpGate } from '../../support/tcp-gate';
import { LEADS, LeadsClient } from './leads-client';

// The failures that do not depend on the operation, with the exact texts that clients compare.

let gate: TcpGate;
let server: TestServer;
let client: LeadsClient;
let origin: string;

beforeAll(async () => {
  gate = await TcpGate.before(await testDatabaseUrl());
  server = await startTestServer({ databaseUrl: gate.url });
  origin = await server.listen();
});

beforeEach(async () => {
  client = new LeadsClient(server, await server.openAccount());
});

afterAll(async () => {
  await server.close();
  await gate.shut();
});

const withKey = (more: object = {}) => ({
  headers: { authorization: `Bearer ${client.account.key}`, 'content-type': 'application/json' },
  ...more,
});
const JOHN = { name: 'John Doe', phone: '2345678900' };

/** What a client over the network gets. */
async function fetched(path: string, init: RequestInit): Promise<{ status: number; body: unknown }> {
  const response = await fetch(origin + path, init);
  return { status: response.status, body: await response.json() };
}

test.each([
  ['no key', {}],
  ['x-api-key', { 'x-api-key': 'KEY' }],
  ['bearer in lower case', { authorization: 'bearer KEY' }],
  ['another word', { authorization: 'Token KEY' }],
  ['the key alone', { authorization: 'KEY' }],
  ['an empty key', { authorization: 'Bearer ' }],
  ['a third word', { authorization: 'Bearer KEY KEY' }],
  ['a wrong key', { authorization: 'Bearer bf207bcf-c0de-4067-bd28-45728bd305aa' }],
])('%s: 401', async (_, headers) => {
  const sent = Object.entries(headers).map(([name, value]) => [
    name,
    value.replaceAll('KEY', client.account.key),
  ]);
  expect(await fetched(LEADS, { headers: Object.fromEntries(sent) })).toEqual({
    status: 401,
    body: { error: 'Unauthorized', message: 'Invalid or missing API key' },
  });
});

test.each<[string, string, () => RequestInit, number, object]>([
  [
    'an unknown path',
    '/api/leads/external/v1/calls',
    () => withKey(),
    404,
    {
      error: 'No such operation: GET /api/leads/external/v1/calls',
    },
  ],
  [
    'another method',
    LEADS,
    () => withKey({ method: 'DELETE' }),
    404,
    { error: `No such operation: DELETE ${LEADS}` },
  ],
  [
    'half a body',
    LEADS,
    () => withKey({ method: 'POST', body: '{"name": "Jo' }),
    400,
    {
      error: 'Invalid JSON in request body',
    },
  ],
  [
    'no body',
    LEADS,
    () => withKey({ method: 'POST' }),
    400,
    {
      error: 'Request body must be a JSON object',
      details: { body: ['Request body must be a JSON object'] },
    },
  ],
  [
    'a body of more than 1 MB',
    LEADS,
    () => withKey({ method: 'POST', body: ' '.repeat(1_048_577) }),
    413,
    {
      error: 'The body is larger than 1048576 bytes.',
    },
  ],
])('%s', async (_, path, init, status, body) => {
  expect(await fetched(path, init())).toEqual({ status, body: { success: false, ...body } });
});

test('more than a hundred requests in a minute: 429, and a batch counts as one', async () => {
  const leads = Array.from({ length: 100 }, (_, at) => ({ name: 'Jo Doe', phone: `+1555000${1000 + at}` }));
  const first = await client.create({ leads });
  const resetAt = Math.ceil(server.clock.at.getTime() / 1000) + 60;
  expect(first).toMatchObject({
    status: 201,
    headers: {
      'x-ratelimit-limit': '100',
      'x-ratelimit-remaining': '99',
      'x-ratelimit-reset': String(resetAt),
    },
  });
  for (let count = 0; count < 99; count++) expect((await client.query({ page: 0 })).status).toBe(400);
  server.clock.advance(13_000);
  const refused = await client.query();
  expect(refused).toMatchObject({
    status: 429,
    headers: {
      'retry-after': '47',
      'x-ratelimit-limit': '100',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(resetAt),
    },
  });
  expect(refused.body).toEqual({
    ...{ error: 'Rate limit exceeded', message: 'Too many requests. Limit: 100 requests per minute.' },
    ...{ retryAfter: 47, limit: 100, remaining: 0 },
  });
});

test('other paths have a limit of twelve a minute of their own', async () => {
  const { status, headers } = await client.send('GET', '/api/leads/external/v1/calls');
  expect({ status, headers }).toMatchObject({ status: 404, headers: { 'x-ratelimit-limit': '12' } });
  expect((await client.query()).headers).toMatchObject({ 'x-ratelimit-remaining': '99' });
});

test('a database that is away: 503', async () => {
  const key = await issueKey(client.account);
  await gate.shut();
  try {
    const answer = await fetched(LEADS, { headers: { authorization: `Bearer ${key}` } });
    const error = 'The database cannot be reached at the moment.';
    expect(answer).toEqual({ status: 503, body: { success: false, error } });
  } finally {
    await gate.reopen();
  }
});

describe('the programs of the documentation work with only the address and the key changed', () => {
  const authorizationOf = () => ({ authorization: `Bearer ${client.account.key}` });

  test.each([
    ['JSON', { 'content-type': 'application/json' }],
    ['the type that curl sends when none is given', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a type with a charset', { 'content-type': 'application/json; charset=utf-8' }],
    ['text', { 'content-type': 'text/plain' }],
  ])('a JSON body as %s', async (_, headers) => {
    const init = {
      method: 'POST',
      headers: { ...authorizationOf(), ...headers },
      body: JSON.stringify(JOHN),
    };
    const answer = await fetched(LEADS, init);
    expect(answer).toMatchObject({
      status: 201,
      body: { success: true, data: { mode: 'atomic', inserted: 1 } },
    });
  });

  test('a request that lost its body and its content type', async () => {
    const answer = await fetched(LEADS, { method: 'POST', headers: authorizationOf() });
    expect(answer).toMatchObject({ status: 400, body: { error: 'Request body must be a JSON object' } });
  });

  test('the retry of a request that came too often', async () => {
    const waitsMs: number[] = [];
    async function makeRequestWithRetry(
      url: string,
      options: RequestInit,
      maxRetries = 3,
    ): Promise<Response> {
      for (let i = 0; i < maxRetries; i++) {
        const response = await fetch(url, options);
        if (response.status === 429) {
          const retryAfter = response.headers.get('Retry-After');
          const waitTime = retryAfter ? Number.parseInt(retryAfter, 10) * 1000 : 5000;
          waitsMs.push(waitTime * 2 ** i);
          server.clock.advance(waitTime * 2 ** i);
          continue;
        }
        return response;
      }
      throw new Error('Max retries exceeded');
    }
    for (let count = 0; count < 100; count++) await client.query({ page: 0 });
    const options = withKey({ method: 'POST', body: JSON.stringify(JOHN) });
    const response = await makeRequestWithRetry(`${origin}${LEADS}`, options);
    expect(response.status).toBe(201);
    expect(waitsMs).toEqual([60_000]);
  });
});
