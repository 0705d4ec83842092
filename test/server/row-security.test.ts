import fc from 'fast-check';
import { accounts as accountService } from '../../src/domain/account/account.service';
import type { Context } from '../../src/domain/context';
import { Lead } from '../../src/domain/lead/lead.entity';
import { leads } from '../../src/domain/lead/lead.service';
import { Repository } from '../../src/domain/repository';
import { tableOf } from '../../src/domain/table';
import { Database } from '../../src/server/database/database';
import { requireRowSecurity } from '../../src/server/database/row-security-check';
import { openTestAccount, type TestAccount } from '../support/account';
import { ownDatabaseUrl, testDatabaseUrl } from '../support/database';
import { areSearchesMarked } from '../support/marked-searches';

const ACCOUNTS = 4;
const LEADS = 3;

let store: Database;
let accounts: TestAccount[];
const leadIdByAccountId = new Map<string, string>();

beforeAll(async () => {
  // Fewer connections than accounts, so that every connection goes from one to another.
  store = await Database.open(await testDatabaseUrl(), { poolSize: 3 });
  accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => openTestAccount({ store })));
  for (const { ctx } of accounts) {
    const inputs = Array.from({ length: LEADS }, (_, at) => ({ phone: `+120255501${at}0` }));
    for (const input of inputs) leadIdByAccountId.set(ctx.account.id, (await leads.create(ctx, input)).id);
  }
});

afterAll(() => store.close());

const accountOf = (at: number) => (accounts[at % ACCOUNTS] as TestAccount).ctx;
const leadIdOf = ({ account }: Context) => leadIdByAccountId.get(account.id) as string;
const EVERY_LEAD = 'select account_id as "accountId" from lead';
type Row = { accountId: string };

/** The rows of nouns as one would read them who has forgotten whose they are to be. */
function careless(ctx: Context, other: Context): Repository<Lead> {
  const view = { accountId: other.account.id };
  return new Repository<Lead>(Object.create(ctx, { view: { value: view } }), tableOf(Lead));
}

const own = (ctx: Context) => Array.from({ length: LEADS }, () => ({ accountId: ctx.account.id }));
const REFUSED = /row-level security|policy/;

/** What a caller may do; each proves for itself that it met no row of others. */
const STEPS: Record<string, (ctx: Context, other: Context) => Promise<unknown>> = {
  reads: async (ctx) => expect(await ctx.query<Row>(EVERY_LEAD, [])).toEqual(own(ctx)),
  readsWithValues: async (ctx) =>
    expect(await ctx.query<Row>(`${EVERY_LEAD} where $1`, [true])).toEqual(own(ctx)),
  readsPrepared: async (ctx) => expect(await ctx.query<Row>(EVERY_LEAD, [], 'every lead')).toEqual(own(ctx)),
  readsInTransaction: (ctx) =>
    ctx.transaction(async (tx) =>
      expect(await tx.query<Row>(EVERY_LEAD, [], 'every lead')).toEqual(own(ctx)),
    ),
  asksForOthers: async (ctx, other) => {
    expect(await careless(ctx, other).find(leadIdOf(other))).toBeUndefined();
    expect(await careless(ctx, other).slice({})).toEqual([]);
    expect(await careless(ctx, other).count()).toBe(0);
  },
  writesOthers: (ctx, other) =>
    ctx.transaction(async (tx) => {
      await expect(careless(tx, other).lock(leadIdOf(other))).rejects.toThrow('Lead not found');
      const text = `update lead set message = 'mine' where account_id = $1 returning account_id as "accountId"`;
      expect(await tx.query(text, [other.account.id])).toEqual([]);
    }),
  movesToOthers: (ctx, other) =>
    expect(ctx.query('update lead set account_id = $1', [other.account.id])).rejects.toThrow(),
  fails: (ctx) => expect(ctx.query('select 1 / $1::int', [0])).rejects.toThrow(),
  failsPrepared: (ctx) => expect(ctx.query('select 1 / $1::int', [0], 'bad division')).rejects.toThrow(),
  failsToParse: (ctx) => expect(ctx.query('select from nothing where $1', [true])).rejects.toThrow(),
  failsInTransaction: (ctx) =>
    expect(ctx.transaction((tx) => tx.query('select 1 / $1::int', [0]))).rejects.toThrow(),
  givesUp: (ctx) =>
    expect(
      ctx.transaction(async (tx) => {
        await tx.query(`update lead set message = 'never'`, []);
        throw new Error('given up');
      }),
    ).rejects.toThrow('given up'),
  acrossAccounts: async () => {
    const rows = await store.acrossAccounts.query<Row>(`${EVERY_LEAD} where account_id = any($1)`, [
      accounts.map(({ ctx }) => ctx.account.id),
    ]);
    expect(rows).toHaveLength(ACCOUNTS * LEADS);
  },
};

