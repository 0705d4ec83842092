import { LEADS } from '../rest/fusion/leads-client';
import { openTestAccount, type TestAccount, TestClock } from '../support/account';
import { type LiveServer, startLiveServer } from '../support/live-server';

const DAY_MS = 86_400_000;
/** What the vendor documents for leads: so many requests per key and minute. */
const LEADS_PER_MINUTE = 100;

let clock: TestClock;
let server: LiveServer;
let account: TestAccount;

beforeEach(async () => {
  clock = new TestClock();
  server = await startLiveServer({ now: clock.now });
  account = await openTestAccount({ clock });
});

afterEach(() => server.close());

const send = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${account.key}`,
      'content-type': 'application/json',
      ...init.headers,
    },
  });

async function ask<Data>(query: string): Promise<Data> {
  const response = await send('/graphql', { method: 'POST', body: JSON.stringify({ query }) });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

const makeLead = (phone: string, key: string) =>
  send(LEADS, {
    ...{ method: 'POST', headers: { 'idempotency-key': key }, body: JSON.stringify({ name: 'Ada', phone }) },
  });

interface Changes {
  changes: { endCursor: string; nodes: { name: string; payload: { phone: string } }[] };
}

const changesAfter = (cursor: string) =>
  ask<Changes>(`{ changes(after: "${cursor}", first: 50) { endCursor nodes { name payload } } }`);

test('cursors go on in the order of commits, whatever the clock says', async () => {
  const { changes } = await ask<Changes>('{ changes(first: 50) { endCursor nodes { name } } }');
  for (const [at, jump] of [0, -DAY_MS, 3 * DAY_MS, -2 * DAY_MS].entries()) {
    clock.advance(jump);
    expect((await makeLead(`+1202555010${at}`, `lead ${at}`)).status).toBe(201);
  }
  const { nodes } = (await changesAfter(changes.endCursor)).changes;
  expect(nodes.map(({ payload }) => payload.phone)).toEqual([0, 1, 2, 3].map((at) => `+1202555010${at}`));
});

test('an answer that was kept is given again, though the clock was put back or forward', async () => {
  const first = await makeLead('+12025550101', 'same');
  const text = await first.text();
  for (const jump of [-2 * DAY_MS, 2 * DAY_MS, 2 * DAY_MS]) {
    clock.advance(jump);
    const again = await makeLead('+12025550101', 'same');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.text()).toBe(text);
  }
});

test('a limit that is used up is free after one window, though the clock was put back a day', async () => {
  const statusOf = async () => (await send(`${LEADS}?page=1`)).status;
  const all = await Promise.all(Array.from({ length: LEADS_PER_MINUTE }, statusOf));
  expect(new Set(all)).toEqual(new Set([200]));
  clock.advance(-DAY_MS);
  const refused = await send(`${LEADS}?page=1`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
  clock.advance(59_999);
  expect(await statusOf()).toBe(429);
  clock.advance(1);
  expect(await statusOf()).toBe(200);
});

test('a session that was opened before the clock was put back holds, and its token is refreshed', async () => {
  await ask('mutation { createAgent(input: { firstName: "Ada", username: "ada" }) { id } }');
  const { agents } = await ask<{ agents: { nodes: { id: string }[] } }>(
    '{ agents(first: 5) { nodes { id } } }',
  );
  const [agent] = agents.nodes;
  await ask(`mutation { setAgentPassword(id: "${agent?.id}", password: "long enough") { id } }`);
  const { login } = await ask<{ login: { accessToken: string; refreshToken: string } }>(
    'mutation { login(input: { username: "ada", password: "long enough" }) { accessToken refreshToken } }',
  );
  clock.advance(-DAY_MS);
  const headers = { authorization: `Bearer ${login.accessToken}` };
  const body = JSON.stringify({ query: '{ leads(first: 1) { totalCount } }' });
  const seen = await send('/graphql', { method: 'POST', headers, body });
  expect(await seen.json()).toMatchObject({ data: { leads: { totalCount: 0 } } });
  const { refreshSession } = await ask<{ refreshSession: { accessToken: string } }>(
    `mutation { refreshSession(refreshToken: "${login.refreshToken}") { accessToken } }`,
  );
  expect(refreshSession.accessToken).not.toBe(login.accessToken);
});
