import type { Context } from '../context';
import { type Instant, toInstant } from '../datetime';
import type { DueOptions } from '../due';
import { Integration, type IntegrationProvider } from '../integration/integration.entity';
import { noteFailure, noteSuccess } from '../integration/integration-health';
import { ProviderError, type Providers } from '../integration/provider';
import type { Store } from '../store';
import { CalendarEvent, type ConferenceWarning } from './calendar-event.entity';
import { claimDueLinks, claimSetAside, type LeasedLink } from './calendar-link-queue';
import { visitGoogle } from './google-visit';
import { conclude, type LinkResult } from './link-result';
import { visitZoom } from './zoom-visit';

/** What becomes of the conference of an event when its provider is not connected, or cannot be used. */
export const WARNINGS: Record<
  IntegrationProvider,
  { conferencing: CalendarEvent['conferencing']; missing: ConferenceWarning; failing: ConferenceWarning }
> = {
  zoom: { conferencing: 'zoom', missing: 'zoom_not_connected', failing: 'zoom_unavailable' },
  google_calendar: {
    conferencing: 'google_meet',
    missing: 'google_not_connected',
    failing: 'google_unavailable',
  },
};

/** Waits after the first failure and those that follow; the last one repeats. */
const RETRY_SECONDS = [30, 60, 300, 900, 1800, 3600] as const;
/** About four days; then it waits until the event is saved or the provider connected again. */
const ATTEMPTS_MAX = 100;

function retryAt(ctx: Context, attempts: number, { retryAfterMs }: ProviderError): Instant | null {
  if (attempts >= ATTEMPTS_MAX) return null;
  const seconds = RETRY_SECONDS[Math.min(attempts, RETRY_SECONDS.length) - 1] ?? RETRY_SECONDS[0];
  return toInstant(new Date(ctx.now().getTime() + Math.max(seconds * 1000, retryAfterMs)));
}

function warned(link: LeasedLink, kind: 'missing' | 'failing') {
  const warning = WARNINGS[link.provider];
  return ({ conferencing }: CalendarEvent) =>
    conferencing === warning.conferencing ? { conferenceWarning: warning[kind] } : {};
}

function notConnected(link: LeasedLink, event: CalendarEvent | undefined): LinkResult {
  const isNothing = link.provider === 'zoom' && !link.externalId && !link.isUnsure;
  const isOver = event ? link.provider === 'zoom' && event.conferencing !== 'zoom' : true;
  const isForgotten = isOver && (isNothing || link.removedAt !== null);
  if (isForgotten) return { kind: 'dropped' };
  return { kind: 'kept', columns: {}, draft: warned(link, 'missing'), nextAt: null };
}

function failed(ctx: Context, link: LeasedLink, error: ProviderError): LinkResult {
  const attempts = link.attempts + 1;
  return {
    kind: 'kept',
    columns: { attempts },
    draft: warned(link, 'failing'),
    nextAt: retryAt(ctx, attempts, error),
  };
}

/** Sees to one link: brings what the provider has of the event in line with the event. */
async function visitLink(ctx: Context, providers: Providers, link: LeasedLink): Promise<void> {
  const integration = await ctx.repo(Integration).findBy({ provider: link.provider });
  const event = await ctx.repo(CalendarEvent).find(link.eventId);
  if (!integration) return conclude(ctx, link, notConnected(link, event));
  const visit = { ctx, link, event, integration, signal: AbortSignal.timeout(providers.timeoutMs) };
  try {
    const result = await (link.provider === 'zoom'
      ? visitZoom(visit, providers.zoom)
      : visitGoogle(visit, providers.google_calendar));
    await conclude(ctx, link, result);
    await noteSuccess(ctx, integration);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    await conclude(ctx, link, failed(ctx, link, error));
    await noteFailure(ctx, integration, error);
  }
}

/**
 * Sees at once to what a request that saved an event has set aside; answers whether there was anything. What fails
 * on this side is told to the providers' `onError`, and taken up by a worker: the event is saved all the same.
 */
export async function visitSetAside(ctx: Context, eventId: string): Promise<boolean> {
  const { providersAfterCommit: providers } = ctx;
  if (!providers || ctx.isInTransaction) return false;
  const system = ctx.asSystem('calendar');
  try {
    const links = await claimSetAside(system, eventId);
    await Promise.all(links.map((link) => visitLink(system, providers, link)));
    return links.length > 0;
  } catch (error) {
    providers.onError(error);
    return true;
  }
}

/** Sees to links that are due, a few of whatever account; any number of processes may. Answers how many. */
export async function visitDueLinks(
  providers: Providers,
  { store, now, contextOf, onError }: DueOptions & { store: Store },
): Promise<number> {
  const links = await claimDueLinks(store, now());
  await Promise.all(
    links.map(async (link) => visitLink(await contextOf(link.accountId), providers, link).catch(onError)),
  );
  return links.length;
}
