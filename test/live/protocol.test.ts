import { accounts } from '../../src/domain/account/account.service';
import { apiKeys } from '../../src/domain/api-key/api-key.service';
import { issueKey, openTestAccount, type TestAccount, TestClock } from '../support/account';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { leastMs, msOf } from '../support/quick';
import { RawSocket } from '../support/raw-socket';

const clock = new TestClock();
const DAY_MS = 86_400_000;
const QUERY = 'query { account { id } }';
const WATCH = 'subscription { leadCreated { cursor } }';
const INIT = { type: 'connection_init' };
const FORBIDDEN = { code: 4403, reason: 'Forbidden' };

let server: LiveServer;
let account: TestAccount;

beforeAll(async () => {
  server = await startLiveServer({ now: clock.now });
  account = await openTestAccount({ clock });
});

afterAll(() => server.close());

/** Which account a socket acts for, once it has been let in. */
async function accountOf(socket: RawSocket): Promise<unknown> {
  socket.subscribe('account', QUERY);
  const message = await socket.take();
  expect(await socket.take()).toEqual({ type: 'complete', id: 'account' });
  return message.payload;
}

const answerFor = (id: string) => ({
  data: { account: { id } },
  extensions: { cost: { requested: 1, maximum: 50_000 } },
});

describe('messages', () => {
  test.each([
    ['no JSON', 'hello'],
    ['no object', '[]'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"start"}'],
    ['an operation without id', '{"type":"subscribe","payload":{"query":"{ a }"}}'],
    ['an operation without query', '{"type":"subscribe","id":"1","payload":{}}'],
    [
      'variables that are no object',
      '{"type":"subscribe","id":"1","payload":{"query":"{ a }","variables":[]}}',
    ],
  ])('%s closes with 4400', async (_, text) => {
    const socket = await RawSocket.signedIn(server.port, account.key);
    socket.send(text);
    expect(await socket.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
  });

  test('an operation before connection_init closes with 4401, and does not run', async () => {
    const socket = await RawSocket.open(server.port);
    socket.subscribe('1', `mutation { createTeam(input: { name: "Sales" }) { id } }`);
    expect(await socket.closed).toEqual({ code: 4401, reason: 'Unauthorized' });
    expect(socket.received).toEqual([]);
  });

  test('another subprotocol, or none, closes with 4406', async () => {
    for (const protocols of [['graphql-ws'], []]) {
      const opening = RawSocket.open(server.port, { protocols });
      // The client library refuses a server that did not choose one of its protocols.
      if (protocols.length > 0) await expect(opening).rejects.toThrow('Server sent no subprotocol');
      else expect(await (await opening).closed).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' });
    }
  });

  test('the same id twice closes with 4409', async () => {
    const socket = await RawSocket.signedIn(server.port, account.key);
    socket.subscribe('twin', WATCH);
    socket.subscribe('twin', WATCH);
    expect(await socket.closed).toEqual({ code: 4409, reason: 'Subscriber for twin already exists' });
  });

  test('an id that is completed and taken again while it begins closes with 4409', async () => {
    const socket = await RawSocket.signedIn(server.port, account.key);
    socket.subscribe('twin', WATCH);
    socket.send({ type: 'complete', id: 'twin' });
    socket.subscribe('twin', WATCH);
    expect(await socket.closed).toEqual({ code: 4409, reason: 'Subscriber for twin already exists' });
  });

  test('an id is free again after complete, and a completed subscription sends nothing more', async () => {
    const socket = await RawSocket.signedIn(server.port, account.key);
    const { cursor } = await cursorNow(socket);
    const watch = 'subscription ($since: String) { teamCreated(since: $since) { team { name } } }';
    const name = (query: string) => `mutation { createTeam(input: { name: "${query}" }) { id } }`;
    socket.subscribe('watch', watch, { since: cursor });
    socket.subscribe('make', name('First'));
    const first = [await socket.take(), await socket.take(), await socket.take()];
    expect(first).toContainEqual({
      type: 'next',
      id: 'watch',
      payload: { data: { teamCreated: { team: { name: 'First' } } } },
    });
    socket.send({ type: 'complete', id: 'watch' });
    socket.subscribe('make', name('Second'));
    expect((await socket.take()).id).toBe('make');
    expect((await socket.take()).id).toBe('make');
    socket.subscribe('watch', watch, { since: cursor });
    expect(await socket.takeResults(2)).toEqual([{ team: { name: 'First' } }, { team: { name: 'Second' } }]);
    await socket.close();
  });

  test('a second connection_init closes with 4429', async () => {
    const socket = await RawSocket.signedIn(server.port, account.key);
    socket.send(INIT);
    expect(await socket.closed).toEqual({ code: 4429, reason: 'Too many initialisation requests' });
  });

  test('a ping is answered with its payload', async () => {
    const socket = await RawSocket.signedIn(server.port, account.key);
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.take()).toEqual({ type: 'pong', payload: { at: 1 } });
    await socket.close();
  });
});

