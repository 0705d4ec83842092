import { setInterval } from 'node:timers';
import { LEADS } from '../rest/fusion/leads-client';
import { openTestAccount, type TestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { runGraphqlField } from '../support/graphql-client';
import { HostileClient } from '../support/hostile';
import { type LiveServer, startLiveServer } from '../support/live-server';

const LIMITS = { headWithinMs: 2_000, checkMs: 100, bodyWithinMs: 500 };
const PIPELINED = 16;

let server: LiveServer;
/** Ends connections on which nothing goes on, also those of clients that a busy machine holds up. */
let hasty: LiveServer;
let account: TestAccount;
const clients: HostileClient[] = [];
const drips: NodeJS.Timeout[] = [];

beforeAll(async () => {
  server = await startLiveServer({ httpLimits: LIMITS });
  hasty = await startLiveServer({ httpLimits: { idleMs: 5_000 } });
  account = await openTestAccount();
});

afterAll(async () => {
  for (const drip of drips) clearInterval(drip);
  await Promise.all(clients.map((client) => client.leave()));
  await Promise.all([server.close(), hasty.close()]);
});

async function open({ port } = server): Promise<HostileClient> {
  const client = await HostileClient.open(port);
  clients.push(client);
  return client;
}

/** Sends a little now and then, for as long as it is let. */
function drip(client: HostileClient, text: string): void {
  drips.push(setInterval(() => client.stream.writable && client.send(text), 200));
}

const headOf = (path: string, more: string) =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${account.key}\r\n${more}\r\n`;

/** Another client has its right answer. */
async function expectServed({ port } = server): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${LEADS}?page=1`, {
    headers: { authorization: `Bearer ${account.key}`, connection: 'close' },
  });
  expect(response.status).toBe(200);
}

test('who connects and says nothing, and who says its head drop by drop, is sent away with 408', async () => {
  const silent = await Promise.all(Array.from({ length: 100 }, () => open()));
  const slow = await Promise.all(Array.from({ length: 100 }, () => open()));
  for (const client of slow) {
    client.send('GET /healthz HTTP/1.1\r\nhost: localhost\r\n');
    drip(client, 'x-more: 1\r\n');
  }
  await expectServed();
  await Promise.all([...silent, ...slow].map(({ closed }) => closed));
  expect(new Set([...silent, ...slow].map(({ status }) => status))).toEqual(new Set([408]));
});

const FORM = 'application/x-www-form-urlencoded';

test.each([
  ['GraphQL', '/graphql', 'application/json', '{"query":"mutation { createLead'],
  ['JSON', LEADS, 'application/json', '{"name":"Slow","phone":"+12025550199"'],
  ['a form', '/v1/teams', FORM, 'name=Slow'],
  ['multipart', '/api/v1/contacts', 'multipart/form-data; boundary=b', '--b\r\n'],
  ['a path that is not there', '/nowhere', 'application/json', '{'],
  ['a health check', '/healthz', 'application/json', '{'],
])('a body that comes drop by drop is cut off, and nothing is written: %s', async (_, path, type, begin) => {
  await withoutChange(account, async () => {
    const client = await open();
    client.send(headOf(path, `content-type: ${type}\r\ntransfer-encoding: chunked\r\n`));
    client.send(`${begin.length.toString(16)}\r\n${begin}\r\n`);
    drip(client, '1\r\n \r\n');
    await expectServed();
    await client.closed;
    expect(client.status < 200 || client.status >= 400).toBe(true);
  });
});

test('a body that goes on drop by drop behind its refusal is cut off, too', async () => {
  const client = await open();
  client.send(`POST ${LEADS} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n{`);
  drip(client, ' ');
  await expectServed();
  await client.closed;
  expect(client.status).toBe(401);
});

test('an upload whose sender goes silent is given up, and its import waits for another', async () => {
  const query = 'mutation { importLeads(input: {}) { uploadPath } }';
  const { uploadPath } = await runGraphqlField<{ uploadPath: string }>(server, account.key, query);
  const client = await open(hasty);
  client.send(headOf(uploadPath, 'content-type: text/csv\r\ntransfer-encoding: chunked\r\n'));
  client.send('6\r\nphone\n\r\n');
  await client.closed;
  const again = await fetch(`http://127.0.0.1:${hasty.port}${uploadPath}`, {
    ...{ method: 'PUT', body: 'phone\n', headers: { 'content-type': 'text/csv' } },
  });
  expect(again.status).toBe(202);
});

test('who asks for much and never reads is cut off, however much it asks for at once', async () => {
  const deaf = await Promise.all(Array.from({ length: 10 }, () => open(hasty)));
  for (const client of deaf) {
    client.deafen();
    client.send('GET /docs/openapi/fusion.json HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(PIPELINED));
  }
  await expectServed(hasty);
  const connectionCount = () =>
    new Promise<number>((resolve) => hasty.app.server.getConnections((_, count) => resolve(count)));
  const waitsMs = 50;
  while ((await connectionCount()) >= deaf.length)
    await new Promise((resolve) => setTimeout(resolve, waitsMs));
  await expectServed(hasty);
});
