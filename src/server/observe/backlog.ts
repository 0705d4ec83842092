import type { Store } from '../../domain/store';

/** What of the installation is not done yet. */
export interface Backlog {
  pendingDeliveries: number;
  oldestDeliverySeconds: number;
  /** Entries of the change log behind the one that webhooks have come to. */
  lagEvents: number;
  lagSeconds: number;
}

const ROWS_MAX = 10_000;
/** Many may ask: the database is asked once in this time. */
const KEPT_MS = 5_000;
const ANSWER_WITHIN_MS = 2_000;

const BACKLOG = `
select waiting.count::int as "pendingDeliveries", waiting.oldest as "oldestDelivery",
  behind.count::int as "lagEvents", behind.oldest as "oldestEvent"
from (
  select count(*), min(created_at) as oldest
  from (select created_at from webhook_delivery where status = 'pending' limit ${ROWS_MAX}) d
) waiting, (
  select count(*), min(created_at) as oldest
  from (
    select created_at from change_event where position > (select position from webhook_progress)
    order by position limit ${ROWS_MAX}
  ) e
) behind`;

interface Row extends Record<string, unknown> {
  pendingDeliveries: number;
  oldestDelivery: string | null;
  lagEvents: number;
  oldestEvent: string | null;
}

async function readBacklog(store: Store, now: () => Date): Promise<Backlog | undefined> {
  const [row] = await store.acrossAccounts.query<Row>(BACKLOG, [], 'backlog');
  if (!row) return undefined;
  const { pendingDeliveries, lagEvents, oldestDelivery, oldestEvent } = row;
  const ageOf = (instant: string | null) =>
    instant === null ? 0 : Math.max(0, (now().getTime() - Date.parse(instant)) / 1000);
  return {
    ...{ pendingDeliveries, lagEvents },
    oldestDeliverySeconds: ageOf(oldestDelivery),
    lagSeconds: ageOf(oldestEvent),
  };
}

/** A reader of the backlog, which asks the database rarely and waits for it briefly; undefined when it is away. */
export function backlogReader(store: Store, now: () => Date): () => Promise<Backlog | undefined> {
  let kept: Promise<Backlog | undefined> | undefined;
  return () => {
    if (!kept) {
      const reading = readBacklog(store, now).catch(() => undefined);
      const late = new Promise<undefined>((resolve) => {
        setTimeout(() => resolve(undefined), ANSWER_WITHIN_MS).unref();
      });
      kept = Promise.race([reading, late]);
      setTimeout(() => {
        kept = undefined;
      }, KEPT_MS).unref();
    }
    return kept;
  };
}
