import type { Database } from '../../src/server/database/database';

const WAITING = `select 1 from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`;

/** Waits until a statement of another connection waits for a lock. */
export async function untilBlocked({ acrossAccounts }: Database): Promise<void> {
  while ((await acrossAccounts.query(WAITING, [])).length === 0);
}
