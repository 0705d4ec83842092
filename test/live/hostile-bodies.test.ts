import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { audiences } from '../../src/domain/audience/audience.service';
import { formPages } from '../../src/domain/form-page/form-page.service';
import { LEADS } from '../rest/fusion/leads-client';
import { openTestAccount, type TestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { endChildren } from '../support/child';
import { signInAgent } from '../support/dialect-account';
import { type Gateway, startGateway } from '../support/gateway';
import { runGraphql } from '../support/graphql-client';
import { HostileClient, residentBytes } from '../support/hostile';
import { RawSocket } from '../support/raw-socket';

const MIB = 1_048_576;
/** What one client sends if it is let. */
const FLOOD_BYTES = 1024 * MIB;
const UPLOAD_BYTES = 256 * MIB;
/** So much more memory may the server hold after a hundred times as much was sent to it. */
const MORE_BYTES = 200 * MIB;
const IDLE_SOCKETS = Number(process.env.HOSTILE_SOCKETS ?? 2_000);
/** Of one idle socket, measured over 10,000: 11 KiB. */
const BYTES_PER_SOCKET = 40 * 1024;

let gateway: Gateway;
let dataDir: string;
let account: TestAccount;
let token: string;
let paths: { bounces: string; inbound: string; upload: () => Promise<string>; page: string };

const ask = <Data>(query: string) => runGraphql<Data>(gateway, account.key, query);

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hostile-'));
  gateway = await startGateway({ SOCKETS_PER_KEY: '20000', DATA_DIR: dataDir });
  account = await openTestAccount();
  ({ token } = await signInAgent(account));
  const { id: audienceId } = await audiences.create(account.ctx, { name: 'News' });
  const { slug } = await formPages.create(account.ctx, {
    ...{ name: 'Contact', slug: `hostile-${Date.now()}`, status: 'published', audienceId },
    fields: [{ name: 'email', label: 'E-mail', kind: 'email', isRequired: true, mapsTo: 'email' }],
  });
  const { bounces, inbound } = await ask<{ bounces: string; inbound: string }>(
    '{ bounces: mailBouncePath inbound: mailInboundPath }',
  );
  const upload = async () =>
    (
      await ask<{ open: { uploadPath: string } }>(
        `mutation { open: importContacts(input: { audienceId: "${audienceId}" }) { uploadPath } }`,
      )
    ).open.uploadPath;
  paths = { bounces, inbound, upload, page: `/p/${slug}` };
});

afterAll(async () => {
  await endChildren();
  await rm(dataDir, { recursive: true });
});

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=b';
const FIELD = '--b\r\ncontent-disposition: form-data; name="first_name"\r\n\r\n';

/** Each door with a type and the beginning of a body that has no end. */
const DOORS: [string, () => string, string, string][] = [
  ['GraphQL', () => '/graphql', JSON_TYPE, '{"query":"'],
  ['GraphQL by another type', () => '/graphql', 'text/plain', '{"query":"'],
  ['Fusion', () => LEADS, JSON_TYPE, '{"name":"'],
  ['Callingly', () => '/v1/teams', JSON_TYPE, '{"name":"'],
  ['Furiosa', () => '/api/v1/contacts', JSON_TYPE, '{"email":"'],
  ['Epixel, a form', () => '/epixel/leads/create/lead/', FORM, 'first_name='],
  ['Epixel, multipart', () => '/epixel/leads/create/lead/', MULTIPART, FIELD],
  ['Epixel, multipart that never begins', () => '/epixel/leads/create/lead/', MULTIPART, ''],
  ['FuseDesk, a form', () => '/api/v1/cases', FORM, 'summary='],
  ['FuseDesk, multipart', () => '/api/v1/cases', MULTIPART, FIELD],
  ['a page, a form', () => paths.page, FORM, 'email='],
  ['a page, multipart', () => paths.page, MULTIPART, FIELD],
  ['a page, multipart that never begins', () => paths.page, MULTIPART, ''],
  ['bounces', () => paths.bounces, 'message/rfc822', 'Subject: '],
  ['inbound mail', () => paths.inbound, 'message/rfc822', 'Subject: '],
  ['unsubscribing', () => '/u/unknown', FORM, 'List-Unsubscribe='],
  ['feedback', () => '/feedback/unknown', FORM, 'comment='],
  ['a path that is not there', () => '/nowhere', JSON_TYPE, '{"a":"'],
];

const headersOf = () => ({
  authorization: `Bearer ${account.key}`,
  'x-fusedesk-api-key': account.key,
});

