import { uuidv7 } from 'uuidv7';
import type { Statement, Store } from '../domain/store';
import { COMMIT_LATER, keysOf, type LeasedLane } from './lanes';

/** One try, as it is logged. */
export interface AttemptRecord {
  attempt: number;
  at: string;
  durationMs: number;
  statusCode: number | null;
  responseHeaders: Record<string, string> | null;
  responseBody: string | null;
  error: string | null;
}

/** What became of the first delivery of a lane; without `delivery` there was nothing to do, and the lane is given back. */
export interface LaneOutcome {
  lane: LeasedLane;
  delivery?: {
    id: string;
    status: 'pending' | 'delivered' | 'failed' | 'cancelled';
    retryStep: number;
    nextAttemptAt: string | null;
    deliveredAt: string | null;
  };
  attempt?: AttemptRecord;
}

const LEASES = `unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) as r(account_id, webhook_id, subject_id, lease_id)`;
const isHeld = (r: string) => `lane.account_id = ${r}.account_id and lane.webhook_id = ${r}.webhook_id
    and lane.subject_id = ${r}.subject_id and lane.lease_id = ${r}.lease_id`;

// Until the end of the transaction nobody queues into these lanes, so an empty one can go.
const HOLD = `
select count(*), ${COMMIT_LATER}
from (
  select from webhook_lane lane join ${LEASES} on ${isHeld('r')}
  order by lane.account_id, lane.webhook_id, lane.subject_id
  for update of lane) held`;

// Only who holds the lease decides what comes next; that it was delivered is true whoever says it.
const WRITE = `
with told as materialized (
  select * from jsonb_to_recordset($1) as told(account_id uuid, webhook_id uuid, subject_id uuid, lease_id uuid,
    delivery_id uuid, status text, retry_step int, next_attempt_at timestamptz, delivered_at timestamptz,
    attempt_id uuid, attempt int, attempted_at timestamptz, duration_ms int, status_code int, response_headers jsonb,
    response_body text, error text)
), attempt as (
  insert into webhook_attempt (id, account_id, delivery_id, attempt, status_code, response_headers, response_body,
    duration_ms, error, created_at)
  select attempt_id, account_id, delivery_id, attempt, status_code, response_headers, response_body, duration_ms,
    error, attempted_at
  from told where attempt_id is not null
), r as materialized (
  select told.*, told.status = 'delivered'
    or (select true from webhook_lane lane where ${isHeld('told')}) is not null as is_heard
  from told
)
update webhook_delivery d
set attempt_count = d.attempt_count + (r.attempt_id is not null)::int,
  status = case when is_heard then r.status else d.status end,
  retry_step = case when is_heard then r.retry_step else d.retry_step end,
  next_attempt_at = case when is_heard then r.next_attempt_at else d.next_attempt_at end,
  delivered_at = case when is_heard then r.delivered_at else d.delivered_at end
from r where d.account_id = r.account_id and d.id = r.delivery_id`;

const GIVE_BACK = `
with held as (
  select r.account_id, r.webhook_id, r.subject_id, (
    select next_attempt_at from webhook_delivery d
    where d.account_id = r.account_id and d.webhook_id = r.webhook_id and d.subject_id = r.subject_id
      and d.status = 'pending'
    order by d.position, d.id limit 1) as due_at
  from webhook_lane lane join ${LEASES} on ${isHeld('r')}
), kept as (
  update webhook_lane lane set due_at = held.due_at, lease_id = null
  from held where lane.account_id = held.account_id and lane.webhook_id = held.webhook_id
    and lane.subject_id = held.subject_id and held.due_at is not null
)
delete from webhook_lane lane using held
where lane.account_id = held.account_id and lane.webhook_id = held.webhook_id
  and lane.subject_id = held.subject_id and held.due_at is null`;

function rowOf({ lane, delivery, attempt }: LaneOutcome) {
  return {
    account_id: lane.accountId,
    webhook_id: lane.webhookId,
    subject_id: lane.subjectId,
    lease_id: lane.leaseId,
    delivery_id: delivery?.id,
    status: delivery?.status,
    retry_step: delivery?.retryStep,
    next_attempt_at: delivery?.nextAttemptAt,
    delivered_at: delivery?.deliveredAt,
    attempt_id: attempt && uuidv7(),
    attempt: attempt?.attempt,
    attempted_at: attempt?.at,
    duration_ms: attempt?.durationMs,
    status_code: attempt?.statusCode,
    response_headers: attempt?.responseHeaders,
    response_body: attempt?.responseBody,
    error: attempt?.error,
  };
}

/** What writes the outcomes down, in one transaction. */
export function outcomeStatements(outcomes: LaneOutcome[]): Statement[] {
  const lanes = outcomes.map(({ lane }) => lane);
  const leases = [...keysOf(lanes), lanes.map(({ leaseId }) => leaseId)];
  const told = outcomes.filter(({ delivery }) => delivery).map(rowOf);
  return [
    { text: HOLD, values: leases, name: 'hold lanes' },
    { text: WRITE, values: [JSON.stringify(told)], name: 'write outcomes' },
    { text: GIVE_BACK, values: leases, name: 'give lanes back' },
  ];
}

/** Writes the outcomes down, in one round trip. */
export async function writeOutcomes(store: Store, outcomes: LaneOutcome[]): Promise<void> {
  const statements = outcomeStatements(outcomes);
  await store.acrossAccounts.transaction((transaction) => store.commitWith(transaction, statements));
}
