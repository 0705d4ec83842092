import { programContexts } from '../../src/domain/account/program-context';
import type { Context } from '../../src/domain/context';
import type { DueOptions } from '../../src/domain/due';
import type { Database } from '../../src/server/database/database';
import { openTestAccount, type TestAccount, type TestClock, testStore, testVault } from './account';
import { emptyMails } from './queues';

export const MINUTE = 60_000;

/** An account that writes mails, on the clock of the test, with steps that are taken by hand. */
export interface MailBench {
  account: TestAccount;
  ctx: Context;
  clock: TestClock;
  store: Database;
  due: DueOptions;
  /** What went wrong in steps, oldest first. */
  errors: unknown[];
}

/** Opens a bench. */
export async function openMailBench(clock?: TestClock): Promise<MailBench> {
  const store = await testStore();
  await emptyMails(store);
  const account = await openTestAccount({ ...(clock && { clock }) });
  const errors: unknown[] = [];
  const contextOf = programContexts({ store, vault: testVault, now: account.clock.now }, 'mailing');
  const onError = (error: unknown) => errors.push(error);
  const due = { store, now: account.clock.now, contextOf, onError };
  return { account, ctx: account.ctx, clock: account.clock, store, due, errors };
}
