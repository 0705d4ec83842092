import { type ChangeEvent, endOfStretch, readChanges } from '../domain/change-log';
import type { Context } from '../domain/context';
import { toInstant } from '../domain/datetime';
import { type LogState, logState } from '../domain/log-state';
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
  /** Number of events that were read: those of accounts with webhooks. */
  events: number;
  /** Number of deliveries that were queued. */
  deliveries: number;
  /** Whether more events are there already. */
  isMore: boolean;
  /** Whether transactions with lower positions are on their way, so that it is worth to look again soon. */
  isUnsettled: boolean;
  /** Whether anything is to be sent, now or later. */
  isQueued: boolean;
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
/** So many events a step looks at most, of which it reads those that somebody may want. */
const STRETCH_MAX = 20_000;
/** After this many deliveries a step ends; the event that passes the mark is still queued whole. */
const DELIVERIES_MAX = 5000;

const MARK = `
select position::float8 as position, exists(select from webhook_lane) as "isQueued"
from webhook_progress for update skip locked`;
const MOVE_MARK = 'update webhook_progress set position = $1';
const ENDPOINTS = `
select webhook.id, webhook.account_id as "accountId", webhook.events, webhook.filters, webhook.format
from webhook join account on account.id = webhook.account_id and account.deleted_at is null
where webhook.account_id = any($1) and webhook.is_active and webhook.deleted_at is null order by webhook.id`;

interface Mark {
  position: number;
  isQueued: boolean;
}

/** Another process relays: what it has queued is everybody's to send. */
const NOTHING: Relayed = { events: 0, deliveries: 0, isMore: false, isUnsettled: false, isQueued: true };

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
  { position, isQueued }: Mark,
  { settled, last }: LogState,
  options: RelayOptions,
): Promise<Relayed & { end: number }> {
  const isLong = settled - position > STRETCH_MAX;
  const stretch = isLong ? await endOfStretch(statements, position, settled, STRETCH_MAX) : undefined;
  const through = stretch ?? settled;
  const read =
    through > position ? await readChanges(statements, position, through, EVENTS_MAX, 'webhooks') : [];
  const addressed = read.length > 0 ? address(read, await endpointsOf(statements, read)) : [];
  const deliveries = await queue(statements, addressed, options);
  const isCut = addressed.length < read.length || read.length === EVENTS_MAX;
  return {
    ...{ events: addressed.length, deliveries, isQueued: isQueued || deliveries > 0 },
    ...{ isMore: isCut || through < settled, isUnsettled: settled < last },
    end: isCut ? (addressed.at(-1)?.event.position ?? position) : Math.max(position, through),
  };
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
    const [mark] = await statements.query<Mark & Record<string, unknown>>(MARK, [], 'relay mark');
    if (!mark) return NOTHING;
    const { end, ...relayed } = await relayFrom(statements, mark, await logState(statements), options);
    const move = { text: MOVE_MARK, values: [end], name: 'move mark' };
    await store.commitWith(runner, end > mark.position ? [move] : []);
    return relayed;
  });
}
