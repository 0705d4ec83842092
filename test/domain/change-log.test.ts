import { Client } from 'pg';
import { agents } from '../../src/domain/agent/agent.service';
import { changesOf, readChanges, replayChanges } from '../../src/domain/change-log';
import type { Context } from '../../src/domain/context';
import { leads } from '../../src/domain/lead/lead.service';
import { logState } from '../../src/domain/log-state';
import { Database } from '../../src/server/database/database';
import { purgeChangeLog } from '../../src/server/retention';
import { openTestAccount, testStore } from '../support/account';
import { ownDatabaseUrl, testDatabaseUrl } from '../support/database';

let database: Database;
let ctx: Context;

beforeEach(async () => {
  database = await testStore();
  ({ ctx } = await openTestAccount());
});

/** A transaction of its own in which the test decides when to write and when to commit. */
async function openTransaction(account: Context) {
  let commit: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let opened: (tx: Context) => void = () => {};
  const opening = new Promise<Context>((resolve) => {
    opened = resolve;
  });
  const done = account.transaction(async (tx) => {
    opened(tx);
    await gate;
  });
  const finish = async () => {
    commit();
    await done;
  };
  return { tx: await opening, finish };
}

async function namesOf(account: Context, after?: string): Promise<string[]> {
  const { events } = await changesOf(account, { first: 100, after });
  return events.map(({ name, payload }) => `${name} ${payload.firstName ?? payload.name}`);
}

test('every write appends one entry with subject, changes, actor and request', async () => {
  const start = (await changesOf(ctx, { first: 100 })).endCursor;
  const lead = await leads.create(ctx, { name: 'Ada Moreno', phone: '+12025550101', tagNames: ['vip'] });
  await leads.update(ctx, lead.id, { company: 'Acme', tagNames: ['vip', 'hot'] });
  await leads.update(ctx, lead.id, { company: 'Acme' });
  await leads.delete(ctx, lead.id);
  const { events } = await changesOf(ctx, {
    after: start,
    first: 100,
    names: ['lead.created', 'lead.updated', 'lead.deleted'],
  });
  const common = {
    subject: 'lead',
    subjectId: lead.id,
    requestId: 'test',
    actor: { kind: 'system', id: null, name: 'test' },
  };
  expect(events).toEqual([
    expect.objectContaining({ ...common, name: 'lead.created', changes: {} }),
    expect.objectContaining({
      ...common,
      name: 'lead.updated',
      changes: {
        company: { old: null, new: 'Acme' },
        tagNames: { old: ['vip'], new: ['vip', 'hot'] },
      },
    }),
    expect.objectContaining({ ...common, name: 'lead.deleted', changes: {} }),
  ]);
  expect(events[0]?.payload).toMatchObject({ phone: '+12025550101', tagNames: ['vip'] });
  expect(events[0]?.payload).not.toHaveProperty('accountId');
});

