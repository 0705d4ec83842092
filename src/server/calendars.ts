import { type Loop, startLoop } from '../delivery/loop';
import { accountScopeById } from '../domain/account/account.service';
import { syncDueCalendars } from '../domain/calendar-event/google-sync';
import { visitDueLinks } from '../domain/calendar-event/link-visit';
import { Context } from '../domain/context';
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

/** The program acting for accounts, as keeping calendars in step needs it. */
export function calendarContexts({
  store,
  vault,
  now,
  onChange,
}: Pick<CalendarOptions, 'store' | 'vault' | 'now' | 'onChange'>) {
  return async (accountId: string): Promise<Context> =>
    new Context({
      ...{ store, vault, now, onChange, scopes: null, requestId: 'calendar' },
      account: await accountScopeById(store, accountId),
      actor: { kind: 'system', id: null, name: 'calendar' },
    });
}

/** Starts to see to what providers are to do for events, and to read what has changed in calendars; any number of processes may. */
export function startCalendars(options: CalendarOptions): Loop {
  const { store, now, onError, providers, pollMs = POLL_MS } = options;
  const due = { store, now, onError, contextOf: calendarContexts(options) };
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
