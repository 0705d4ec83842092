import { randomUUID } from 'node:crypto';
import { agents } from '../../src/domain/agent/agent.service';
import type { Context } from '../../src/domain/context';
import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import { issueKey, openTestAccount, type TestAccount, testStore } from '../support/account';
import { cursorNow } from '../support/change-log';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { RawSocket } from '../support/raw-socket';

const WATCH = `subscription ($since: String, $first: Int = 2) {
  leadUpdated(since: $since) { lead { company owner { firstName } notes(first: $first) { body } } }
}`;

let server: LiveServer;
let account: TestAccount;
let ctx: Context;
let leadId: string;
let noteId: string;
let since: string;
let sockets: RawSocket[];

beforeAll(async () => {
  server = await startLiveServer();
});

beforeEach(async () => {
  account = await openTestAccount();
  ctx = account.ctx;
  sockets = [];
  const { id: ownerId } = await agents.create(ctx, { firstName: 'Ada' });
  ({ id: leadId } = await leads.create(ctx, { phone: '+12025550101', ownerId }));
  ({ id: noteId } = await notes.create(ctx, { leadId, body: 'first' }));
  since = await cursorNow(ctx);
  // What every subscriber gets on the way to being live.
  await leads.update(ctx, leadId, { company: 'Before' });
});

afterEach(() => Promise.all(sockets.map((socket) => socket.close())));

afterAll(() => server.close());

type Row = Record<string, Record<string, unknown>>;

async function open(key = account.key): Promise<RawSocket> {
  const socket = await RawSocket.signedIn(server.port, key);
  sockets.push(socket);
  return socket;
}

/** Subscribes so many times on one socket, and waits until all of it is live. */
async function watch(socket: RawSocket, count: number, variables: object = {}, query = WATCH): Promise<void> {
  for (let at = 0; at < count; at++) socket.subscribe(randomUUID(), query, { since, ...variables });
  const rows = await socket.takeResults<Row>(count);
  for (const { lead } of rows) expect(lead?.company).toBe('Before');
}

/** How often the owner and the notes are read while the company changes and all subscriptions hear of it. */
async function readsDuring(work: () => Promise<void>): Promise<{ owner: number; notes: number }> {
  const statements = jest.spyOn(await testStore(), 'queryWithin');
  await work();
  const texts = statements.mock.calls.map(([, text]) => text);
  statements.mockRestore();
  const count = (table: RegExp) => texts.filter((text) => table.test(text)).length;
  return { owner: count(/from "?agent"? /), notes: count(/from "?note"?\s/) };
}

const after = (count: number, company = 'After', body = 'first') =>
  Array.from({ length: count }, () => ({
    lead: { company, owner: { firstName: 'Ada' }, notes: [{ body }] },
  }));

test('50 equal subscriptions, whatever their sockets, keys and cursors, are executed once per event', async () => {
  const first = await open();
  const second = await open(await issueKey(account));
  await watch(first, 30);
  // Before the others of its socket, so that it is live when they are.
  second.subscribe('without cursor', WATCH);
  await watch(second, 19);
  const reads = await readsDuring(async () => {
    await leads.update(ctx, leadId, { company: 'After' });
    expect(await first.takeResults(30)).toEqual(after(30));
    expect(await second.takeResults(20)).toEqual(after(20));
  });
  expect(reads).toEqual({ owner: 1, notes: 1 });
});

test('subscriptions with other variables, scopes or documents are executed on their own', async () => {
  const scopes = ['leads:read', 'agents:read', 'notes:read'];
  const all = await open();
  const some = await open(await issueKey(account, scopes));
  await watch(all, 2);
  await watch(all, 2, { first: 1 });
  await watch(all, 2, {}, `${WATCH} # the same`);
  await watch(some, 2);
  const reads = await readsDuring(async () => {
    await leads.update(ctx, leadId, { company: 'After' });
    expect(await all.takeResults(6)).toEqual(after(6));
    expect(await some.takeResults(2)).toEqual(after(2));
  });
  expect(reads).toEqual({ owner: 4, notes: 4 });
});

test('a key that may not read a relation shares nothing with one that may', async () => {
  const all = await open();
  const some = await open(await issueKey(account, ['leads:read', 'agents:read']));
  await watch(all, 1);
  some.subscribe('1', WATCH, { since });
  const refused = async () => {
    const { payload } = await some.take();
    const { data, errors } = payload as { data: unknown; errors: { message: string }[] };
    expect(errors.map(({ message }) => message)).toEqual(['This key lacks the scope notes:read.']);
    expect(JSON.stringify(data)).not.toContain('first');
  };
  await refused();
  await leads.update(ctx, leadId, { company: 'After' });
  await refused();
  expect(await all.takeResults(1)).toEqual(after(1));
});

test('an equal subscription of another account is not executed', async () => {
  const stranger = await openTestAccount();
  const own = await open();
  const foreign = await open(stranger.key);
  foreign.subscribe('1', WATCH, { since });
  await watch(own, 1);
  const reads = await readsDuring(async () => {
    await leads.update(ctx, leadId, { company: 'After' });
    expect(await own.takeResults(1)).toEqual(after(1));
  });
  expect(reads).toEqual({ owner: 1, notes: 1 });
  const { id } = await leads.create(stranger.ctx, { phone: '+12025550101' });
  await leads.update(stranger.ctx, id, { company: 'Theirs' });
  expect(await foreign.takeResults(1)).toEqual([{ lead: { company: 'Theirs', owner: null, notes: [] } }]);
});

test('each event is executed anew: a relation that changed shows its new value', async () => {
  const socket = await open();
  await watch(socket, 3);
  await leads.update(ctx, leadId, { company: 'One' });
  expect(await socket.takeResults(3)).toEqual(after(3, 'One'));
  await notes.update(ctx, noteId, { body: 'changed' });
  await leads.update(ctx, leadId, { company: 'Two' });
  expect(await socket.takeResults(3)).toEqual(after(3, 'Two', 'changed'));
});

test('a variable that is both cursor and filter tells subscriptions apart', async () => {
  const query = `subscription ($x: String) {
    leadUpdated(since: $x, filter: { field: "company", value: $x }) { lead { company } }
  }`;
  const socket = await open();
  const other = String(Number(since) - 1);
  socket.subscribe('other', query, { x: other });
  socket.subscribe('same', query, { x: since });
  await leads.update(ctx, leadId, { company: since });
  expect(await socket.take()).toEqual({
    type: 'next',
    id: 'same',
    payload: { data: { leadUpdated: { lead: { company: since } } } },
  });
  await leads.update(ctx, leadId, { company: other });
  expect((await socket.take()).id).toBe('other');
});

test('an id of any text comes back as it was sent', async () => {
  const socket = await open();
  const ids = ['"', '\\', 'a\u2028b', '漢字', '{"id":"1"}', ' '];
  for (const id of ids) socket.subscribe(id, WATCH, { since });
  const answered: unknown[] = [];
  while (answered.length < ids.length) answered.push((await socket.take()).id);
  expect(answered.toSorted()).toEqual(ids.toSorted());
});
