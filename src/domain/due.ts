import type { Context } from './context';
import { type Instant, toInstant } from './datetime';
import type { Store } from './store';

/** A column of times at which rows, of whatever account, wait to be worked on; null is nothing to do. */
export interface DueQueue {
  table: 'call' | 'sms_message' | 'email' | 'integration' | 'support_case';
  column: 'dial_at' | 'send_at' | 'sync_at' | 'feedback_send_at';
}

/** What working through due rows needs of the outside world. */
export interface DueOptions {
  store: Store;
  now: () => Date;
  /** The program acting for an account. */
  contextOf: (accountId: string) => Promise<Context>;
  /** Hears of what could not be done; it is tried again when its lease is over. */
  onError: (error: unknown) => void;
}

/** Longer than any work on a row takes, so that only a process that is gone is overtaken. */
const LEASE_MS = 60_000;
/** Rows that are worked on at once. */
const BATCH = 8;

const claimSql = ({ table, column }: DueQueue) => `
update "${table}" set "${column}" = $2 where ("account_id", "id") in (
  select "account_id", "id" from "${table}" where "${column}" <= $1
  order by "${column}" limit ${BATCH} for update skip locked)
returning "account_id" as "accountId", "id"`;

// Whoever made the row due anew in the meantime wins.
const settleSql = ({ table, column }: DueQueue) => `
update "${table}" set "${column}" = $4 where "account_id" = $1 and "id" = $2 and "${column}" = $3`;

/**
 * Takes a few due rows under a lease and works on each; the work answers when the row is due again, null for
 * never. Each row is worked on at least once and, while processes live, by one at a time. Answers how many there were.
 */
export async function workDue(
  queue: DueQueue,
  { store, now, contextOf, onError }: DueOptions,
  work: (ctx: Context, id: string) => Promise<Instant | null>,
): Promise<number> {
  const at = now();
  const lease = toInstant(new Date(at.getTime() + LEASE_MS));
  const rows = await store.acrossAccounts.query<{ accountId: string; id: string }>(claimSql(queue), [
    toInstant(at),
    lease,
  ]);
  await Promise.all(
    rows.map(async ({ accountId, id }) => {
      try {
        const next = await work(await contextOf(accountId), id);
        await store.acrossAccounts.query(settleSql(queue), [accountId, id, lease, next]);
      } catch (error) {
        onError(error);
      }
    }),
  );
  return rows.length;
}

/** A statement that answers `accountId` and `id` of rows, of whatever account. */
export interface FoundRows {
  text: string;
  values: unknown[];
}

/**
 * Works on each of the rows that a statement finds; the work looks under its own lock whether there still is something
 * to do, and answers whether there was. Answers on how many something was done.
 */
export async function eachFound(
  { store, contextOf, onError }: DueOptions,
  { text, values }: FoundRows,
  work: (ctx: Context, id: string) => Promise<boolean>,
): Promise<number> {
  const rows = await store.acrossAccounts.query<{ accountId: string; id: string }>(text, values);
  let count = 0;
  for (const { accountId, id } of rows) {
    try {
      if (await work(await contextOf(accountId), id)) count += 1;
    } catch (error) {
      onError(error);
    }
  }
  return count;
}