async function cursorNow(socket: RawSocket): Promise<{ cursor: string }> {
  socket.subscribe('cursor', 'query { changes(first: 100) { endCursor hasMore } }');
  const [page] = await socket.takeResults<{ endCursor: string; hasMore: boolean }>(1);
  if (page?.hasMore !== false) throw new Error('the account has more events than one page');
  await socket.take();
  return { cursor: page.endCursor };
}

describe('keys', () => {
  test.each([
    ['apiKey', (key: string) => ({ apiKey: key })],
    ['authorization', (key: string) => ({ authorization: `Bearer ${key}` })],
    ['Authorization', (key: string) => ({ Authorization: `bearer ${key}` })],
  ])('connectionParams.%s signs in', async (_, paramsOf) => {
    const socket = await RawSocket.open(server.port);
    socket.send({ ...INIT, payload: paramsOf(account.key) });
    expect(await socket.take()).toEqual({ type: 'connection_ack' });
    expect(await accountOf(socket)).toEqual(answerFor(account.ctx.account.id));
    await socket.close();
  });

  test.each([
    ['authorization', (key: string) => ({ authorization: `Bearer ${key}` })],
    ['x-api-key', (key: string) => ({ 'x-api-key': key })],
  ])('the header %s of the upgrade signs in', async (_, headersOf) => {
    const socket = await RawSocket.open(server.port, { headers: headersOf(account.key) });
    socket.send(INIT);
    expect(await socket.take()).toEqual({ type: 'connection_ack' });
    await socket.close();
  });

  test('an agency acts for its client, and for no other account', async () => {
    const agency = await openTestAccount({ kind: 'agency', clock });
    const client = await accounts.createClient(agency.ctx, { name: 'Client' });
    const params = { apiKey: agency.key, accountId: client.id };
    const viaParams = await RawSocket.open(server.port);
    viaParams.send({ ...INIT, payload: params });
    expect((await viaParams.take()).type).toBe('connection_ack');
    expect(await accountOf(viaParams)).toEqual(answerFor(client.id));
    await viaParams.close();

    const viaHeader = await RawSocket.open(server.port, { headers: { 'x-account-id': client.id } });
    viaHeader.send({ ...INIT, payload: { apiKey: agency.key } });
    expect((await viaHeader.take()).type).toBe('connection_ack');
    expect(await accountOf(viaHeader)).toEqual(answerFor(client.id));
    await viaHeader.close();

    const stranger = await RawSocket.open(server.port);
    stranger.send({ ...INIT, payload: { ...params, accountId: account.ctx.account.id } });
    expect(await stranger.closed).toEqual(FORBIDDEN);
  });

  test.each([
    ['no key', undefined],
    ['an empty key', { apiKey: '' }],
    ['a key that is no text', { apiKey: { $ne: null } }],
    ['a malformed key', { apiKey: 'sb_test_nonsense' }],
    ['an authorization that is no bearer', { authorization: 'Basic c2VjcmV0' }],
  ])('%s closes with 4403', async (_, payload) => {
    const socket = await RawSocket.open(server.port);
    socket.send({ ...INIT, payload });
    expect(await socket.closed).toEqual(FORBIDDEN);
  });

  test('an expired key closes with 4403: at the door, and a socket that is open', async () => {
    const expiresAt = new Date(clock.now().getTime() + DAY_MS).toISOString();
    const { key } = await apiKeys.create(account.ctx, { name: 'a day', expiresAt });
    const open = await RawSocket.signedIn(server.port, key);
    const other = await RawSocket.signedIn(server.port, account.key);
    open.subscribe('1', WATCH);
    clock.advance(DAY_MS);
    expect(await open.closed).toEqual(FORBIDDEN);
    const late = await RawSocket.open(server.port);
    late.send({ ...INIT, payload: { apiKey: key } });
    expect(await late.closed).toEqual(FORBIDDEN);
    // Who has another key stays.
    expect(await accountOf(other)).toEqual(answerFor(account.ctx.account.id));
    await other.close();
  });

  test('a revoked key closes its open sockets with 4403 within a second', async () => {
    const closedAfter = async () => {
      const { apiKey, key } = await apiKeys.create(account.ctx, { name: 'short-lived' });
      const sockets = [
        await RawSocket.signedIn(server.port, key),
        await RawSocket.signedIn(server.port, key),
      ];
      sockets[0]?.subscribe('1', WATCH);
      await apiKeys.revoke(account.ctx, apiKey.id);
      return msOf(async () => {
        expect(await Promise.all(sockets.map(({ closed }) => closed))).toEqual([FORBIDDEN, FORBIDDEN]);
      });
    };
    expect(await leastMs(2_000, closedAfter)).toBeLessThan(2_000);
  });

  test('an operation is checked against the scopes of the key', async () => {
    const socket = await RawSocket.signedIn(server.port, await issueKey(account, ['notes:read']));
    socket.subscribe('1', WATCH);
    expect(await socket.take()).toEqual({
      type: 'error',
      id: '1',
      payload: [
        {
          message: 'This key lacks the scope leads:read.',
          extensions: { code: 'FORBIDDEN', requestId: expect.any(String) },
        },
      ],
    });
    await socket.close();
  });
});
