import type { Store } from '../domain/context';

const DAY_MS = 86_400_000;
const BATCH = 10_000;

// The floor moves in the statement that deletes, so a reader that sees entries gone also sees the floor.
const PURGE = `
with old as (
  select position from change_event
  where created_at < $1 and position <= (select position from webhook_progress)
  order by position limit ${BATCH}
), gone as (
  delete from change_event using old where change_event.position = old.position returning change_event.position
), raised as (
  update change_log_floor set position = greatest(position, (select max(position) from gone))
  where exists (select 1 from gone)
)
select count(*)::int as count from gone`;

/** Deletes the entries of the change log that are older than the given days and have been relayed to webhooks; answers how many. */
export async function purgeChangeLog(store: Store, retentionDays: number, now: Date): Promise<number> {
  const before = new Date(now.getTime() - retentionDays * DAY_MS).toISOString();
  let purged = 0;
  for (;;) {
    const [row] = await store.acrossAccounts.query<{ count: number }>(PURGE, [before]);
    purged += row?.count ?? 0;
    if ((row?.count ?? 0) < BATCH) return purged;
  }
}