test('accounts that take turns on a few connections, with failures between them, never meet a row of another', async () => {
  const step = fc.record({
    account: fc.nat(ACCOUNTS - 1),
    other: fc.integer({ min: 1, max: ACCOUNTS - 1 }),
    kind: fc.constantFrom(...Object.keys(STEPS)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      await Promise.all(
        steps.map(({ account, other, kind }) =>
          STEPS[kind]?.(accountOf(account), accountOf(account + other)),
        ),
      );
    }),
    { numRuns: 40 },
  );
  const changed = `select from lead where account_id = any($1) and message is not null`;
  const ids = accounts.map(({ ctx }) => ctx.account.id);
  expect(await store.acrossAccounts.query(changed, [ids])).toEqual([]);
});

test('a row of another account is refused, whoever writes it', async () => {
  const [ctx, other] = [accountOf(0), accountOf(1)];
  const text = `insert into tag (id, account_id, name, created_at, updated_at) values (gen_random_uuid(), $1, 'x', now(), now())`;
  const error = await store
    .ofAccount(ctx.account.id)
    .query(text, [other.account.id])
    .catch((cause: Error) => cause);
  expect(String((error as Error).cause ?? error)).toMatch(REFUSED);
});

test('a connection that is bound to nothing sees nothing', async () => {
  const runner = store.dataSource.createQueryRunner();
  await runner.startTransaction();
  await runner.query(`select set_config('switchboard.account_id', '', true)`);
  expect(await runner.query('select * from lead')).toEqual([]);
  expect(await runner.query('select * from account')).toEqual([]);
  await runner.rollbackTransaction();
  await runner.release();
});

test('an agency sees its client accounts, and of them nothing but what they are', async () => {
  const { ctx } = await openTestAccount({ store, kind: 'agency' });
  const client = await accountService.createClient(ctx, { name: 'Client' });
  expect(await ctx.query('select id from account order by id', [])).toEqual(
    [{ id: ctx.account.id }, { id: client.id }].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  );
  expect(await ctx.query('select from feed where account_id = $1', [client.id])).toEqual([]);
  expect(await store.ofAccount(client.id).query('select id from account', [])).toEqual([{ id: client.id }]);
});

describe('the self-check at the start', () => {
  let database: Database;
  const warnings: string[] = [];
  const check = () => requireRowSecurity(database, (line) => warnings.push(line));
  const run = (text: string) => database.acrossAccounts.query(text, []);

  beforeAll(async () => {
    database = await Database.open(await ownDatabaseUrl(), { poolSize: 2 });
    await openTestAccount({ store: database });
  });

  afterAll(() => database.close());

  test('is content with the database as the migrations leave it', async () => {
    await check();
    const slow = [expect.stringMatching(/^Searches of large accounts are slow/)];
    expect(warnings).toEqual((await areSearchesMarked(database)) ? [] : slow);
  });

  test('names a table that nobody has locked, and is content when it is', async () => {
    await run('create table thing (id uuid primary key, account_id uuid not null)');
    await expect(check()).rejects.toThrow(
      "The table thing has an account_id and is not locked to it: call lock_to_account('thing') in the migration that makes it.",
    );
    await run(`select lock_to_account('thing')`);
    await check();
  });

  test('a part of a large table is enough to find that it shows rows', async () => {
    await run(`
      create table large as select gen_random_uuid() as id, gen_random_uuid() as account_id from generate_series(1, 60000);
      select lock_to_account('large')`);
    const [size] = await database.acrossAccounts.query<{ bytes: number }>(
      `select pg_relation_size('large')::float8 as bytes where $1`,
      [true],
    );
    expect(size?.bytes).toBeGreaterThan(2_000_000);
    await check();
    await run('alter policy account on large using (true) with check (false)');
    await expect(check()).rejects.toThrow('large shows rows');
    await run('drop table large');
  });

  test.each([
    ['alter table feed no force row level security', 'The table feed has an account_id and is not locked'],
    ['alter table feed disable row level security', 'The table feed has an account_id and is not locked'],
    ['create policy more on feed using (true)', 'The table feed has an account_id and is not locked'],
    ['alter policy account on feed using (true)', 'feed shows rows, feed takes rows'],
    ['alter policy account on feed with check (true)', 'feed takes rows'],
  ])('after %j it stops the start', async (change, sentence) => {
    await run(change);
    await expect(check()).rejects.toThrow(sentence);
    await run('drop policy if exists more on feed');
    await run('drop policy account on feed');
    await run(`select lock_to_account('feed')`);
    await check();
  });
});
