import { Client } from 'pg';
import { Database } from '../../src/server/database/database';
import { ownDatabaseUrl } from '../support/database';

// A transaction of which all statements are known goes to the database in one trip, and is one all the same.

const ADD = `insert into entry_of_test (n, word, reach) values ($1, $2, current_setting('switchboard.account_id'))`;
const [ONE, OTHER] = ['0190a0b0-0000-7000-8000-000000000001', '0190a0b0-0000-7000-8000-000000000002'];

let store: Database;
let stranger: Client;

beforeAll(async () => {
  const url = await ownDatabaseUrl();
  // One connection, so that each transaction finds it as the one before has left it.
  store = await Database.open(url, { poolSize: 1 });
  stranger = new Client({ connectionString: url });
  await stranger.connect();
  await stranger.query(`
    create table entry_of_test (n int primary key, word text, reach text);
    grant all on entry_of_test to public;
    create function cut() returns trigger language plpgsql security definer as $$
      begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
    create trigger cut before insert on entry_of_test for each row when (new.word = 'cut') execute function cut()`);
  // The connection knows how to be bound within a transaction, so that this goes in the same trip.
  await store.ofAccount(ONE).transaction((transaction) => store.turnTo(transaction, OTHER));
});
beforeEach(() => stranger.query('truncate entry_of_test'));
afterAll(async () => {
  await stranger?.end();
  await store?.close();
});

const commit = (reach: string, ...entries: [n: number, word?: string][]) =>
  store.ofAccount(reach).transaction((transaction) =>
    store.commitWith(
      transaction,
      entries.map(([n, word = 'w']) => ({ text: ADD, values: [n, word], name: 'add entry' })),
    ),
  );

async function written(): Promise<[number, string][]> {
  const { rows } = await stranger.query<{ n: number; reach: string }>(
    'select n, reach from entry_of_test order by n',
  );
  return rows.map(({ n, reach }) => [n, reach]);
}

async function reachNow(): Promise<string | undefined> {
  const [row] = await store
    .ofAccount(ONE)
    .query<{ reach: string }>(`select current_setting('switchboard.account_id') as reach where $1`, [true]);
  return row?.reach;
}

test('each is bound to its own account, however the connection was bound before', async () => {
  const reaches = [ONE, ONE, OTHER, OTHER, ONE, OTHER, OTHER, ONE];
  for (const [n, reach] of reaches.entries()) {
    await commit(reach, [2 * n], [2 * n + 1]);
    expect(await reachNow()).toBe(ONE);
  }
  expect(await written()).toEqual(
    reaches.flatMap((reach, n) => [
      [2 * n, reach],
      [2 * n + 1, reach],
    ]),
  );
});

test('one that is refused half way has written nothing, and the connection goes on', async () => {
  for (let times = 0; times < 4; times += 1) {
    await commit(ONE, [10 * times]);
    await expect(commit(ONE, [10 * times + 1], [10 * times], [10 * times + 2])).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  }
  expect((await written()).map(([n]) => n)).toEqual([0, 10, 20, 30]);
});

test('one whose connection breaks has written nothing, and the next has another', async () => {
  for (let times = 0; times < 3; times += 1) {
    await commit(ONE, [10 * times]);
    await expect(commit(ONE, [10 * times + 1], [10 * times + 2, 'cut'])).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  }
  expect((await written()).map(([n]) => n)).toEqual([0, 10, 20]);
});

test('one without statements needs no connection, and writes nothing', async () => {
  const before = store.poolUse.used;
  await store.ofAccount(ONE).transaction(async (transaction) => {
    await store.commitWith(transaction, []);
    expect(store.poolUse.used).toBe(before);
  });
  expect(await written()).toEqual([]);
});
