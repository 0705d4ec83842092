import { setImmediate as nextTurn } from 'node:timers/promises';
import { LiveFeed } from '../../src/delivery/live-feed';
import { agents } from '../../src/domain/agent/agent.service';
import { type ChangeEvent, replayChanges } from '../../src/domain/change-log';
import type { Context } from '../../src/domain/context';
import { SharedSubscriptions } from '../../src/graphql/subscriptions/shared-subscriptions';
import type { Member, SubscriptionPlan } from '../../src/graphql/subscriptions/subscription-group';
import { openTestAccount, testStore } from '../support/account';
import { positionsAfter, writeLast } from '../support/change-log';

let feed: LiveFeed;
let subscriptions: SharedSubscriptions;
let ctx: Context;
/** Positions that were executed, in order. */
let executed: number[];

beforeEach(async () => {
  ({ ctx } = await openTestAccount());
  feed = new LiveFeed({ store: await testStore(), pollMs: 10, onError: () => {} });
  subscriptions = new SharedSubscriptions(feed);
  executed = [];
});

afterEach(() => feed.stop());

/** A subscription to the whole log whose results are the positions. */
function planOf(execute = async ({ position }: ChangeEvent) => String(position)): SubscriptionPlan {
  return {
    key: 'all',
    accountId: ctx.account.id,
    matches: () => true,
    execute: (event) => {
      executed.push(event.position);
      return execute(event);
    },
    replay: (after, through) => replayChanges(ctx, { names: undefined, subjects: null }, after, through),
  };
}

/** A reader that keeps what it gets. */
class Reader {
  readonly got: number[] = [];
  member!: Member;
  /** Settles when the subscription has ended. */
  over!: Promise<IteratorResult<never>>;
  private notify: () => void = () => {};

  static async open(since?: number, plan = planOf()): Promise<Reader> {
    const reader = new Reader();
    reader.member = await subscriptions.open(plan, since, (result, onSent) => {
      reader.got.push(Number(result));
      reader.notify();
      if (onSent) setImmediate(onSent);
      return true;
    });
    reader.over = reader.member.next();
    return reader;
  }

  async through(position: number): Promise<void> {
    while ((this.got.at(-1) ?? 0) < position) {
      await new Promise<void>((resolve) => {
        this.notify = resolve;
      });
    }
  }

  async leave(): Promise<void> {
    await this.member.return();
    expect(await this.over).toEqual({ value: undefined, done: true });
  }
}

/** Writes so many entries in one statement, as fast as the log grows. */
const grow = (count: number) =>
  ctx.transaction((tx) =>
    tx.emit(
      ...Array.from({ length: count }, (_, at) => ({
        name: 'agent.updated',
        subjectId: ctx.account.id,
        changes: {},
        payload: { at },
      })),
    ),
  );

test('the last reader leaves in the same moment as another comes', async () => {
  for (let turns = 0; turns < 40; turns++) {
    const last = await Reader.open();
    const coming = Reader.open();
    for (let turn = 0; turn < turns % 20; turn++) await Promise.resolve();
    await last.member.return();
    const next = await coming;
    const position = await writeLast(ctx);
    await next.through(position);
    expect(next.got).toEqual([position]);
    await next.leave();
    expect(subscriptions.size).toBe(0);
  }
});

test('readers that come while entries pour in get all that follows their cursor, once, in order', async () => {
  const start = await writeLast(ctx);
  let isWriting = true;
  const writers = [1, 2, 3, 4].map(async () => {
    while (isWriting) {
      await agents.create(ctx, { firstName: 'busy' });
      feed.wake();
    }
  });
  const readers: [since: number, reader: Reader][] = [];
  for (let round = 0; round < 30; round++) {
    const known = await positionsAfter(ctx, start - 1);
    const since = known[Math.floor((known.length * round) / 30)] ?? start;
    readers.push([since, await Reader.open(since)]);
    const leaving = round % 3 === 0 ? readers.shift() : undefined;
    await leaving?.[1].leave();
  }
  isWriting = false;
  await Promise.all(writers);
  const position = await writeLast(ctx);
  for (const [since, reader] of readers) {
    await reader.through(position);
    expect(reader.got).toEqual(await positionsAfter(ctx, since));
    await reader.leave();
  }
});

