import { once } from 'node:events';
import { connect } from 'node:net';
import { openTestAccount, type TestAccount } from '../support/account';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { RawSocket } from '../support/raw-socket';

const WATCH = 'subscription { leadCreated { cursor } }';

let server: LiveServer;
/** Waits for nobody: sockets that say nothing, or answer no ping, are soon gone. */
let hasty: LiveServer;
let account: TestAccount;

beforeAll(async () => {
  server = await startLiveServer({ settings: { SOCKETS_PER_KEY: '3' } });
  hasty = await startLiveServer({ socketLimits: { initWaitMs: 2_000, keepAliveMs: 2_000 } });
});

beforeEach(async () => {
  account = await openTestAccount();
});

afterAll(() => Promise.all([server.close(), hasty.close()]));

/** The answer to the head of a request, as it stands. */
async function answerTo(head: string): Promise<string> {
  const stream = connect(server.port, '127.0.0.1');
  let answer = '';
  stream.on('data', (data) => {
    answer += data;
  });
  stream.write(`${head}\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`);
  await once(stream, 'close');
  return answer;
}

test('connections above the most are closed at once, and there is room again when one goes', async () => {
  const small = await startLiveServer({ settings: { MAX_CONNECTIONS: '3' } });
  const left: Promise<unknown>[] = [];
  small.app.server.on('connection', (stream) => left.push(once(stream, 'close')));
  const open = async () => {
    const stream = connect(small.port, '127.0.0.1').resume();
    await once(stream, 'connect');
    return stream;
  };
  try {
    const socket = await RawSocket.signedIn(small.port, account.key);
    const [first, second] = [await open(), await open()];
    await once(await open(), 'close');
    expect(left).toHaveLength(3);
    first.destroy();
    await left[1];
    const answer = await fetch(`http://127.0.0.1:${small.port}/healthz`, {
      headers: { connection: 'close' },
    });
    expect(answer.status).toBe(200);
    second.destroy();
    await socket.close();
  } finally {
    await small.close();
  }
});

test('a socket that does not say who it is closes with 4408', async () => {
  const socket = await RawSocket.open(hasty.port);
  expect(await socket.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' });
});

test('a message that is too large closes with 1009, and was not read', async () => {
  const socket = await RawSocket.signedIn(server.port, account.key);
  socket.subscribe('1', `query { account { id } } ${'#'.repeat(1_048_576)}`);
  expect((await socket.closed).code).toBe(1009);
  expect(socket.received).toEqual([]);
});

test('a socket that answers no ping is dropped, one that does stays', async () => {
  const dead = await RawSocket.signedIn(hasty.port, account.key, { autoPong: false });
  const alive = await RawSocket.signedIn(hasty.port, account.key);
  expect((await dead.closed).code).toBe(1006);
  for (let count = 0; count < 3; count++) await once(alive.socket, 'ping');
  alive.send({ type: 'ping' });
  expect(await alive.take()).toEqual({ type: 'pong' });
  await alive.close();
});

test('a socket runs at most 100 operations at a time; the next is refused, and has a place when one ends', async () => {
  const socket = await RawSocket.signedIn(server.port, account.key);
  for (let id = 1; id <= 101; id++) socket.subscribe(String(id), WATCH);
  expect(await socket.take()).toEqual({
    type: 'error',
    id: '101',
    payload: [
      {
        message: 'A socket runs at most 100 operations at a time.',
        extensions: { code: 'RATE_LIMITED', requestId: expect.any(String) },
      },
    ],
  });
  socket.send({ type: 'complete', id: '1' });
  socket.subscribe('query', 'query { __typename }');
  expect(await socket.take()).toMatchObject({ type: 'next', id: 'query' });
  await socket.close();
});

test('a key keeps at most so many sockets open; the next closes with 4429, and has a place when one ends', async () => {
  const open = () => RawSocket.signedIn(server.port, account.key);
  const sockets = [await open(), await open(), await open()];
  const refused = await RawSocket.open(server.port);
  refused.send({ type: 'connection_init', payload: { apiKey: account.key } });
  expect(await refused.closed).toEqual({ code: 4429, reason: 'Too many sockets of this key' });
  expect(refused.received).toEqual([]);
  const other = await RawSocket.signedIn(server.port, (await openTestAccount()).key);
  await sockets.pop()?.close();
  sockets.push(await open(), other);
  await Promise.all(sockets.map((socket) => socket.close()));
});

test('sockets that go away while their key is looked up take no place', async () => {
  const dropOne = async () => {
    const socket = await RawSocket.open(server.port);
    socket.send({ type: 'connection_init', payload: { apiKey: account.key } });
    socket.socket.terminate();
    await socket.closed;
  };
  await Promise.all(Array.from({ length: 20 }, dropOne));
  const sockets = await Promise.all([1, 2, 3].map(() => RawSocket.signedIn(server.port, account.key)));
  await Promise.all(sockets.map((socket) => socket.close()));
});

test.each(['/', '/graphql2', '/graphql/x', '//', '/api/leads/external/v1/leads', '*'])(
  'an upgrade at %s is 404, and does not trouble the server',
  async (path) => {
    expect(await answerTo(`GET ${path} HTTP/1.1`)).toMatch(/^HTTP\/1.1 404 Not Found\r\n/);
    const socket = await RawSocket.signedIn(server.port, account.key);
    await socket.close();
  },
);

test('a server that stops closes its sockets with 1001, and waits for none that does not answer', async () => {
  const stopping = await startLiveServer({ socketLimits: { closeWaitMs: 50 } });
  const socket = await RawSocket.signedIn(stopping.port, account.key);
  socket.subscribe('1', WATCH);
  const stuck = await RawSocket.signedIn(stopping.port, account.key);
  stuck.stopReading();
  await stopping.close();
  expect(await socket.closed).toEqual({ code: 1001, reason: 'Going away' });
  stuck.readOn();
  expect((await stuck.closed).code).toBe(1001);
});
