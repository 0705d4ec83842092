import type { Context } from '../context';
import { toInstant } from '../datetime';
import type { IntegrationProvider } from '../integration/integration.entity';
import type { CalendarEvent } from './calendar-event.entity';
import { connectedProviders, touchLink, type Wish, wantLink } from './calendar-link';
import { REQUEST_MS } from './calendar-link-queue';
import { WARNINGS } from './link-visit';

type Conferenced = Pick<CalendarEvent, 'conferencing'>;

/** What a save does to the conference of an event before its provider is asked. */
export async function conferenceColumns(
  tx: Context,
  { conferencing }: Conferenced,
  current: CalendarEvent | undefined,
): Promise<Partial<CalendarEvent>> {
  const isSame = current?.conferencing === conferencing;
  const fresh = isSame ? {} : { conferenceUrl: null, conferenceId: null, conferenceWarning: null };
  if (conferencing === 'none') return fresh;
  const connected = await connectedProviders(tx);
  const provider: IntegrationProvider = conferencing === 'zoom' ? 'zoom' : 'google_calendar';
  const { missing } = WARNINGS[provider];
  if (!connected.has(provider)) return { ...fresh, conferenceWarning: missing };
  return current?.conferenceWarning === missing ? { ...fresh, conferenceWarning: null } : fresh;
}

/**
 * When a provider sees to an event: at once by a worker; what concerns its conference is set aside for the request
 * that saves it, and gets to a worker if the request ends early.
 */
function wishFor(
  tx: Context,
  provider: IntegrationProvider,
  { isConnected, isConference }: { isConnected: boolean; isConference: boolean },
): Wish {
  const aheadMs = isConference && tx.providersAfterCommit ? REQUEST_MS : 0;
  return { provider, dueAt: isConnected ? toInstant(new Date(tx.now().getTime() + aheadMs)) : null };
}

/** Has the providers see to an event that is saved, or deleted when there is none after. Needs an open transaction. */
export async function wishLinks(
  tx: Context,
  { id, before, after }: { id: string; before: Conferenced | undefined; after: Conferenced | undefined },
): Promise<void> {
  const connected = await connectedProviders(tx);
  for (const provider of ['zoom', 'google_calendar'] as const) {
    const { conferencing } = WARNINGS[provider];
    const isConnected = connected.has(provider);
    const isConference = [before, after].some((one) => one?.conferencing === conferencing);
    const wish = wishFor(tx, provider, { isConnected, isConference });
    const isMirrored = after !== undefined && provider === 'google_calendar' && isConnected;
    const isWanted = after?.conferencing === conferencing || isMirrored;
    await (isWanted ? wantLink(tx, id, wish) : touchLink(tx, id, wish));
  }
}
