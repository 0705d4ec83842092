import { Client, DatabaseError } from 'pg';
import type { Context } from '../../src/domain/context';
import { Database } from '../../src/server/database/database';
import { isHarmless, isRefusal } from '../../src/server/database/refusal';
import { COLUMN_TYPES } from '../../src/server/database/row-reader';
import { openTestAccount } from '../support/account';
import { ownDatabaseUrl } from '../support/database';

// Short statements of an account that come in the same turn share a trip to the database, and nothing else.

let store: Database;
let stranger: Client;
let ctx: Context;
let other: Context;

const POOL = 4;
const ADD = `insert into note_of_test (n, word) values ($1, $2) returning n, pg_current_xact_id()::text as "xact"`;

beforeAll(async () => {
  const url = await ownDatabaseUrl();
  store = await Database.open(url, { poolSize: POOL });
  ({ ctx } = await openTestAccount({ store }));
  ({ ctx: other } = await openTestAccount({ store }));
  stranger = new Client({ connectionString: url });
  await stranger.connect();
  await stranger.query(`
    create table note_of_test (n int primary key check (n >= 0), word text);
    grant all on note_of_test to public;
    create function cut() returns trigger language plpgsql as $$
      begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
    create trigger cut before insert on note_of_test for each row when (new.word = 'cut') execute function cut();
    create function late() returns trigger language plpgsql as $$ begin raise check_violation; end $$;
    create constraint trigger late after insert on note_of_test deferrable initially deferred
      for each row when (new.word = 'late') execute function late()`);
});
beforeEach(prepareEverywhere);
afterAll(async () => {
  await stranger.end();
  await store.close();
});

/** Lets every connection of the pool prepare the statement, whichever a group will get. */
async function prepareEverywhere(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await stranger.query('truncate note_of_test');
    let holding = 0;
    let release = () => {};
    const areAllHolding = new Promise<void>((resolve) => {
      release = resolve;
    });
    const hold = (n: number) =>
      ctx.transaction(async (tx) => {
        await tx.query(ADD, [n, 'w']);
        holding += 1;
        if (holding === POOL) release();
        await areAllHolding;
      });
    await Promise.all(Array.from({ length: POOL }, (_, n) => hold(n)));
  }
  await stranger.query('truncate note_of_test');
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
  const results = await Promise.allSettled([add(ctx, 1), add(ctx, -1), add(ctx, 2), add(ctx, 1)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  expect(results[1]).toMatchObject({ reason: { code: '23514' } });
  expect(results[3]).toMatchObject({ reason: { code: 'CONFLICT' } });
  expect(await written()).toEqual([1, 2]);
});

test('one that the commit refuses, or that cannot be sent, is refused alone', async () => {
  const circle: { self?: object } = {};
  circle.self = circle;
  const results = await Promise.allSettled([add(ctx, 1), add(ctx, 2, 'late'), add(ctx, 3)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const others = await Promise.allSettled([add(ctx, 4), add(ctx, 5, circle), add(ctx, 6)]);
  expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(others[1]).toMatchObject({ reason: { message: expect.stringContaining('circular') } });
  expect(await written()).toEqual([1, 3, 4, 6]);
});

test('one whose answer cannot be read has happened, and fails alone', async () => {
  const known = { getTypeParser: COLUMN_TYPES.getTypeParser };
  const read = (n: number) =>
    ctx.lookUp<{ day: string }>("select case when $1::int = 2 then date '2026-06-17' end as day", [n]);
  const parse = jest.spyOn(COLUMN_TYPES, 'getTypeParser').mockImplementation(((oid: number) =>
    oid === 1082
      ? () => {
          throw new Error('no date');
        }
      : known.getTypeParser(oid)) as never);
  for (let round = 0; round < 3; round += 1) await Promise.all(Array.from({ length: POOL }, () => read(1)));
  const results = await Promise.allSettled([read(1), read(2), read(3)]);
  parse.mockRestore();
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('what a group is bound by ends with it', async () => {
  const SETTINGS = `select current_setting('lock_timeout') as "lock", current_setting('statement_timeout') as "statement",
    current_setting('switchboard.account_id') as "account" where $1`;
  const settingsOf = (by: Context) => by.query(SETTINGS, [true]);
  const before = await settingsOf(ctx);
  await Promise.all([add(ctx, 1), add(ctx, 2), add(other, 3), add(other, 4)]);
  for (let times = 0; times < POOL; times += 1) expect(await settingsOf(ctx)).toEqual(before);
});

test('a statement that a failed transaction has left behind does not begin it', async () => {
  const left: Promise<unknown>[] = [];
  const failing = ctx.transaction(async (tx) => {
    left.push(tx.query(ADD, [1, 'w']), tx.query(ADD, [2, 'w']));
    throw new Error('failed');
  });
  await expect(failing).rejects.toThrow('failed');
  const [first, second] = await Promise.allSettled(left);
  expect([first?.status, second?.status]).toEqual(['rejected', 'rejected']);
  await Promise.all(
    Array.from({ length: POOL }, (_, n) => ctx.transaction((tx) => tx.query(ADD, [10 + n, 'w']))),
  );
  expect(await written()).toEqual([10, 11, 12, 13]);
});

test('one that waits for another transaction waits alone', async () => {
  await stranger.query('begin');
  await stranger.query('insert into note_of_test values (2)');
  const waiting = add(ctx, 2);
  const rows = await Promise.all([add(ctx, 1), add(ctx, 3)]);
  expect(rows.map(({ n }) => n)).toEqual([1, 3]);
  await stranger.query('rollback');
  expect((await waiting).n).toBe(2);
  expect(await written()).toEqual([1, 2, 3]);
});

test('when the connection breaks, all of a group are told, and nothing is written', async () => {
  const results = await Promise.allSettled([add(ctx, 1), add(ctx, 2, 'cut'), add(other, 4), add(ctx, 3)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'rejected']);
  expect(results[0]).toMatchObject({ reason: { code: 'UNAVAILABLE' } });
  expect(await written()).toEqual([4]);
});

test('lookups of one turn share a trip, and one that fails fails alone', async () => {
  await add(ctx, 7, 'seven');
  const READ =
    'select word, 1 / (n - $2) as "share", pg_backend_pid() as "pid" from note_of_test where n = $1';
  const read = (by: number) => ctx.lookUp<{ word: string; pid: number }>(READ, [7, by]);
  for (let round = 0; round < 3; round += 1) await read(1);
  const results = await Promise.allSettled([read(1), read(7), read(2), read(99)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: { code: 'INVALID' } });
  const together = await Promise.all([read(1), read(2), read(3)]);
  expect(together.flat().map(({ word }) => word)).toEqual(['seven', 'seven', 'seven']);
  expect(new Set(together.flat().map(({ pid }) => pid)).size).toBe(1);
});

test('whether the server has refused, it tells by its codes in any language', () => {
  const errorOf = (code: string) =>
    Object.assign(new DatabaseError('Fehler', 1, 'error'), { code, severity: 'FEHLER' });
  const ofBoth = (code: string) => [isRefusal(errorOf(code)), isHarmless(errorOf(code))];
  expect(['23505', '55P03', '57014', '0A000', '57P01', '25P03'].map(ofBoth)).toEqual([
    ...[true, true, true].map((is) => [is, is]),
    [true, false],
    [false, false],
    [false, false],
  ]);
  expect(isRefusal(new Error('Connection terminated unexpectedly'))).toBe(false);
});
