import { Client, DatabaseError } from 'pg';
import type { Context } from '../../src/domain/context';
import { Database } from '../../src/server/database/database';
import { isHarmless, isRefusal } from '../../src/server/database/refusal';
import { COLUMN_TYPES } from '../../src/server/database/row-reader';
import { PATIENCE } from '../../src/server/database/turn-groups';
import { openTestAccount } from '../support/account';
import { ownDatabaseUrl } from '../support/database';

// Short statements of an account that come in the same turn share a trip to the database, and no failure.

const POOL = 4;
/** A machine that stands still for a moment sends nobody alone. */
const PATIENT = { lockMs: 60_000, statementMs: 60_000 };
const ADD = `insert into note_of_test (n, word) values ($1, $2) returning n, pg_current_xact_id()::text as "xact"`;

let url: string;
let store: Database;
let stranger: Client;
let ctx: Context;
let other: Context;

/** A database with a pool that has connections for all, and two accounts in it. */
async function open(patience = PATIENT): Promise<{ store: Database; ctx: Context; other: Context }> {
  const own = await Database.open(url, { poolSize: POOL, waitMs: 60_000, patience });
  const [first, second] = [await openTestAccount({ store: own }), await openTestAccount({ store: own })];
  return { store: own, ctx: first.ctx, other: second.ctx };
}

beforeAll(async () => {
  url = await ownDatabaseUrl();
  ({ store, ctx, other } = await open());
  stranger = new Client({ connectionString: url });
  await stranger.connect();
  await stranger.query(`
    create table note_of_test (n int primary key check (n >= 0), word text);
    grant all on note_of_test to public;
    create function cut() returns trigger language plpgsql security definer as $$
      begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
    create trigger cut before insert on note_of_test for each row when (new.word = 'cut') execute function cut();
    create function late() returns trigger language plpgsql as $$ begin raise check_violation; end $$;
    create constraint trigger late after insert on note_of_test deferrable initially deferred
      for each row when (new.word = 'late') execute function late()`);
});
beforeEach(async () => {
  await stranger.query('truncate note_of_test');
  await prepareEverywhere(ctx, ADD, (n) => [n, 'w']);
  await stranger.query('truncate note_of_test');
});
afterAll(async () => {
  await stranger?.end();
  await store?.close();
});

/** Runs the work on every connection of the pool at once. */
async function onAll(by: Context, work: (tx: Context, n: number) => Promise<unknown>): Promise<void> {
  let waiting = POOL;
  let release = () => {};
  const areAllHere = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = (n: number) =>
    by.transaction(async (tx) => {
      try {
        await work(tx, n);
      } finally {
        waiting -= 1;
        if (waiting === 0) release();
      }
      await areAllHere;
    });
  await Promise.all(Array.from({ length: POOL }, (_, n) => hold(n)));
}

/** Lets every connection of the pool prepare the statement, whichever a group will get. */
async function prepareEverywhere(
  by: Context,
  text: string,
  valuesOf: (n: number) => unknown[],
): Promise<void> {
  for (let round = 0; round < 3; round += 1)
    await onAll(by, (tx, n) => tx.query(text, valuesOf(POOL * round + n)));
}

interface Added {
  n: number;
  xact: string;
}

const add = (by: Context, n: number, word: unknown = 'w') =>
  by.transaction(async (tx) => (await tx.writeLast<Added>({ text: ADD, values: [n, word] }))[0] as Added);

async function written(): Promise<number[]> {
  const { rows } = await stranger.query<{ n: number }>('select n from note_of_test order by n');
  return rows.map(({ n }) => n);
}

const statusesOf = (results: PromiseSettledResult<unknown>[]) => results.map(({ status }) => status);

test('writes of one turn commit together, and each answers its own rows', async () => {
  const rows = await Promise.all([5, 3, 4].map((n) => add(ctx, n)));
  expect(rows.map(({ n }) => n)).toEqual([5, 3, 4]);
  expect(new Set(rows.map(({ xact }) => xact)).size).toBe(1);
  expect(await written()).toEqual([3, 4, 5]);
});

