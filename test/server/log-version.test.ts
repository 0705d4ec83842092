import { accounts } from '../../src/domain/account/account.service';
import { apiKeys } from '../../src/domain/api-key/api-key.service';
import { leads } from '../../src/domain/lead/lead.service';
import type { Store } from '../../src/domain/store';
import { KnownRows } from '../../src/server/known-rows';
import { LogVersion } from '../../src/server/log-version';
import { openTestAccount, type TestAccount, testStore } from '../support/account';
import { watchedStore } from '../support/watched-store';

const SUBJECTS = ['api_key', 'account', 'feed'];
const LOOK_MS = 801;
const MINUTE_MS = 60_001;

let account: TestAccount;
let statements: number;
let store: Store;
let failure: Error | undefined;
let nowMs: number;

beforeEach(async () => {
  account = await openTestAccount();
  [statements, failure, nowMs] = [0, undefined, 1_000_000];
  jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
  store = watchedStore(await testStore(), {
    statement: () => {
      statements += 1;
      if (failure) throw failure;
    },
  });
});
afterEach(() => jest.restoreAllMocks());

/** The version after its time has come. */
async function next(version: LogVersion): Promise<number> {
  nowMs += LOOK_MS;
  return version.current();
}

let phone = 0;
function createLead() {
  phone += 1;
  return leads.create(account.ctx, { phone: `+1202555${3000 + phone}` });
}

test('it grows with entries of its subjects alone', async () => {
  const version = new LogVersion(store, SUBJECTS);
  expect(await version.current()).toBe(1);
  await createLead();
  expect(await next(version)).toBe(1);
  const { apiKey } = await apiKeys.create(account.ctx, { name: 'one' });
  expect(await next(version)).toBe(2);
  expect(await next(version)).toBe(2);
  await apiKeys.revoke(account.ctx, apiKey.id);
  await accounts.update(account.ctx, { timeZone: 'Europe/Paris' });
  expect(await next(version)).toBe(3);
  expect(await next(version)).toBe(3);
});

test('until its time has come nobody looks, and then one looks for all who ask', async () => {
  const version = new LogVersion(store, SUBJECTS);
  await version.current();
  await apiKeys.create(account.ctx, { name: 'two' });
  statements = 0;
  expect([await version.current(), statements]).toEqual([1, 0]);
  nowMs += LOOK_MS;
  expect(await Promise.all([version.current(), version.current(), version.current()])).toEqual([2, 2, 2]);
  expect(statements).toBe(2);
});

test('an entry is not missed while a transaction with a lower position is still under way', async () => {
  const version = new LogVersion(store, SUBJECTS);
  await version.current();
  await account.ctx.transaction(async (tx) => {
    await leads.create(tx, { phone: '+12025553999', tagNames: ['slow'] });
    await tx.noteEvents();
    await apiKeys.create(account.ctx, { name: 'meanwhile' });
    expect(await next(version)).toBe(2);
    // It stands above what is settled, so it is seen once more.
    expect(await next(version)).toBe(3);
  });
  expect(await next(version)).toBe(4);
  expect(await next(version)).toBe(4);
});

test('behind more entries than are looked through there may be any', async () => {
  const version = new LogVersion(store, SUBJECTS);
  await version.current();
  await account.ctx.query(
    `insert into change_event (account_id, name, subject, subject_id, changes, payload, actor, request_id, created_at)
     select $1, 'lead.created', 'lead', $1, '{}', '{}', '{}', 'many', now() from generate_series(1, 20001)`,
    [account.ctx.account.id],
  );
  expect(await next(version)).toBe(2);
  expect(await next(version)).toBe(2);
});

test('a log that goes back is another one', async () => {
  const settledAt = await account.ctx.query<{ last: number }>(
    'select last_value::float8 as last from change_event_position_seq',
    [],
  );
  const version = new LogVersion(store, SUBJECTS);
  await version.current();
  await account.ctx.query(`select setval('change_event_position_seq', $1::bigint - 1)`, [settledAt[0]?.last]);
  expect(await next(version)).toBe(2);
  // Its last entry stands behind the new position.
  await account.ctx.query(`select setval('change_event_position_seq', $1::bigint)`, [settledAt[0]?.last]);
  expect([await next(version), await next(version)]).toEqual([3, 3]);
});

test('a look that never ends is given up by those who ask later', async () => {
  let isLost = true;
  const held = watchedStore(store, {
    statement: () => (isLost ? new Promise(() => {}) : undefined),
  });
  const version = new LogVersion(held, SUBJECTS);
  void version.current();
  isLost = false;
  nowMs += 5_001;
  expect(await version.current()).toBe(1);
});

test('what no entry tells of holds after a minute', async () => {
  const version = new LogVersion(store, SUBJECTS);
  await version.current();
  expect(await next(version)).toBe(1);
  nowMs += MINUTE_MS;
  expect(await version.current()).toBe(2);
  expect(await next(version)).toBe(2);
});

test('a look that fails is told to all who asked, and the next one looks again', async () => {
  const version = new LogVersion(store, SUBJECTS);
  failure = new Error('away');
  await expect(Promise.all([version.current(), version.current()])).rejects.toThrow('away');
  failure = undefined;
  expect(await version.current()).toBe(1);
});

test('rows are read once in a version, and what could not be read is read again', async () => {
  let version = 1;
  let reads = 0;
  const rows = new KnownRows<number>(() => version);
  const find = () =>
    rows.find('a', async () => {
      reads += 1;
      if (failure) throw failure;
      return reads;
    });
  expect(await Promise.all([find(), find()])).toEqual([1, 1]);
  version = 2;
  expect([await find(), await find()]).toEqual([2, 2]);
  version = 3;
  failure = new Error('away');
  await expect(find()).rejects.toThrow('away');
  failure = undefined;
  expect(await find()).toBe(4);
});