test('a write that fails leaves no entry', async () => {
  const before = await namesOf(ctx);
  await expect(leads.create(ctx, { phone: '+12025550101', teamId: ctx.account.id })).rejects.toThrow(
    'Team not found',
  );
  await expect(
    ctx.transaction(async (tx) => {
      await leads.create(tx, { phone: '+12025550102' });
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  expect(await namesOf(ctx)).toEqual(before);
});

test('a reader waits for a transaction that has a lower position, and then misses nothing', async () => {
  const { endCursor } = await changesOf(ctx, { first: 100 });
  const slow = await openTransaction(ctx);
  await agents.create(slow.tx, { firstName: 'First' });
  await agents.create(ctx, { firstName: 'Second' });

  const meanwhile = await changesOf(ctx, { after: endCursor, first: 100 });
  expect(meanwhile.events).toEqual([]);
  const { settled, last } = await logState(database.acrossAccounts);
  expect(settled).toBeLessThan(last);

  await slow.finish();
  expect(await namesOf(ctx, meanwhile.endCursor)).toEqual(['agent.created First', 'agent.created Second']);
});

test('a transaction that is rolled back holds nobody up', async () => {
  const { endCursor } = await changesOf(ctx, { first: 100 });
  const failing = ctx.transaction(async (tx) => {
    await agents.create(tx, { firstName: 'Gone' });
    await agents.create(ctx, { firstName: 'Stays' });
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await namesOf(ctx, endCursor)).toEqual(['agent.created Stays']);
});

test('the entries of one record are in the order of its changes, whoever began first', async () => {
  const agent = await agents.create(ctx, { firstName: 'One' });
  const other = await agents.create(ctx, { firstName: 'Other' });
  const { endCursor } = await changesOf(ctx, { first: 100 });
  // The early transaction writes something else first, and waits for the late one at the record.
  const early = await openTransaction(ctx);
  await agents.update(early.tx, other.id, { firstName: 'Early' });
  const late = await openTransaction(ctx);
  await agents.update(late.tx, agent.id, { firstName: 'Two' });
  const waiting = agents.update(early.tx, agent.id, { firstName: 'Three' });
  await late.finish();
  await waiting;
  await early.finish();
  expect(await namesOf(ctx, endCursor)).toEqual([
    'agent.updated Early',
    'agent.updated Two',
    'agent.updated Three',
  ]);
});

test('a reader beside concurrent writers sees each entry once, in order per record', async () => {
  const other = await Database.open(await testDatabaseUrl(), { poolSize: 2 });
  const agent = await agents.create(ctx, { firstName: 'Start' });
  const seen: string[] = [];
  let cursor = (await changesOf(ctx, { first: 100 })).endCursor;
  let isWriting = true;
  const reading = (async () => {
    for (;;) {
      const isLast = !isWriting;
      const page = await changesOf(ctx, { after: cursor, first: 7 });
      seen.push(...page.events.map(({ payload }) => String(payload.firstName)));
      cursor = page.endCursor;
      if (isLast && !page.hasMore) return;
    }
  })();
  const writer = async (name: string) => {
    for (let at = 0; at < 25; at++) {
      await agents.create(ctx, { firstName: `${name} ${at}` });
      await agents.update(ctx, agent.id, { priority: at * 4 + Number(name) });
    }
  };
  await Promise.all(['0', '1', '2', '3'].map(writer));
  isWriting = false;
  await reading;
  await other.close();
  const created = seen.filter((name) => name !== 'Start');
  expect(created).toHaveLength(100);
  expect(new Set(created).size).toBe(100);
  const { events } = await changesOf(ctx, { first: 100, names: ['agent.updated'] });
  const priorities = events.map(({ changes }) => changes.priority);
  for (const [at, change] of priorities.entries()) {
    if (at > 0) expect(change?.old).toBe(priorities[at - 1]?.new);
  }
});

test('names and pages', async () => {
  await agents.create(ctx, { firstName: 'A' });
  const lead = await leads.create(ctx, { phone: '+12025550101' });
  const first = await changesOf(ctx, { first: 1, names: ['lead.created'] });
  expect(first.events.map(({ subjectId }) => subjectId)).toEqual([lead.id]);
  expect(first.hasMore).toBe(false);
  const page = await changesOf(ctx, { first: 1 });
  expect(page.hasMore).toBe(true);
  await expect(changesOf(ctx, { first: 101 })).rejects.toThrow('first must be from 1 to 100, not 101.');
  for (const name of ['lead.*', '*', 'lead', 'leads.created', 'bogus.created', ''])
    await expect(changesOf(ctx, { names: ['lead.created', name] })).rejects.toMatchObject({
      code: 'INVALID',
      fields: { names: [`${name} is no event: names are whole, such as lead.created.`] },
    });
  await expect(changesOf(ctx, { names: ['tag.creatd'] })).rejects.toMatchObject({
    fields: { names: ['tag.creatd is no event. There are tag.created, tag.updated, tag.deleted.'] },
  });
  await expect(changesOf(ctx, { after: 'x' })).rejects.toThrow('after is no cursor of the change log');
});

test('another account’s entries do not exist', async () => {
  const { ctx: stranger } = await openTestAccount();
  await leads.create(ctx, { phone: '+12025550101' });
  expect(await namesOf(stranger)).toEqual([
    'account.created Test account',
    'feed.created Default Feed',
    'api_key.created test',
  ]);
});

test('a cursor older than what is kept is refused, a newer one is good', async () => {
  const own = await Database.open(await ownDatabaseUrl(), { poolSize: 2 });
  const account = await openTestAccount({ store: own });
  await agents.create(account.ctx, { firstName: 'Old' });
  const { endCursor } = await changesOf(account.ctx, { first: 100 });
  const kept = await agents.create(account.ctx, { firstName: 'Kept' });
  const age = `update change_event set created_at = '2020-01-01T00:00:00Z' where position <= $1`;
  await own.acrossAccounts.query(age, [endCursor]);

  const purge = () => purgeChangeLog(own, 30, new Date('2020-02-01T00:00:00Z'));
  // What has not been relayed to webhooks stays, however old.
  await own.acrossAccounts.query('update webhook_progress set position = 0', []);
  expect(await purge()).toBe(0);
  await own.acrossAccounts.query('update webhook_progress set position = $1', [endCursor]);
  expect(await purge()).toBe(4);

  await expect(changesOf(account.ctx, { after: '1' })).rejects.toThrow(
    'after is older than the change log is kept',
  );
  const replay = replayChanges(account.ctx, { names: undefined, subjects: null }, 1, 1e9);
  await expect(replay.next()).rejects.toThrow('since is older');
  const { events } = await changesOf(account.ctx, { after: endCursor });
  expect(events.map(({ subjectId }) => subjectId)).toEqual([kept.id]);
  await own.close();
});

test('a cursor that the log has not come to is refused, since it is from another installation', async () => {
  const { last } = await logState(database.acrossAccounts);
  const ahead = String(last + 1_000);
  await expect(changesOf(ctx, { after: ahead })).rejects.toThrow('after is ahead of the change log');
  expect((await changesOf(ctx, { after: String(last) })).events).toEqual([]);
});

test('advisory locks that are none of the log hold no reader up', async () => {
  const stranger = new Client({ connectionString: await testDatabaseUrl() });
  await stranger.connect();
  const { last } = await logState(database.acrossAccounts);
  const keys = [
    '-1',
    '1',
    `hashtext('switchboard migrations')`,
    '9223372036854775807',
    '-9223372036854775808',
  ];
  for (const key of keys) await stranger.query(`select pg_advisory_lock(${key})`);
  expect(await logState(database.acrossAccounts)).toEqual({ settled: last, last });
  await stranger.end();
});

test('what is settled is read over all accounts in order', async () => {
  const { settled } = await logState(database.acrossAccounts);
  const { ctx: stranger } = await openTestAccount();
  await agents.create(ctx, { firstName: 'Mine' });
  await agents.create(stranger, { firstName: 'Theirs' });
  const state = await logState(database.acrossAccounts);
  const events = await readChanges(database.acrossAccounts, settled, state.settled, 100);
  const own = events.filter(({ accountId }) => [ctx.account.id, stranger.account.id].includes(accountId));
  expect(own.map(({ name }) => name)).toEqual([
    'account.created',
    'feed.created',
    'api_key.created',
    'agent.created',
    'agent.created',
  ]);
});
