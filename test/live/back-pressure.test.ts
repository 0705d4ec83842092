import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from '../../src/domain/context';
import { leads } from '../../src/domain/lead/lead.service';
import { openTestAccount, type TestAccount, testStore } from '../support/account';
import { cursorNow } from '../support/change-log';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { RawSocket } from '../support/raw-socket';

/** Less than production has, since the kernel's buffers have to fill first. */
const UNREAD_BYTES = 262_144;
/** One result: a lead with a long text. */
const RESULT_BYTES = 11_000;
const TEXT = 'x'.repeat(10_000);
const BATCH = 100;
const WATCH = `subscription ($since: String) { leadCreated(since: $since) { cursor lead { id message } } }`;

let server: LiveServer;
let account: TestAccount;
let ctx: Context;
/** Ids of the leads that were made, in order. */
let made: string[];

beforeAll(async () => {
  server = await startLiveServer({ socketLimits: { unreadBytes: UNREAD_BYTES, closeWaitMs: 300_000 } });
});

beforeEach(async () => {
  account = await openTestAccount();
  ctx = account.ctx;
  made = [];
});

afterAll(() => server.close());

interface Row {
  cursor: string;
  lead: { id: string };
}

/** A socket that has been let in, and the server's end of it. */
async function connect(): Promise<{ socket: RawSocket; stream: Socket }> {
  const socket = await RawSocket.signedIn(server.port, account.key);
  return { socket, stream: server.streams.at(-1) as Socket };
}

/** Makes a megabyte of leads in one transaction. */
async function makeLeads(): Promise<void> {
  const inputs = Array.from({ length: BATCH }, (_, at) => ({
    phone: `+1202${5_550_000 + made.length + at}`,
    message: TEXT,
  }));
  const outcomes = await leads.createMany(ctx, inputs, 'all_or_nothing');
  made.push(...outcomes.map(({ row }) => (row as { id: string }).id));
}

/** The ids of the next leads that arrive at a subscriber. */
async function takeIds(socket: RawSocket, count: number): Promise<string[]> {
  return (await socket.takeResults<Row>(count)).map(({ lead }) => lead.id);
}

/** Settles when the kernel takes no more of what the server has for a socket, also while the database answers. */
async function isFull(stream: Socket): Promise<void> {
  let taken = -1;
  for (let timesInARow = 0; timesInARow < 100; timesInARow += 1) {
    await ctx.query('select 1', []);
    const takenNow = stream.bytesWritten - stream.writableLength;
    if (stream.writableLength === 0 || takenNow !== taken) timesInARow = 0;
    taken = takenNow;
  }
}

test('who does not read is cut off at a bounded buffer and can go on; others get everything meanwhile', async () => {
  const since = await cursorNow(ctx);
  const good = await connect();
  good.socket.subscribe('1', WATCH, { since });
  const slow = await connect();
  slow.socket.subscribe('1', WATCH, { since });
  await makeLeads();
  expect(await takeIds(slow.socket, BATCH)).toEqual(made);

  slow.socket.stopReading();
  expect(await takeIds(good.socket, BATCH)).toEqual(made);
  let mostWaiting = 0;
  for (let roundsAfterFull = 0; roundsAfterFull < 3; ) {
    await makeLeads();
    expect(await takeIds(good.socket, BATCH)).toEqual(made.slice(-BATCH));
    const waiting = slow.stream.writableLength;
    mostWaiting = Math.max(mostWaiting, waiting);
    if (waiting > UNREAD_BYTES) roundsAfterFull += 1;
  }
  expect(mostWaiting).toBeLessThan(UNREAD_BYTES + 2 * RESULT_BYTES);

  slow.socket.readOn();
  expect(await slow.socket.closed).toEqual({ code: 4413, reason: 'Too slow: continue with since' });
  const rows = await slow.socket.takeResults<Row>(slow.socket.received.length);
  const again = await connect();
  again.socket.subscribe('1', WATCH, { since: rows.at(-1)?.cursor });
  const rest = await takeIds(again.socket, made.length - BATCH - rows.length);
  expect([...rows.map(({ lead }) => lead.id), ...rest]).toEqual(made.slice(BATCH));
  await makeLeads();
  expect(await takeIds(again.socket, BATCH)).toEqual(made.slice(-BATCH));
  await Promise.all([good.socket.close(), again.socket.close()]);
});

test('who resumes and reads slowly gets what was missed at his own pace, and is not cut off', async () => {
  const since = await cursorNow(ctx);
  for (let round = 0; round < 12; round++) await makeLeads();
  const { socket, stream } = await connect();
  const statements = jest.spyOn(await testStore(), 'queryWithin');
  socket.stopReading();
  socket.subscribe('1', WATCH, { since });
  await isFull(stream);
  const replayed = () => statements.mock.calls.filter(([, , , name]) => name === 'changes of account').length;
  const replayedWhenFull = replayed();
  await makeLeads();
  expect(stream.writableLength).toBeLessThan(2 * RESULT_BYTES);
  expect(replayed()).toBe(replayedWhenFull);
  socket.readOn();
  expect(await takeIds(socket, made.length)).toEqual(made);
  await socket.close();
  statements.mockRestore();
});

test('who asks and does not read the answers is not heard until he reads them', async () => {
  const { socket, stream } = await connect();
  const payload = { text: 'x'.repeat(100_000) };
  const count = 300;
  const paused = once(stream, 'pause');
  socket.stopReading();
  for (let at = 0; at < count; at++) socket.send({ type: 'ping', payload });
  await paused;
  expect(stream.writableLength).toBeLessThan(UNREAD_BYTES + 3 * payload.text.length);
  socket.readOn();
  for (let at = 0; at < count; at++) expect((await socket.take()).type).toBe('pong');
  await socket.close();
});

test('who leaves while nothing of a long log matches leaves no work behind', async () => {
  const since = await cursorNow(ctx);
  const count = 20_000;
  const one = { name: 'lead.created', subjectId: ctx.account.id, changes: {}, payload: {} };
  await ctx.transaction((tx) => tx.emit(...Array.from({ length: count }, () => one)));
  const { socket } = await connect();
  const statements = jest.spyOn(server.database, 'queryWithin');
  const reads = () => statements.mock.calls.filter(([, , , name]) => name === 'changes of account').length;
  const query = WATCH.replace('since: $since', 'since: $since, filter: { field: "company", value: "None" }');
  socket.subscribe('1', query, { since });
  while (reads() < 2) await nextTurn();
  socket.send({ type: 'complete', id: '1' });
  socket.send({ type: 'ping' });
  expect((await socket.take()).type).toBe('pong');
  const readsAtEnd = reads();
  for (let at = 0; at < 50; at++) await ctx.query('select 1', []);
  expect(reads()).toBeLessThanOrEqual(readsAtEnd + 1);
  expect(readsAtEnd).toBeLessThan(count / 500);
  statements.mockRestore();
  await socket.close();
});