test('a reader catches up on 5,000 entries while writes go on', async () => {
  const since = await writeLast(ctx);
  await grow(5_000);
  const live = await Reader.open();
  const late = await Reader.open(since);
  let isCatchingUp = true;
  const writing = (async () => {
    while (isCatchingUp) await writeLast(ctx);
  })();
  await late.through((await positionsAfter(ctx, since))[4_999] as number);
  isCatchingUp = false;
  await writing;
  const position = await writeLast(ctx);
  await Promise.all([late.through(position), live.through(position)]);
  expect(late.got).toEqual(await positionsAfter(ctx, since));
  expect(late.got.length).toBeGreaterThan(5_000);
  expect(live.got).toEqual(late.got.slice(-live.got.length));
  await Promise.all([late.leave(), live.leave()]);
});

test('entries that come faster than they are executed wait in the log, and none is left out', async () => {
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const plan = planOf(async ({ position }) => {
    await gate;
    return String(position);
  });
  const since = await writeLast(ctx);
  const first = await Reader.open(undefined, plan);
  const early = await writeLast(ctx);
  while (executed.length === 0) await nextTurn();
  for (let round = 0; round < 3; round++) await grow(1_000);
  const heard = await hearAll();
  // Comes while the others are behind: for it, all of that is past.
  const second = await Reader.open(undefined, plan);
  open();
  const position = await writeLast(ctx);
  await Promise.all([first.through(position), second.through(position)]);
  expect(first.got).toEqual((await positionsAfter(ctx, since)).filter((one) => one >= early));
  expect(executed).toEqual(first.got);
  expect(second.got).toEqual((await positionsAfter(ctx, heard)).slice(-second.got.length));
  expect(second.got.length).toBeLessThan(10);
  await Promise.all([first.leave(), second.leave()]);
});

/** The end of the log, once the feed has told it. */
async function hearAll(): Promise<number> {
  const position = await writeLast(ctx);
  await new Promise<void>((resolve) => {
    void feed.listen(ctx.account.id, (events) => {
      if (events.some((event) => event.position >= position)) resolve();
    });
    void writeLast(ctx);
  });
  return position;
}

test('what cannot be executed ends the subscription with the error, and is there after the return', async () => {
  let isBroken = false;
  const plan = planOf(async ({ position }) => {
    if (isBroken) throw new Error('no database');
    return String(position);
  });
  const readers = await Promise.all([1, 2].map(() => Reader.open(undefined, plan)));
  const first = await writeLast(ctx);
  await Promise.all(readers.map((reader) => reader.through(first)));
  isBroken = true;
  const second = await writeLast(ctx);
  for (const reader of readers) await expect(reader.over).rejects.toThrow('no database');
  expect(subscriptions.size).toBe(0);
  await expect((await Reader.open(first, plan)).over).rejects.toThrow('no database');
  isBroken = false;
  const again = await Reader.open(first, plan);
  await again.through(second);
  expect(again.got).toEqual(await positionsAfter(ctx, first));
  await again.leave();
});

test('a reader that leaves while it catches up gets nothing more', async () => {
  const since = await writeLast(ctx);
  await grow(100);
  const reader = await Reader.open(since);
  while (reader.got.length < 10) await nextTurn();
  await reader.leave();
  const { length } = reader.got;
  const other = await Reader.open(since);
  await other.through(await writeLast(ctx));
  expect(reader.got).toHaveLength(length);
  await other.leave();
});

test('thousands of readers, some of which come and go while an entry is handed out', async () => {
  const plan = planOf();
  const readers = await Promise.all(Array.from({ length: 2_500 }, () => Reader.open(undefined, plan)));
  const first = await writeLast(ctx);
  // The first thousand have it, the others wait for their turn.
  await readers[0]?.through(first);
  const leaving = readers.splice(2_000);
  await Promise.all(leaving.map((reader) => reader.leave()));
  const late = await Promise.all(Array.from({ length: 500 }, () => Reader.open(first, plan)));
  const second = await writeLast(ctx);
  await Promise.all([...readers, ...late].map((reader) => reader.through(second)));
  for (const reader of readers) expect(reader.got).toEqual([first, second]);
  for (const reader of late) expect(reader.got).toEqual([second]);
  expect(executed).toEqual([first, second]);
  await Promise.all([...readers, ...late].map((reader) => reader.leave()));
  expect(subscriptions.size).toBe(0);
});

test('a sink that takes no more ends its reader alone', async () => {
  const good = await Reader.open();
  const full = await subscriptions.open(planOf(), undefined, () => false);
  const position = await writeLast(ctx);
  expect(await full.next()).toEqual({ value: undefined, done: true });
  await good.through(position);
  await good.leave();
});
