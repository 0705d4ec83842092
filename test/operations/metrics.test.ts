import { leads } from '../../src/domain/lead/lead.service';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { backlogReader } from '../../src/server/observe/backlog';
import { openTestAccount, type TestAccount, testStore } from '../support/account';
import { endChildren } from '../support/child';
import { startGateway } from '../support/gateway';
import { postGraphql } from '../support/graphql-client';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { emptyQueues } from '../support/queues';
import { Receiver } from '../support/receiver';

const TOKEN = 'a-token-for-metrics';

let server: LiveServer;
let account: TestAccount;

beforeAll(async () => {
  server = await startLiveServer({ settings: { METRICS_TOKEN: TOKEN } });
  account = await openTestAccount();
});
afterAll(async () => {
  await server.close();
  await endChildren();
});

const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;
const scrape = (address = at('/metrics'), authorization = `Bearer ${TOKEN}`) =>
  fetch(address, { headers: { authorization } });

/** The value of each series by its name and labels. */
async function series(address?: string): Promise<Map<string, number>> {
  const response = await scrape(address);
  expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({
    ...{ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' },
  });
  const lines = (await response.text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

const graphql = (query: string, key = account.key) => postGraphql(server, key, query);

test('requests are counted and timed by door, route and status, whatever they ask for', async () => {
  const headers = { authorization: `Bearer ${account.key}` };
  await graphql('{ account { name } }');
  await graphql('{ account { name } }', 'no key');
  await fetch(at('/api/leads/external/v1/leads'), { headers });
  await fetch(at('/api/leads/external/v1/leads'));
  for (const name of ['a', 'b', 'c']) await fetch(at(`/api/leads/external/v1/leads/${name}`), { headers });
  for (const name of ['a', 'b', 'c']) await fetch(at(`/api/leads/external/v1/nothing/${name}`), { headers });
  for (const name of ['a', 'b', 'c']) await fetch(at(`/nothing/${name}`));
  const counts = await series();
  const requests = (labels: string) => counts.get(`switchboard_http_requests_total{${labels}}`);
  expect(requests('door="graphql",method="POST",route="/graphql",status="200"')).toBe(1);
  expect(requests('door="graphql",method="POST",route="/graphql",status="401"')).toBe(1);
  const leads = '/api/leads/external/v1/leads';
  expect(requests(`door="fusion",method="GET",route="${leads}",status="200"`)).toBe(1);
  expect(requests(`door="fusion",method="GET",route="${leads}",status="401"`)).toBe(1);
  expect(requests(`door="fusion",method="GET",route="${leads}/:lead_id",status="404"`)).toBe(3);
  expect(requests('door="fusion",method="GET",route="none",status="404"')).toBe(3);
  expect(requests('door="other",method="GET",route="none",status="404"')).toBe(3);
  expect(counts.get('switchboard_request_duration_seconds_count{door="fusion",status="404"}')).toBe(6);
  expect(counts.get('switchboard_request_duration_seconds_count{door="graphql",status="401"}')).toBe(1);
});

test('GraphQL operations that fail with the status 200 are counted by their code, over HTTP and WebSocket', async () => {
  const missing = '{ lead(id: "0199aaaa-0000-7000-8000-000000000000") { id } }';
  const before = await series();
  expect((await graphql(missing)).status).toBe(200);
  await graphql('{ nothing }');
  const client = server.client(account.key);
  for (const query of [missing, '{ account { name } }', '{ nothing }'])
    await client
      .iterate({ query })
      .next()
      .catch(() => {});
  const after = await series();
  const more = (labels: string) => {
    const name = `switchboard_graphql_operations_total{${labels}}`;
    return (after.get(name) ?? 0) - (before.get(name) ?? 0);
  };
  expect(more('door="graphql",type="query",code="NOT_FOUND"')).toBe(1);
  expect(more('door="graphql",type="none",code="INVALID"')).toBe(1);
  expect(more('door="ws",type="query",code="NOT_FOUND"')).toBe(1);
  expect(more('door="ws",type="query",code="OK"')).toBe(1);
  expect(more('door="ws",type="none",code="INVALID"')).toBe(1);
  expect(after.get('switchboard_request_duration_seconds_count{door="ws",status="NOT_FOUND"}')).toBe(1);
  await client.dispose();
});

test('open sockets, subscriptions and connections are told as they are', async () => {
  const { gauges, open } = { gauges: async () => series(), open: server.client(account.key) };
  const reader = open.iterate({ query: 'subscription { leadCreated { cursor } }' });
  const other = open.iterate({ query: 'subscription { leadCreated { cursor } }' });
  void reader.next();
  void other.next();
  await until(async () => (await gauges()).get('switchboard_subscriptions_open') === 2);
  expect((await gauges()).get('switchboard_sockets_open')).toBe(1);
  await reader.return?.();
  await until(async () => (await gauges()).get('switchboard_subscriptions_open') === 1);
  await open.dispose();
  await until(async () => (await gauges()).get('switchboard_sockets_open') === 0);
  const last = await gauges();
  expect(last.get('switchboard_subscriptions_open')).toBe(0);
  expect(last.get('switchboard_database_up')).toBe(1);
  expect(last.get('switchboard_database_connections{state="idle"}')).toBeGreaterThan(0);
  expect(last.get('switchboard_database_connections{state="waiting"}')).toBe(0);
});

/** Asks until it is so: what the other side of a socket has noticed is its own affair. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

describe('are read', () => {
  const scrapeOf = async (other: LiveServer, headers: Record<string, string> = {}) =>
    (await fetch(`http://127.0.0.1:${other.port}/metrics`, { headers })).status;

  test('by those who send the token, and by nobody else', async () => {
    expect((await scrape()).status).toBe(200);
    for (const authorization of [
      '',
      'Bearer',
      `Bearer ${TOKEN}x`,
      `Basic ${TOKEN}`,
      `Bearer ${account.key}`,
    ]) {
      const response = await scrape(at('/metrics'), authorization);
      expect({ status: response.status, body: await response.json() }).toEqual({
        ...{ status: 401, body: { message: 'Send METRICS_TOKEN as a bearer token.' } },
      });
    }
  });

  test('without a token by programs on this machine, not through a proxy, and never in production', async () => {
    const open = await startLiveServer();
    expect(await scrapeOf(open)).toBe(200);
    expect(await scrapeOf(open, { 'x-forwarded-for': '203.0.113.7' })).toBe(401);
    await open.close();
    const production = await startLiveServer({ settings: { NODE_ENV: 'production' } });
    expect(await scrapeOf(production)).toBe(401);
    await production.close();
  });
});

test('a worker tells of deliveries and of the change log, and of its process', async () => {
  const receiver = await Receiver.start();
  await emptyQueues();
  const worker = await startGateway({ ROLE: 'worker', METRICS_TOKEN: TOKEN, WEBHOOK_ALLOW: '127.0.0.1/32' });
  await webhooks.create(account.ctx, { name: 'test', url: receiver.url, events: ['lead.created'] });
  await leads.create(account.ctx, { name: 'John Doe', phone: '+12025550171' });
  await receiver.has(1);
  const counts = () => series(`${worker.url}/metrics`);
  await until(
    async () => (await counts()).get('switchboard_webhook_attempts_total{status="delivered"}') === 1,
  );
  const there = await counts();
  expect(there.get('switchboard_change_log_lag_events')).toBeGreaterThanOrEqual(0);
  expect(there.get('switchboard_webhook_deliveries_pending')).toBeGreaterThanOrEqual(0);
  expect(there.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  await worker.kill();
});

test('what waits is counted, with its age', async () => {
  const store = await testStore();
  const now = () => new Date(account.clock.at.getTime() + 60_000);
  await store.acrossAccounts.query(
    'update webhook_progress set position = (select coalesce(max(position), 0) from change_event)',
    [],
  );
  const none = await backlogReader(store, now)();
  expect(none).toMatchObject({ lagEvents: 0, lagSeconds: 0 });
  await leads.create(account.ctx, { name: 'John Doe', phone: '+12025550172' });
  expect(await backlogReader(store, now)()).toMatchObject({ lagEvents: 1, lagSeconds: 60 });
});
