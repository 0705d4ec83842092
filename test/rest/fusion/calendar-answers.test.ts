import { withoutChange } from '../../support/account-state';
import { CalendarClient, EVENTS, essence, MEETING } from './calendar-client';

let client: CalendarClient;

beforeEach(async () => {
  client = await CalendarClient.open();
});

test('more than twelve requests in a minute: 429 with what is left in the headers; leads count apart', async () => {
  const quota = (remaining: number) => ({
    'x-ratelimit-limit': '12',
    'x-ratelimit-remaining': String(remaining),
  });
  const resetAt = String(Math.ceil(client.account.clock.at.getTime() / 1000) + 60);
  const { id } = await client.created(MEETING);
  for (let remaining = 10; remaining >= 0; remaining--) {
    const answer = await (remaining % 2 ? client.get(id) : client.list('?from=x'));
    expect(answer.headers).toMatchObject({ ...quota(remaining), 'x-ratelimit-reset': resetAt });
  }
  client.account.clock.advance(13_000);
  const refused = await withoutChange(client.account, () => client.delete(id));
  expect(refused.headers).toMatchObject({ ...quota(0), 'x-ratelimit-reset': resetAt, 'retry-after': '47' });
  expect(essence(refused)).toEqual({
    status: 429,
    body: {
      ...{ error: 'Rate limit exceeded', message: 'Too many requests. Limit: 12 requests per minute.' },
      ...{ retryAfter: 47, limit: 12, remaining: 0 },
    },
  });
  expect((await client.send('GET', '/api/leads/external/v1/leads')).status).toBe(200);
  client.account.clock.advance(47_000);
  expect((await client.delete(id)).status).toBe(200);
});

describe('the programs of the documentation work with only the address and the key changed', () => {
  let origin: string;

  beforeAll(async () => {
    origin = await client.server.listen();
  });

  async function fetched(init: RequestInit, path = EVENTS): Promise<{ status: number; body: unknown }> {
    const headers = { authorization: `Bearer ${client.account.key}`, ...init.headers };
    const response = await fetch(origin + path, { ...init, headers });
    return { status: response.status, body: await response.json() };
  }

  const AS_PRINTED = `{
    "title": "My First API Event",
    "start_time": "2025-12-15T14:30:00",
    "end_time": "2025-12-15T16:00:00"
  }`;

  test('the first request', async () => {
    expect(await fetched({})).toEqual({ status: 200, body: { success: true, data: [] } });
  });

  test.each([
    ['curl with its content type, and requests of Python', AS_PRINTED, 'application/json'],
    ['curl that was given no content type', AS_PRINTED, 'application/x-www-form-urlencoded'],
    ['fetch of JavaScript', JSON.stringify(JSON.parse(AS_PRINTED)), 'application/json; charset=utf-8'],
    ['curl of PHP', JSON.stringify(JSON.parse(AS_PRINTED)).replaceAll('/', '\\/'), 'application/json'],
    ['fetch of JavaScript without a content type', AS_PRINTED, 'text/plain;charset=UTF-8'],
  ])('the first event, by %s', async (_, body, type) => {
    const answer = await fetched({ method: 'POST', body, headers: { 'content-type': type } });
    const data = client.expected({ title: 'My First API Event' });
    expect(answer).toEqual({ status: 201, body: { success: true, data } });
  });

  test('a POST that lost its body and its content type', async () => {
    const error = 'Request body must be a JSON object';
    const answer = await withoutChange(client.account, () => fetched({ method: 'POST' }));
    expect(answer).toEqual({ status: 400, body: { success: false, error, details: { body: [error] } } });
  });

  test('a DELETE that says JSON and has no body', async () => {
    const { id } = await client.created(MEETING);
    const init = { method: 'DELETE', headers: { 'content-type': 'application/json' } };
    expect(await fetched(init, `${EVENTS}/${id}`)).toMatchObject({ status: 200 });
  });

  test.each([['x-api-key'], ['apikey']])('a key as %s is none', async (name) => {
    const headers = { authorization: '', [name]: client.account.key };
    expect(await fetched({ headers })).toEqual({
      status: 401,
      body: { error: 'Unauthorized', message: 'Invalid or missing API key' },
    });
  });
});
