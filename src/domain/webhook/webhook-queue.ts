import { uuidv7 } from 'uuidv7';
import type { ChangeEvent } from '../change-log';
import type { Context } from '../context';
import type { Instant } from '../datetime';
import type { BoundStore } from '../store';
import type { ChangeFilters } from './webhook.rules';
import type { OutboundEvent } from './webhook-format';
import { partsFor } from './webhook-formats';
import { messagesOf } from './webhook-message';

/** Statements of one transaction. */
export type Statements = Pick<BoundStore, 'query'>;

/** An event that is to go to an endpoint. */
export interface Route {
  webhookId: string;
  format: string;
  /** The message of the event that it is; see {@link WebhookFormat.parts}. */
  part: string;
  event: OutboundEvent;
}

/** An endpoint that events are routed to. */
export interface Endpoint {
  id: string;
  format: string;
  filters: ChangeFilters;
}

/** The routes of an event that an endpoint wants: one for each message that it makes for it. */
export function routesTo(endpoint: Endpoint, event: OutboundEvent): Route[] {
  const { id: webhookId, format } = endpoint;
  return partsFor(endpoint, event).map((part) => ({ webhookId, format, part, event }));
}

/** How a batch of routes is queued. */
export interface QueueOptions {
  at: Instant;
  kind: 'live' | 'replay' | 'test';
  /** The program acting for an account, for formats that read more than the event. */
  contextOf: (accountId: string) => Promise<Context>;
}

const PREVIOUS = `
select asked.position::float8 as position, (
  select max(e.position) from change_event e
  where e.account_id = asked.account_id and e.subject_id = asked.subject_id and e.position < asked.position
)::float8 as previous
from unnest($1::uuid[], $2::uuid[], $3::bigint[]) as asked(account_id, subject_id, position)`;

const DELIVERIES = `
insert into webhook_delivery (id, account_id, webhook_id, message_id, event, subject_id, position, previous_position,
  status, next_attempt_at, is_replay, is_test, created_at)
select d.id, d.account_id, d.webhook_id, d.message_id, d.event, d.subject_id, d.position, d.previous_position,
  case when d.is_sendable then 'pending' else 'failed' end, case when d.is_sendable then $2::timestamptz end,
  $3, $4, $2
from jsonb_to_recordset($1) as d(id uuid, account_id uuid, webhook_id uuid, message_id uuid, event text,
  subject_id uuid, position bigint, previous_position bigint, is_sendable boolean)`;

// The update changes nothing but takes the lock of the lane, so that it is not removed as empty meanwhile. All who
// lock several lanes do it in the order of their keys, and behind the webhooks that they lock: a delivery shares its
// webhook, so it is a statement of its own.
const LANES = `
insert into webhook_lane (account_id, webhook_id, subject_id, due_at)
select distinct d.account_id, d.webhook_id, d.subject_id, $2::timestamptz
from jsonb_to_recordset($1) as d(account_id uuid, webhook_id uuid, subject_id uuid, is_sendable boolean)
where d.is_sendable
order by d.account_id, d.webhook_id, d.subject_id
on conflict (account_id, webhook_id, subject_id) do update set due_at = webhook_lane.due_at`;

/** The events with the position of the entry before each of the same record, in one statement. */
export async function withPreviousPositions(
  statements: Statements,
  events: readonly ChangeEvent[],
): Promise<OutboundEvent[]> {
  const column = (key: 'accountId' | 'subjectId' | 'position') => events.map((event) => event[key]);
  const rows = await statements.query<{ position: number; previous: number | null }>(
    PREVIOUS,
    [column('accountId'), column('subjectId'), column('position')],
    'previous positions',
  );
  const previousByPosition = new Map(rows.map(({ position, previous }) => [position, previous]));
  return events.map((event) => ({
    ...event,
    previousPosition: previousByPosition.get(event.position) ?? null,
  }));
}

/**
 * Queues a delivery for each route in the open transaction and answers their ids in order. Bodies are made and
 * stored once per event, part and format; where one cannot be made, its deliveries are failed from the start.
 */
export async function queueDeliveries(
  statements: Statements,
  routes: readonly Route[],
  options: QueueOptions,
): Promise<string[]> {
  if (routes.length === 0) return [];
  const messages = await messagesOf(statements, routes, options);
  const rows = routes.map((route) => {
    const { webhookId, event } = route;
    const message = messages(route);
    return {
      id: uuidv7(),
      account_id: event.accountId,
      webhook_id: webhookId,
      message_id: message.id,
      event: event.name,
      // A test waits for nothing and holds nothing up: it is a record of its own.
      subject_id: options.kind === 'test' ? message.id : event.subjectId,
      position: event.position,
      previous_position: event.previousPosition,
      is_sendable: message.isSendable,
    };
  });
  const json = JSON.stringify(rows);
  const { at, kind } = options;
  await statements.query(DELIVERIES, [json, at, kind === 'replay', kind === 'test'], 'queue deliveries');
  await statements.query(LANES, [json, at], 'queue lanes');
  return rows.map(({ id }) => id);
}
