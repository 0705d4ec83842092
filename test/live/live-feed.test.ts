import { setImmediate as nextTurn } from 'node:timers/promises';
import { LiveFeed } from '../../src/delivery/live-feed';
import { agents } from '../../src/domain/agent/agent.service';
import type { ChangeEvent } from '../../src/domain/change-log';
import type { Context } from '../../src/domain/context';
import { settledPosition } from '../../src/domain/log-state';
import { Database } from '../../src/server/database/database';
import { openTestAccount, testStore } from '../support/account';
import { positionsAfter, writeLast } from '../support/change-log';
import { testDatabaseUrl } from '../support/database';
import { TcpGate } from '../support/tcp-gate';

let database: Database;
let feed: LiveFeed;
let ctx: Context;
let errors: unknown[];

beforeEach(async () => {
  database = await testStore();
  ({ ctx } = await openTestAccount());
  errors = [];
  feed = new LiveFeed({ store: database, pollMs: 20, onError: (error) => errors.push(error) });
});

afterEach(() => feed.stop());

/** A listener that keeps what it hears. */
class Ear {
  readonly heard: ChangeEvent[] = [];
  private notify: () => void = () => {};

  private constructor(
    readonly from: number,
    readonly stop: () => void,
  ) {}

  static async of(source: LiveFeed, accountId: string): Promise<Ear> {
    const early: ChangeEvent[] = [];
    let ear: Ear | undefined;
    const { from, stop } = await source.listen(accountId, (events) => {
      if (!ear) return early.push(...events);
      ear.heard.push(...events);
      ear.notify();
    });
    ear = new Ear(from, stop);
    ear.heard.push(...early);
    return ear;
  }

  /** Waits until it has heard the entry at a position, or one behind it. */
  async through(position: number): Promise<void> {
    while ((this.heard.at(-1)?.position ?? 0) < position) {
      await new Promise<void>((resolve) => {
        this.notify = resolve;
      });
    }
  }

  get positions(): number[] {
    return this.heard.map(({ position }) => position);
  }
}

const write = (firstName: string, account = ctx) => agents.create(account, { firstName });

test('listeners that come and go while entries pour in hear all that follows their start, once, in order', async () => {
  const { ctx: other } = await openTestAccount();
  let isWriting = true;
  const writers = [ctx, ctx, other, other].map(async (account) => {
    while (isWriting) {
      await write('busy', account);
      feed.wake();
    }
  });
  const stayed: Ear[] = [];
  for (let round = 0; round < 40; round++) {
    const ears = await Promise.all([1, 2, 3].map(() => Ear.of(feed, ctx.account.id)));
    for (const ear of ears) await ear.through(ear.from + 1);
    for (const ear of ears.slice(round % 4)) {
      ear.stop();
      ear.stop();
    }
    stayed.push(...ears.slice(0, round % 4));
    if (round % 8 === 7) for (const ear of stayed.splice(0)) await checkAndStop(ear);
  }
  isWriting = false;
  await Promise.all(writers);
  for (const ear of stayed) await checkAndStop(ear);
  expect(errors).toEqual([]);

  async function checkAndStop(ear: Ear): Promise<void> {
    await ear.through(await writeLast(ctx));
    ear.stop();
    expect(ear.positions).toEqual((await positionsAfter(ctx, ear.from)).slice(0, ear.positions.length));
  }
});

test('the last listener leaves in the same moment as another comes', async () => {
  for (let turns = 0; turns < 30; turns++) {
    const last = await Ear.of(feed, ctx.account.id);
    const coming = Ear.of(feed, ctx.account.id);
    for (let turn = 0; turn < turns % 10; turn++) await Promise.resolve();
    last.stop();
    const next = await coming;
    const position = await writeLast(ctx);
    await next.through(position);
    expect(next.positions).toEqual(await positionsAfter(ctx, next.from));
    next.stop();
    const first = Ear.of(feed, ctx.account.id);
    const second = Ear.of(feed, ctx.account.id);
    (await first).stop();
    const lone = await second;
    await lone.through(await writeLast(ctx));
    expect(lone.positions).toEqual(await positionsAfter(ctx, lone.from));
    lone.stop();
  }
});

test('to stop twice does not silence who came later', async () => {
  const first = await Ear.of(feed, ctx.account.id);
  first.stop();
  const second = await Ear.of(feed, ctx.account.id);
  first.stop();
  await second.through(await writeLast(ctx));
  expect(first.heard).toEqual([]);
});

test('wake-ups without a pause do not keep the feed from reading', async () => {
  const ear = await Ear.of(feed, ctx.account.id);
  let isHeard = false;
  const hearing = writeLast(ctx)
    .then((position) => ear.through(position))
    .then(() => {
      isHeard = true;
    });
  while (!isHeard) {
    feed.wake();
    await nextTurn();
  }
  await hearing;
  expect(ear.positions).toEqual(await positionsAfter(ctx, ear.from));
});

test('an entry of a transaction that takes long is heard in its place', async () => {
  const ear = await Ear.of(feed, ctx.account.id);
  const { ctx: other } = await openTestAccount();
  const otherEar = await Ear.of(feed, other.account.id);
  await ctx.transaction(async (tx) => {
    await write('slow', tx);
    await write('quick', other);
    await readTwice();
    expect(otherEar.heard.map(({ payload }) => payload.firstName)).not.toContain('quick');
  });
  await ear.through(await writeLast(ctx));
  await otherEar.through(await writeLast(other));
  expect(ear.heard.map(({ payload }) => payload.firstName)).toEqual(['slow', 'end']);
  expect(otherEar.heard.map(({ payload }) => payload.firstName)).toEqual(
    expect.arrayContaining(['quick', 'end']),
  );
});

/** Waits until the feed has looked at the log twice from now on. */
async function readTwice(): Promise<void> {
  const statements = jest.spyOn(database, 'queryWithin');
  const looks = () => statements.mock.calls.filter(([, , , name]) => name === 'settled position').length;
  while (looks() < 3) await nextTurn();
  statements.mockRestore();
}

test('nobody listens, nobody reads', async () => {
  const statements = jest.spyOn(database, 'queryWithin');
  feed.wake();
  const ear = await Ear.of(feed, ctx.account.id);
  await ear.through(await writeLast(ctx));
  ear.stop();
  await feed.stop();
  const { length } = statements.mock.calls;
  feed.wake();
  await write('unheard');
  await nextTurn();
  expect(statements.mock.calls).toHaveLength(length);
  statements.mockRestore();
});

test('a database that goes away and comes back leaves no gap', async () => {
  const gate = await TcpGate.before(await testDatabaseUrl());
  const store = await Database.open(gate.url, { poolSize: 2 });
  let failed: () => void = () => {};
  const failing = new Promise<void>((resolve) => {
    failed = resolve;
  });
  const far = new LiveFeed({ store, pollMs: 5, onError: () => failed() });
  const ear = await Ear.of(far, ctx.account.id);
  await write('before');
  await gate.shut();
  await failing;
  await write('meanwhile');
  await expect(settledPosition(store.acrossAccounts)).rejects.toThrow(
    'The database cannot be reached at the moment.',
  );
  await gate.reopen();
  far.wake();
  await ear.through(await writeLast(ctx));
  expect(ear.positions).toEqual(await positionsAfter(ctx, ear.from));
  await far.stop();
  await store.close();
  await gate.shut();
});
