import type { AccountKind } from '../../src/domain/account/account.entity';
import { newAccountScope, openAccount } from '../../src/domain/account/account.service';
import { apiKeys } from '../../src/domain/api-key/api-key.service';
import { Context } from '../../src/domain/context';
import { Vault } from '../../src/domain/vault';
import { Database } from '../../src/server/database/database';
import { testDatabaseUrl } from './database';

/** What a clock of a test says until it is moved. */
export const NOW = '2026-03-02T10:00:00.000Z';

/** A clock that stands until it is moved. */
export class TestClock {
  constructor(public at = new Date(NOW)) {}

  readonly now = (): Date => this.at;

  /** Moves the clock on. */
  advance(milliseconds: number): void {
    this.at = new Date(this.at.getTime() + milliseconds);
  }
}

/** An account of one test file, and a key of it. */
export interface TestAccount {
  /** Acts for the account with full access, as the program itself. */
  ctx: Context;
  key: string;
  clock: TestClock;
}

interface AccountOptions {
  kind?: AccountKind;
  /** Scopes of the key; full access when not given. */
  scopes?: string[];
  clock?: TestClock;
  /** Another database than the worker’s. */
  store?: Database;
}

/** The installation's secret in all tests. */
export const testSecret = 'the secret that every test has in common';

/** The vault of all tests. */
export const testVault = new Vault(testSecret);

let opening: Promise<Database> | undefined;

/** The migrated database of this worker, one connection pool per test file. */
export function testStore(): Promise<Database> {
  // Where many ask at once, the last one waits for all of them, and on a busy machine for long.
  opening ??= testDatabaseUrl().then((url) => Database.open(url, { poolSize: 8, waitMs: 60_000 }));
  return opening;
}

afterAll(async () => {
  await (await opening)?.close();
});

/** The account that each key of {@link issueKey} is of. */
export const accountIdByKey = new Map<string, string>();

/** A further key of the account. */
export async function issueKey({ ctx }: TestAccount, scopes?: string[]): Promise<string> {
  const { key } = await apiKeys.create(ctx, { name: 'test', prefix: 'sb_test', ...(scopes && { scopes }) });
  accountIdByKey.set(key, ctx.account.id);
  return key;
}

/** Opens an account with its default feed and a key; accounts keep tests apart, so nothing is ever cleaned up. */
export async function openTestAccount({
  kind = 'standalone',
  scopes,
  clock = new TestClock(),
  store,
}: AccountOptions = {}): Promise<TestAccount> {
  const database = store ?? (await testStore());
  const ctx = new Context({
    store: database,
    account: await newAccountScope(database.acrossAccounts, kind),
    actor: { kind: 'system', id: null, name: 'test' },
    scopes: null,
    requestId: 'test',
    vault: testVault,
    now: clock.now,
  });
  await openAccount(ctx, { name: 'Test account' });
  const account = { ctx, key: '', clock };
  return { ...account, key: await issueKey(account, scopes) };
}
