import type { Context } from '../context';
import { saveChanges } from '../crud';
import type { Instant } from '../datetime';
import { rowEvent } from '../event';
import type { Integration, IntegrationProvider } from '../integration/integration.entity';
import { CalendarEvent } from './calendar-event.entity';
import { type LinkColumns, touchLink, touchOtherLinks } from './calendar-link';
import { buryLink, dropLink, giveLinkBack, holdLink, type LeasedLink } from './calendar-link-queue';

/** What is seen to: the event as it is now, or undefined when it was deleted. */
export interface Visit {
  ctx: Context;
  link: LeasedLink;
  event: CalendarEvent | undefined;
  integration: Integration;
  signal: AbortSignal;
}

/** What came of seeing to a link. */
export type LinkResult =
  /** The provider has the event; `draft` is what follows for ours, as it is by then. */
  | {
      kind: 'kept';
      columns: LinkColumns;
      draft: (event: CalendarEvent) => Partial<CalendarEvent>;
      nextAt: Instant | null;
    }
  /** The provider has nothing of the event, and is not to have it. */
  | { kind: 'dropped' }
  /** The provider has deleted what it had of an event that was deleted here. */
  | { kind: 'buried' }
  /** The event was deleted at the provider. */
  | { kind: 'cancelled' };

/** Changes an event by what a provider says; the others follow. Needs an open transaction that holds the event. */
export async function saveFromProvider(
  tx: Context,
  provider: IntegrationProvider,
  before: CalendarEvent,
  draft: Partial<CalendarEvent>,
): Promise<CalendarEvent> {
  const after = await saveChanges(tx, CalendarEvent, before, draft);
  if (after !== before) await touchOtherLinks(tx, before.id, provider);
  return after;
}

/** Deletes an event that was deleted at Google; its meeting elsewhere goes too. Needs an open transaction that holds it. */
export async function deleteFromGoogle(tx: Context, event: CalendarEvent): Promise<void> {
  await tx.repo(CalendarEvent).remove(event.id);
  await tx.emit(rowEvent(CalendarEvent, 'deleted', event));
  await touchLink(tx, event.id, { provider: 'zoom', dueAt: tx.instant() });
}

/** Writes down what came of seeing to a link, unless another process has taken it meanwhile. */
export async function conclude(ctx: Context, link: LeasedLink, result: LinkResult): Promise<void> {
  await ctx.transaction(async (tx) => {
    // The event first and then its links, the order that all keep.
    const event = await tx.repo(CalendarEvent).lockIfThere(link.eventId);
    const held = await holdLink(tx, link);
    if (!held) return;
    if (result.kind === 'dropped') return dropLink(tx, link);
    if (result.kind === 'buried') return buryLink(tx, link);
    if (result.kind === 'cancelled') {
      if (event) await deleteFromGoogle(tx, event);
      return buryLink(tx, link);
    }
    const { agreed, remoteUpdatedAt, ...rest } = result.columns;
    // A reading of the calendar may have brought something newer in meanwhile.
    const isLate = remoteUpdatedAt && held.remoteUpdatedAt && remoteUpdatedAt < held.remoteUpdatedAt;
    const columns = { attempts: 0, ...(isLate ? rest : result.columns) };
    if (event && !isLate) await saveFromProvider(tx, link.provider, event, result.draft(event));
    // One whose event was deleted meanwhile is due already.
    await giveLinkBack(tx, link, columns, result.nextAt);
  });
}
