import { type Loop, startLoop } from '../delivery/loop';
import { programContexts } from '../domain/account/program-context';
import { syncDueCalendars } from '../domain/calendar-event/google-sync';
import { visitDueLinks } from '../domain/calendar-event/link-visit';
import type { Providers } from '../domain/integration/provider';
import type { Store } from '../domain/store';
import type { Vault } from '../domain/vault';

/** What keeping calendars in step needs of the outside world. */
export interface CalendarOptions {
  store: Store;
  vault: Vault;
  now: () => Date;
  providers: Providers;
  /** Hears of every commit that appended to the change log. */
  onChange: () => void;
  onError: (error: unknown) => void;
  /** How long to sleep when nobody wakes it. */
  pollMs?: number;
}

const POLL_MS = 1000;

/** Starts to see to what providers are to do for events, and to read what has changed in calendars; any number of processes may. */
export function startCalendars(options: CalendarOptions): Loop {
  const { store, now, onError, providers, pollMs = POLL_MS } = options;
  const due = { store, now, onError, contextOf: programContexts(options, 'calendar') };
  const repeat = (work: () => Promise<number>) =>
    startLoop({ onError, step: async () => ((await work()) > 0 ? 0 : pollMs) });
  // Each of its own, so that a provider that hangs holds up as little as can be.
  const loops = [repeat(() => visitDueLinks(providers, due)), repeat(() => syncDueCalendars(providers, due))];
  return {
    wake: () => {
      for (const loop of loops) loop.wake();
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