test('a group is bounded', async () => {
  const rows = await Promise.all(Array.from({ length: 18 }, (_, n) => add(ctx, n)));
  const counts = new Map<string, number>();
  for (const { xact } of rows) counts.set(xact, (counts.get(xact) ?? 0) + 1);
  expect([...counts.values()]).toEqual([8, 8, 2]);
  expect(await written()).toEqual(rows.map(({ n }) => n));
});

test('writes of two accounts never share a transaction', async () => {
  const rows = await Promise.all([add(ctx, 1), add(other, 2), add(ctx, 3), add(other, 4)]);
  const [a, b, c, d] = rows.map(({ xact }) => xact);
  expect([a === c, a === b, a === d]).toEqual([true, false, false]);
});

test('one that is refused is refused alone', async () => {
  await add(ctx, 9);
  const results = await Promise.allSettled([add(ctx, 1), add(ctx, -1), add(ctx, 2), add(ctx, 9)]);
  expect(statusesOf(results)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  expect(results[1]).toMatchObject({ reason: { code: '23514' } });
  expect(results[3]).toMatchObject({ reason: { code: 'CONFLICT' } });
  expect(await written()).toEqual([1, 2, 9]);
});

test('one that the commit refuses, or that cannot be sent, is refused alone', async () => {
  const circle: { self?: object } = {};
  circle.self = circle;
  const results = await Promise.allSettled([add(ctx, 1), add(ctx, 2, 'late'), add(ctx, 3)]);
  expect(statusesOf(results)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const others = await Promise.allSettled([add(ctx, 4), add(ctx, 5, circle), add(ctx, 6)]);
  expect(statusesOf(others)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(others[1]).toMatchObject({ reason: { message: expect.stringContaining('circular') } });
  expect(await written()).toEqual([1, 3, 4, 6]);
});

describe('where dates cannot be read', () => {
  const known = { getTypeParser: COLUMN_TYPES.getTypeParser };
  beforeEach(() => {
    jest.spyOn(COLUMN_TYPES, 'getTypeParser').mockImplementation(((oid: number) =>
      oid === 1082
        ? () => {
            throw new Error('no date');
          }
        : known.getTypeParser(oid)) as never);
  });
  afterEach(() => jest.restoreAllMocks());

  test('a write that answers one has happened once, and fails alone', async () => {
    const DATED = `insert into note_of_test (n) values ($1)
      returning pg_current_xact_id()::text as "xact", case when $1 = 102 then date '2026-06-17' end as day`;
    const dated = (n: number) =>
      ctx.transaction(async (tx) => (await tx.writeLast<Added>({ text: DATED, values: [n] }))[0] as Added);
    await prepareEverywhere(ctx, DATED, (n) => [n]);
    const results = await Promise.allSettled([dated(101), dated(102), dated(103)]);
    expect(statusesOf(results)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'no date' } });
    const [first, , third] = results as PromiseFulfilledResult<Added>[];
    expect(first?.value.xact).toBe(third?.value.xact);
    expect((await written()).filter((n) => n > 100)).toEqual([101, 102, 103]);
  });
});

test('what a group is bound by ends with it', async () => {
  const SETTINGS = `select current_setting('lock_timeout') as "lock", current_setting('statement_timeout') as "statement",
    current_setting('switchboard.account_id') as "account" where $1`;
  const settings: unknown[] = [];
  const look = () => onAll(ctx, async (tx) => settings.push(...(await tx.query(SETTINGS, [true]))));
  await look();
  const before = settings.splice(0);
  expect(before).toHaveLength(POOL);
  await Promise.all([add(ctx, 1), add(ctx, 2), add(other, 3), add(other, 4)]);
  await look();
  expect(settings).toEqual(before);
});

test('a statement that a failed transaction has left behind runs no more', async () => {
  for (const by of [ctx, other]) {
    const left: Promise<PromiseSettledResult<unknown>[]>[] = [];
    const failing = by.transaction(async (tx) => {
      left.push(Promise.allSettled([tx.query(ADD, [1, 'w']), tx.query(ADD, [2, 'w'])]));
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    for (const results of left) expect(statusesOf(await results)).toEqual(['rejected', 'rejected']);
  }
  await onAll(ctx, (tx, n) => tx.query(ADD, [10 + n, 'w']));
  expect(await written()).toEqual([10, 11, 12, 13]);
});

test('nothing runs behind the end of a transaction, and no connection is taken for it', async () => {
  const bound = store.ofAccount(ctx.account.id);
  const statement = { text: ADD, values: [1, 'w'] };
  for (let times = 0; times < 2 * POOL; times += 1) {
    const over = await bound.transaction(async (transaction) => transaction);
    const late = [over.query(statement), over.queryLast(statement), over.commit([statement])];
    expect(statusesOf(await Promise.allSettled(late))).toEqual(['rejected', 'rejected', 'rejected']);
  }
  const both = bound.transaction(async (transaction) => {
    await transaction.queryLast(statement);
    await transaction.queryLast({ text: ADD, values: [2, 'w'] });
  });
  await expect(both).rejects.toThrow('after the end of the transaction');
  expect(await written()).toEqual([1]);
});

test('one that waits for another transaction waits alone', async () => {
  const impatient = await open(PATIENCE);
  await prepareEverywhere(impatient.ctx, ADD, (n) => [100 + n, 'w']);
  try {
    await stranger.query('begin');
    await stranger.query('insert into note_of_test values (2)');
    const waiting = add(impatient.ctx, 2);
    const rows = await Promise.all([add(impatient.ctx, 1), add(impatient.ctx, 3)]);
    expect(rows.map(({ n }) => n)).toEqual([1, 3]);
    await stranger.query('rollback');
    expect((await waiting).n).toBe(2);
  } finally {
    await stranger.query('rollback');
    await impatient.store.close();
  }
  expect((await written()).filter((n) => n < 100)).toEqual([1, 2, 3]);
});

test('when the connection breaks, all of a group are told, and nothing is written', async () => {
  const results = await Promise.allSettled([add(ctx, 1), add(ctx, 2, 'cut'), add(other, 4), add(ctx, 3)]);
  expect(statusesOf(results)).toEqual(['rejected', 'rejected', 'fulfilled', 'rejected']);
  expect(results[0]).toMatchObject({ reason: { code: 'UNAVAILABLE' } });
  expect(await written()).toEqual([4]);
});

test('lookups of one turn share a trip, and one that fails fails alone', async () => {
  await add(ctx, 7, 'seven');
  const READ =
    'select word, 1 / (n - $2) as "share", pg_backend_pid() as "pid" from note_of_test where n = $1';
  await prepareEverywhere(ctx, READ, () => [7, 1]);
  const read = (by: number) => ctx.lookUp<{ word: string; pid: number }>(READ, [7, by]);
  const results = await Promise.allSettled([read(1), read(7), read(2), read(99)]);
  expect(statusesOf(results)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { code: 'INVALID' } });
  const together = (await Promise.all([read(1), read(2), read(3)])).flat();
  expect(together.map(({ word }) => word)).toEqual(['seven', 'seven', 'seven']);
  expect(new Set(together.map(({ pid }) => pid)).size).toBe(1);
});

test('a refusal is known by its code, in any language, and so is whether its connection can go on', () => {
  const errorOf = (code: string) =>
    Object.assign(new DatabaseError('Fehler', 1, 'error'), { code, severity: 'FEHLER' });
  const ofBoth = (code: string) => `${code} ${isRefusal(errorOf(code))} ${isHarmless(errorOf(code))}`;
  expect(
    ['23505', '55P03', '57014', '0A000', '57P01', '25P03', '40003', 'XX000', '58030'].map(ofBoth),
  ).toEqual([
    ...['23505 true true', '55P03 true true', '57014 true true', '0A000 true false'],
    ...[
      '57P01 false false',
      '25P03 false false',
      '40003 false false',
      'XX000 false false',
      '58030 false false',
    ],
  ]);
  expect(isRefusal(new Error('Connection terminated unexpectedly'))).toBe(false);
});
