import { toInstant } from '../domain/datetime';
import type { Store } from '../domain/store';

/** A lane that this process holds the lease of: it alone sends the lane's first delivery. */
export interface LeasedLane {
  accountId: string;
  webhookId: string;
  subjectId: string;
  leaseId: string;
}

/** The first unfinished delivery of a lane, with all that is needed to send it. */
export interface LaneHead {
  lane: LeasedLane;
  deliveryId: string;
  event: string;
  attemptCount: number;
  retryStep: number;
  nextAttemptAt: string;
  isTest: boolean;
  messageId: string;
  /** Cursor of the event; null for a test. */
  position: string | null;
  format: string;
  body: string | null;
  webhook: HeadWebhook;
}

/** The endpoint of a lane. */
export interface HeadWebhook {
  accountId: string;
  id: string;
  url: string;
  signingKeys: string;
  /** Switched on and not deleted. */
  isActive: boolean;
  failingSince: string | null;
}

/** Which lanes are wanted. */
export interface Claim {
  now: Date;
  leaseId: string;
  leaseMs: number;
  /** Most lanes. */
  limit: number;
  /** Most lanes of one endpoint, of those that are being sent to as many as there is room for. */
  perWebhook: number;
  roomByWebhookId: ReadonlyMap<string, number>;
  /** Lanes of endpoints that fail at the moment, or of the others. */
  isFailing: boolean;
  /** The endpoint that was served last; the next one comes first. */
  after: { accountId: string; webhookId: string };
}

// Hops through the index from endpoint to endpoint, whatever is queued for each.
const WORKING_ENDPOINTS = `
  (select account_id, webhook_id from webhook_lane where (account_id, webhook_id) > ($1::uuid, $2::uuid)
   order by account_id, webhook_id limit 1)
  union all
  select next.account_id, next.webhook_id
  from endpoint cross join lateral (
    select account_id, webhook_id from webhook_lane lane
    where (lane.account_id, lane.webhook_id) > (endpoint.account_id, endpoint.webhook_id)
    order by lane.account_id, lane.webhook_id limit 1) next`;

const FAILING_ENDPOINTS = `
  select account_id, id as webhook_id from webhook
  where failing_since is not null and deleted_at is null and (account_id, id) > ($1::uuid, $2::uuid)
  order by account_id, id`;

/**
 * Commits without waiting for the disk: what a crash of the server takes back is done again, so deliveries still
 * arrive at least once. Evaluated with the rows of a statement.
 */
export const COMMIT_LATER = `set_config('synchronous_commit', 'off', true) as "commitLater"`;

// A lease is a due time in the future under the id of its holder, so one that runs out is due again by itself. What
// an account that is switched off has in the queue waits.
const claimSql = (endpoints: string, isWanted: string) => `
with recursive endpoint as (${endpoints}), due as materialized (
  select lane.account_id, lane.webhook_id, lane.subject_id
  from endpoint
  cross join lateral (
    select from webhook join account on account.id = webhook.account_id and account.is_active
    where webhook.account_id = endpoint.account_id and webhook.id = endpoint.webhook_id and ${isWanted}
    offset 0) wanted
  cross join lateral (
    select account_id, webhook_id, subject_id from webhook_lane
    where webhook_lane.account_id = endpoint.account_id and webhook_lane.webhook_id = endpoint.webhook_id
      and due_at <= $3 and due_at > '-infinity'
    order by due_at
    limit coalesce(($5::jsonb ->> endpoint.webhook_id::text)::int, $4)
    for update skip locked) lane
  limit $6
)
update webhook_lane lane set due_at = $7, lease_id = $8
from due
where lane.account_id = due.account_id and lane.webhook_id = due.webhook_id and lane.subject_id = due.subject_id
returning lane.account_id as "accountId", lane.webhook_id as "webhookId", lane.subject_id as "subjectId",
  lane.lease_id as "leaseId", ${COMMIT_LATER}`;

const CLAIM_WORKING = claimSql(WORKING_ENDPOINTS, 'webhook.failing_since is null');
const CLAIM_FAILING = claimSql(FAILING_ENDPOINTS, 'true');

// A statement of its own, so that it sees what was committed before the leases were taken.
const HEADS = `
select lane.webhook_id as "webhookId", lane.subject_id as "subjectId",
  head.id as "deliveryId", head.event, head.attempt_count as "attemptCount", head.retry_step as "retryStep",
  head.next_attempt_at as "nextAttemptAt", head.is_test as "isTest", head.position, message.id as "messageId", message.format,
  message.body, webhook.url, webhook.signing_keys as "signingKeys",
  webhook.is_active and webhook.deleted_at is null as "isActive", webhook.failing_since as "failingSince"
from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as lane(account_id, webhook_id, subject_id)
cross join lateral (
  select * from webhook_delivery d
  where d.account_id = lane.account_id and d.webhook_id = lane.webhook_id and d.subject_id = lane.subject_id
    and d.status = 'pending'
  order by d.position, d.id limit 1) head
join webhook on webhook.account_id = lane.account_id and webhook.id = lane.webhook_id
join webhook_message message on message.account_id = lane.account_id and message.id = head.message_id`;

type HeadRow = Omit<LaneHead, 'lane' | 'webhook'> &
  Omit<HeadWebhook, 'accountId' | 'id'> & { webhookId: string; subjectId: string };

/** The keys of lanes, as a statement takes them: a list for each column. */
export function keysOf(lanes: LeasedLane[]): string[][] {
  return (['accountId', 'webhookId', 'subjectId'] as const).map((key) => lanes.map((lane) => lane[key]));
}

/** Takes the leases of due lanes, going round the endpoints. */
export function claimLanes(store: Store, claim: Claim): Promise<LeasedLane[]> {
  const { now, leaseMs, after, perWebhook, roomByWebhookId, limit, isFailing, leaseId } = claim;
  const leasedUntil = toInstant(new Date(now.getTime() + leaseMs));
  const rooms = JSON.stringify(Object.fromEntries(roomByWebhookId));
  return store.acrossAccounts.query<LeasedLane & Record<string, unknown>>(
    isFailing ? CLAIM_FAILING : CLAIM_WORKING,
    [after.accountId, after.webhookId, toInstant(now), perWebhook, rooms, limit, leasedUntil, leaseId],
    isFailing ? 'claim failing lanes' : 'claim lanes',
  );
}

/** The first unfinished delivery of each lane; lanes without one are missing. */
export async function headsOf(store: Store, lanes: LeasedLane[]): Promise<LaneHead[]> {
  const rows = await store.acrossAccounts.query<HeadRow & Record<string, unknown>>(
    HEADS,
    keysOf(lanes),
    'lane heads',
  );
  const laneByKey = new Map(lanes.map((lane) => [`${lane.webhookId} ${lane.subjectId}`, lane]));
  return rows.map(({ webhookId, subjectId, url, signingKeys, isActive, failingSince, ...head }) => {
    const lane = laneByKey.get(`${webhookId} ${subjectId}`) as LeasedLane;
    const webhook = { accountId: lane.accountId, id: webhookId, url, signingKeys, isActive, failingSince };
    return { ...head, lane, webhook };
  });
}
