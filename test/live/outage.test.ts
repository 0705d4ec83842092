import { agents } from '../../src/domain/agent/agent.service';
import type { Context } from '../../src/domain/context';
import { leads } from '../../src/domain/lead/lead.service';
import { openTestAccount, type TestAccount } from '../support/account';
import { cursorNow } from '../support/change-log';
import { testDatabaseUrl } from '../support/database';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { RawSocket } from '../support/raw-socket';
import { TcpGate } from '../support/tcp-gate';

const WATCH = `subscription ($since: String) { leadCreated(since: $since) { cursor lead { phone owner { firstName } } } }`;
const UNAVAILABLE = {
  message: 'The database cannot be reached at the moment.',
  extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 1, requestId: expect.any(String) },
};

let gate: TcpGate;
let server: LiveServer;
let account: TestAccount;
let ctx: Context;

beforeAll(async () => {
  gate = await TcpGate.before(await testDatabaseUrl());
  server = await startLiveServer({ databaseUrl: gate.url });
});

beforeEach(async () => {
  account = await openTestAccount();
  ctx = account.ctx;
});

afterAll(async () => {
  await server.close();
  await gate.shut();
});

test('sockets outlive the database: they stay, say what is wrong, and go on without a gap', async () => {
  const since = await cursorNow(ctx);
  const socket = await RawSocket.signedIn(server.port, account.key);
  socket.subscribe('watch', WATCH, { since });
  await leads.create(ctx, { phone: '+12025550101' });
  expect(await socket.takeResults(1)).toMatchObject([{ lead: { phone: '+12025550101' } }]);

  await gate.shut();
  await leads.create(ctx, { phone: '+12025550102' });
  socket.subscribe('new', WATCH, { since });
  expect(await socket.take()).toEqual({ type: 'error', id: 'new', payload: [UNAVAILABLE] });
  const stranger = await RawSocket.open(server.port);
  stranger.send({ type: 'connection_init', payload: { apiKey: (await openTestAccount()).key } });
  expect(await stranger.closed).toEqual({ code: 1013, reason: 'Try again later' });

  await gate.reopen();
  await leads.create(ctx, { phone: '+12025550103' });
  expect(await socket.takeResults(2)).toMatchObject([
    { lead: { phone: '+12025550102' } },
    { lead: { phone: '+12025550103' } },
  ]);
  await socket.close();
});

test('an event whose relations cannot be read ends the subscription, and comes after the return', async () => {
  const { id: ownerId } = await agents.create(ctx, { firstName: 'Ada' });
  const since = await cursorNow(ctx);
  const socket = await RawSocket.signedIn(server.port, account.key);
  socket.subscribe('watch', WATCH, { since });
  await leads.create(ctx, { phone: '+12025550101', ownerId });
  const [row] = await socket.takeResults(1);

  // The database goes in the moment between the event and its relations.
  const query = server.database.queryWithin.bind(server.database);
  const cut = jest.spyOn(server.database, 'queryWithin').mockImplementation(async (...statement) => {
    if (/from "?agent"? /.test(statement[1])) await gate.shut();
    return query(...statement);
  });
  await leads.create(ctx, { phone: '+12025550102', ownerId });
  expect(await socket.take()).toEqual({ type: 'error', id: 'watch', payload: [UNAVAILABLE] });
  cut.mockRestore();
  await gate.reopen();

  socket.subscribe('watch', WATCH, { since: row?.cursor });
  expect(await socket.takeResults(1)).toMatchObject([
    { lead: { phone: '+12025550102', owner: { firstName: 'Ada' } } },
  ]);
  await socket.close();
});
