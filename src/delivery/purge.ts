import { toInstant } from '../domain/datetime';
import type { Store } from '../domain/store';

const DAY_MS = 86_400_000;
const BATCH = 5000;

const DELIVERIES = `
with old as (
  select account_id, id from webhook_delivery where created_at < $1 and status <> 'pending' limit ${BATCH}
), gone as (
  delete from webhook_delivery d using old where d.account_id = old.account_id and d.id = old.id returning 1
)
select count(*)::int as count from gone`;

const MESSAGES = `
with old as (
  select account_id, id from webhook_message m where created_at < $1 and not exists (
    select from webhook_delivery d where d.account_id = m.account_id and d.message_id = m.id) limit ${BATCH}
), gone as (
  delete from webhook_message m using old where m.account_id = old.account_id and m.id = old.id returning 1
)
select count(*)::int as count from gone`;

/** Deletes finished deliveries with their attempts and messages that are older than the given days; answers how many deliveries. */
export async function purgeDeliveries(store: Store, retentionDays: number, now: Date): Promise<number> {
  const before = toInstant(new Date(now.getTime() - retentionDays * DAY_MS));
  const purge = async (text: string) => {
    let purged = 0;
    for (;;) {
      const [row] = await store.acrossAccounts.query<{ count: number }>(text, [before]);
      purged += row?.count ?? 0;
      if ((row?.count ?? 0) < BATCH) return purged;
    }
  };
  const deliveries = await purge(DELIVERIES);
  await purge(MESSAGES);
  return deliveries;
}
