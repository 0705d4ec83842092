import { ANSWER_KEPT_HOURS } from '../domain/idempotency';
import type { Store } from '../domain/store';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
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

const PURGE_ANSWERS = `
with old as (
  select account_id, holder_id, key from idempotent_answer where created_at <= $1
  order by created_at limit ${BATCH} for update skip locked
), gone as (
  delete from idempotent_answer answer using old
  where (answer.account_id, answer.holder_id, answer.key) = (old.account_id, old.holder_id, old.key) returning 1
)
select count(*)::int as count from gone`;

async function purge(store: Store, text: string, keptMs: number, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptMs).toISOString();
  let purged = 0;
  for (;;) {
    const [row] = await store.acrossAccounts.query<{ count: number }>(text, [before]);
    purged += row?.count ?? 0;
    if ((row?.count ?? 0) < BATCH) return purged;
  }
}

/** Deletes the entries of the change log that are older than the given days and have been relayed to webhooks; answers how many. */
export function purgeChangeLog(store: Store, retentionDays: number, now: Date): Promise<number> {
  return purge(store, PURGE, retentionDays * DAY_MS, now);
}

/** Deletes the answers that are kept no longer for who sends a request again; answers how many. */
export function purgeAnswers(store: Store, now: Date): Promise<number> {
  return purge(store, PURGE_ANSWERS, ANSWER_KEPT_HOURS * HOUR_MS, now);
}
