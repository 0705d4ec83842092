import { type ChangeEvent, type LogState, logState, readChanges } from '../domain/change-log';
import type { Context } from '../domain/context';
import { toInstant } from '../domain/datetime';
import type { Store } from '../domain/store';
import { wantsEvent } from '../domain/webhook/webhook.rules';
import {
  type Endpoint,
  queueDeliveries,
  routesTo,
  type Statements,
  withPreviousPositions,
} from '../domain/webhook/webhook-queue';

/** What a relay needs. */
export interface RelayOptions {
  store: Store;
  now: () => Date;
  /** The program acting for an account, for formats that read more than the event. */
  contextOf: (accountId: string) => Promise<Context>;
}

/** What a step of the relay has done. */
export interface Relayed {
  /** Number of events that were read. */
  events: number;
  /** Number of deliveries that were queued. */
  deliveries: number;
  /** Whether more events are there already. */
  isMore: boolean;
  /** Whether transactions with lower positions are on their way, so that it is worth to look again soon. */
  isUnsettled: boolean;
}

interface Subscriber extends Endpoint {
  accountId: string;
  events: string[];
}

/** An event with the endpoints that want it. */
interface Addressed {
  event: ChangeEvent;
  endpoints: Subscriber[];
}

const EVENTS_MAX = 500;
/** After this many deliveries a step ends; the event that passes the mark is still queued whole. */
const DELIVERIES_MAX = 5000;

const MARK = 'select position::float8 as position from webhook_progress for update skip locked';
const MOVE_MARK = 'update webhook_progress set position = $1';
const ENDPOINTS = `
select webhook.id, webhook.account_id as "accountId", webhook.events, webhook.filters, webhook.format
from webhook join account on account.id = webhook.account_id and account.deleted_at is null
where webhook.account_id = any($1) and webhook.is_active and webhook.deleted_at is null order by webhook.id`;

const NOTHING: Relayed = { events: 0, deliveries: 0, isMore: false, isUnsettled: false };

async function endpointsOf(
  statements: Statements,
  events: ChangeEvent[],
): Promise<Map<string, Subscriber[]>> {
  const accountIds = [...new Set(events.map(({ accountId }) => accountId))];
  const endpoints = await statements.query<Subscriber & Record<string, unknown>>(
    ENDPOINTS,
    [accountIds],
    'endpoints',
  );
  const endpointsByAccountId = new Map<string, Subscriber[]>(accountIds.map((id) => [id, []]));
  for (const endpoint of endpoints) endpointsByAccountId.get(endpoint.accountId)?.push(endpoint);
  return endpointsByAccountId;
}

/** The first events of the batch that make up one step, with their endpoints. */
function address(events: ChangeEvent[], endpointsByAccountId: Map<string, Subscriber[]>): Addressed[] {
  const addressed: Addressed[] = [];
  let deliveries = 0;
  for (const event of events) {
    if (deliveries >= DELIVERIES_MAX) break;
    const endpoints = (endpointsByAccountId.get(event.accountId) ?? []).filter((one) =>
      wantsEvent(one, event),
    );
    deliveries += endpoints.length;
    addressed.push({ event, endpoints });
  }
  return addressed;
}

async function queue(statements: Statements, addressed: Addressed[], options: RelayOptions): Promise<number> {
  const wanted = addressed.filter(({ endpoints }) => endpoints.length > 0);
  if (wanted.length === 0) return 0;
  const events = await withPreviousPositions(
    statements,
    wanted.map(({ event }) => event),
  );
  const routes = wanted.flatMap(({ endpoints }, at) => {
    const event = events[at] as (typeof events)[number];
    return endpoints.flatMap((endpoint) => routesTo(endpoint, event));
  });
  const at = toInstant(options.now());
  const ids = await queueDeliveries(statements, routes, { at, kind: 'live', contextOf: options.contextOf });
  return ids.length;
}

async function relayFrom(
  statements: Statements,
  mark: number,
  log: LogState,
  options: RelayOptions,
): Promise<Relayed> {
  const read = log.settled > mark ? await readChanges(statements, mark, log.settled, EVENTS_MAX) : [];
  const addressed = address(read, await endpointsOf(statements, read));
  const deliveries = await queue(statements, addressed, options);
  const isMore = addressed.length < read.length || read.length === EVENTS_MAX;
  const end = isMore ? (addressed.at(-1)?.event.position ?? mark) : Math.max(mark, log.settled);
  if (end > mark) await statements.query(MOVE_MARK, [end], 'move mark');
  return { events: addressed.length, deliveries, isMore, isUnsettled: log.settled < log.last };
}

/**
 * Reads settled events after the mark and queues a delivery for each endpoint that wants them, in one transaction
 * with the mark: none is lost, none doubled. Does nothing while another process does it.
 */
export async function relay(options: RelayOptions): Promise<Relayed> {
  const { store } = options;
  return store.acrossAccounts.transaction(async (runner) => {
    const statements: Statements = {
      query: (text, values, name) => store.queryIn(runner, text, values, name),
    };
    const [mark] = await statements.query<{ position: number }>(MARK, [], 'relay mark');
    if (!mark) return NOTHING;
    return relayFrom(statements, mark.position, await logState(statements), options);
  });
}