function headOf(path: string, more: string): string {
  const isEpixel = path.startsWith('/epixel');
  const headers = isEpixel ? { apikey: account.key, authorization: `Bearer ${token}` } : headersOf();
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}${more}\r\n`;
}

/** Another client has its right answer. */
async function expectServed(): Promise<void> {
  const key = (await openTestAccount()).key;
  const response = await fetch(`${gateway.url}${LEADS}?page=1`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ success: true });
}

/** Does the work, and proves that the server holds little more memory at its end, and serves others meanwhile. */
async function boundedly(work: () => Promise<void>): Promise<void> {
  await expectServed();
  const before = residentBytes(gateway.pid);
  await Promise.all([work(), expectServed()]);
  expect(residentBytes(gateway.pid) - before).toBeLessThan(MORE_BYTES);
  await expectServed();
}

test.each(DOORS)('a body of a gigabyte is not taken: %s', async (_, path, type, begin) => {
  await boundedly(() =>
    withoutChange(account, async () => {
      const client = await HostileClient.open(gateway.port);
      client.send(headOf(path(), `content-type: ${type}\r\ntransfer-encoding: chunked\r\n`));
      if (begin) client.send(`${begin.length.toString(16)}\r\n${begin}\r\n`);
      const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`;
      expect(await client.flood(chunk, FLOOD_BYTES)).toBeLessThan(FLOOD_BYTES);
      await client.closed;
      // The answer is lost where the end of the connection overtakes it.
      expect([0, 401, 404, 405, 413, 415]).toContain(client.status);
      const said = await HostileClient.open(gateway.port);
      said.send(
        headOf(path(), `content-type: ${type}\r\ncontent-length: ${FLOOD_BYTES}\r\nconnection: close\r\n`),
      );
      await said.closed;
      expect([401, 404, 405, 413, 415]).toContain(said.status);
    }),
  );
});

test('an upload may be long, and none of it is kept in memory', async () => {
  const path = await paths.upload();
  await boundedly(async () => {
    const client = await HostileClient.open(gateway.port);
    client.send(
      headOf(path, 'content-type: text/csv\r\ntransfer-encoding: chunked\r\nconnection: close\r\n'),
    );
    client.send('6\r\nemail\n\r\n');
    await client.flood(`10000\r\n${'a@example.com,'.repeat(4681)}\n\n\r\n`, UPLOAD_BYTES);
    client.send('0\r\n\r\n');
    await client.closed;
    expect(client.status).toBe(202);
  });
});

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
])('a packed body is refused as it stands, at every door: %s', async (encoding, pack) => {
  const bomb = pack(Buffer.alloc(64 * MIB, ' '));
  const upload = await paths.upload();
  await boundedly(() =>
    withoutChange(account, async () => {
      const all = [...DOORS.map(([, path, type]) => [path(), type] as const), [upload, 'text/csv'] as const];
      for (const [path, type] of all.filter(([, type]) => type !== MULTIPART)) {
        const client = await HostileClient.open(gateway.port);
        const lines = `content-encoding: ${encoding}\r\ncontent-type: ${type}\r\nconnection: close\r\n`;
        client.send(headOf(path, `${lines}content-length: ${bomb.length}\r\n`));
        client.stream.write(bomb);
        await client.closed;
        expect(client.status < 200 || client.status >= 400).toBe(true);
      }
    }),
  );
});

test('sockets are not packed, and one that packs nevertheless is closed', async () => {
  const socket = await RawSocket.open(gateway.port, { perMessageDeflate: true });
  expect(socket.socket.extensions).toBe('');
  // A text frame that says it is packed (RSV1), of no length, and masked as clients have to.
  (socket.socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(
    Buffer.from([0xc1, 0x80, 0, 0, 0, 0]),
  );
  expect((await socket.closed).code).toBe(1002);
  await expectServed();
});

test.each([
  ['a huge address', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`],
  ['a huge query', `GET ${LEADS}?${'a=1&'.repeat(25_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`],
  ['a huge header', `GET ${LEADS} HTTP/1.1\r\nhost: localhost\r\nx-a: ${'a'.repeat(100_000)}\r\n\r\n`],
  ['many headers', `GET ${LEADS} HTTP/1.1\r\nhost: localhost\r\n${'x-a: 1\r\n'.repeat(20_000)}\r\n`],
])('%s is 431', async (_, request) => {
  await boundedly(async () => {
    const client = await HostileClient.open(gateway.port);
    client.send(request);
    await client.closed;
    expect(client.status).toBe(431);
  });
});

test('clients that ask for much, a thousand times each, and never read: some megabytes each', async () => {
  const clients = await Promise.all(Array.from({ length: 25 }, () => HostileClient.open(gateway.port)));
  await boundedly(async () => {
    const request = 'GET /docs/openapi/fusion.json HTTP/1.1\r\nhost: localhost\r\n\r\n';
    for (const client of clients) client.deafen().send(request.repeat(1_000));
    for (let round = 0; round < 20; round++) await expectServed();
  });
  await Promise.all(clients.map((client) => client.leave()));
});

test(`${IDLE_SOCKETS} idle sockets cost little, and others are served`, async () => {
  await expectServed();
  const before = residentBytes(gateway.pid);
  const sockets: RawSocket[] = [];
  while (sockets.length < IDLE_SOCKETS) {
    const more = Array.from({ length: 100 }, () => RawSocket.signedIn(gateway.port, account.key));
    sockets.push(...(await Promise.all(more)));
  }
  const bytes = (residentBytes(gateway.pid) - before) / IDLE_SOCKETS;
  process.stderr.write(`An idle socket holds ${Math.round(bytes / 1024)} KiB of the server's memory.\n`);
  expect(bytes).toBeLessThan(BYTES_PER_SOCKET);
  await expectServed();
  for (const { socket } of sockets) socket.terminate();
  await Promise.all(sockets.map(({ closed }) => closed));
  await expectServed();
});
