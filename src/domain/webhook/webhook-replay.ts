import { type ChangeEvent, cursorOf, positionOf, readStretch, requireKept } from '../change-log';
import type { Context } from '../context';
import { parseInstant } from '../datetime';
import type { RowRef } from '../entity';
import { DomainError, invalid } from '../error';
import { rowEvent } from '../event';
import { settledPosition } from '../log-state';
import { Webhook } from './webhook.entity';
import { wantsEvent } from './webhook.rules';
import { queueDeliveries, routesTo, withPreviousPositions } from './webhook-queue';

/** A stretch of the change log; each end is an instant, or a cursor of the log. */
export interface ReplayRange {
  /** A cursor: entries after it. An instant: entries from then on. */
  since: string;
  /** A cursor: entries up to it, itself included. An instant: entries before it. Up to now when not given. */
  until?: string | null;
}

/** What a replay has queued, and where the next one goes on. */
export interface Replay {
  /** Number of deliveries that were queued. */
  deliveryCount: number;
  /** The next `since` when the stretch is not complete. */
  endCursor: string;
  /** Whether all of the stretch was looked at; if not, replay again from `endCursor`. */
  isComplete: boolean;
}

/** Most events that one call queues. */
export const REPLAY_MAX = 1000;
const SCAN_MAX = 20_000;
const SCAN_BATCH = 1000;

interface Bound {
  position?: number;
  instant?: string;
}

function boundOf(text: string, argument: 'since' | 'until'): Bound {
  if (/^\d+$/.test(text)) return { position: positionOf(text, argument) };
  const instant = parseInstant(text);
  if (instant) return { instant };
  throw invalid({
    [argument]: [
      `${argument} must be a point in time like 2026-01-31T14:30:00Z or a cursor of the change log.`,
    ],
  });
}

interface Found {
  events: ChangeEvent[];
  end: number;
  isComplete: boolean;
}

async function findEvents(ctx: Context, webhook: Webhook, since: Bound, until: Bound): Promise<Found> {
  const through = Math.min(until.position ?? Number.MAX_SAFE_INTEGER, await settledPosition(ctx));
  const events: ChangeEvent[] = [];
  let end = since.position ?? 0;
  for (let scanned = 0; scanned < SCAN_MAX; scanned += SCAN_BATCH) {
    const stretch = { after: end, through, from: since.instant, before: until.instant };
    const read = await readStretch(ctx, stretch, SCAN_BATCH);
    for (const event of read) {
      end = event.position;
      if (wantsEvent(webhook, event)) events.push(event);
      if (events.length === REPLAY_MAX) return { events, end, isComplete: false };
    }
    if (read.length < SCAN_BATCH) return { events, end: Math.max(end, through), isComplete: true };
  }
  return { events, end, isComplete: false };
}

/** Queues a delivery of each event of the stretch that the webhook wants, oldest first, at most {@link REPLAY_MAX} events. */
export async function replayTo(ctx: Context, ref: RowRef, range: ReplayRange): Promise<Replay> {
  const since = boundOf(range.since, 'since');
  const until = range.until == null ? {} : boundOf(range.until, 'until');
  return ctx.transaction(async (tx) => {
    const webhook = await tx.repo(Webhook).lock(ref);
    if (!webhook.isActive) throw new DomainError('CONFLICT', 'The webhook is switched off: start it first.');
    const { events, end, isComplete } = await findEvents(tx, webhook, since, until);
    if (since.position !== undefined) await requireKept(tx, since.position, 'since');
    const outbound = await withPreviousPositions(tx, events);
    const routes = outbound.flatMap((event) => routesTo(webhook, event));
    const contextOf = async () => tx.asSystem('webhooks');
    const ids = await queueDeliveries(tx, routes, { at: tx.instant(), kind: 'replay', contextOf });
    await tx.emit(rowEvent(Webhook, 'replayed', webhook));
    return { deliveryCount: ids.length, endCursor: cursorOf(end), isComplete };
  });
}
