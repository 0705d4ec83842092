import type { Database } from '../../src/server/database/database';
import { testStore } from './account';

const LAST = 'select coalesce(max(position), 0) from change_event';

const DELIVERIES = [
  'update webhook set is_active = false where is_active',
  'delete from webhook_lane',
  `update webhook_progress set position = greatest(position, (${LAST}))`,
];

const MAILS = [
  'update support_case set feedback_send_at = null where feedback_send_at is not null',
  'update support_case set snoozed_until = null where snoozed_until is not null',
  'update email set send_at = null where send_at is not null',
  `update campaign set status = 'failed' where status in ('sending', 'scheduled')`,
];

async function runAll({ acrossAccounts }: Database, texts: string[]): Promise<void> {
  for (const text of texts) await acrossAccounts.query(text, []);
}

/** What earlier tests of this worker have left to be sent to endpoints would be sent by the next worker. */
export const emptyDeliveries = (store: Database) => runAll(store, DELIVERIES);

/** The same of e-mails, campaigns, and what support cases wait for. */
export const emptyMails = (store: Database) => runAll(store, MAILS);

/** The same of both, before the program itself is started on this worker's database. */
export async function emptyQueues(): Promise<void> {
  await runAll(await testStore(), [...DELIVERIES, ...MAILS]);
}
