import { programContexts } from '../../src/domain/account/program-context';
import type { CalendarEvent } from '../../src/domain/calendar-event/calendar-event.entity';
import { calendarEvents } from '../../src/domain/calendar-event/calendar-event.service';
import { syncDueCalendars } from '../../src/domain/calendar-event/google-sync';
import { visitDueLinks } from '../../src/domain/calendar-event/link-visit';
import { Context } from '../../src/domain/context';
import { integrations } from '../../src/domain/integration/integration.service';
import type { Store } from '../../src/domain/store';
import type { Database } from '../../src/server/database/database';
import { type OpenProviders, openProviders } from '../../src/server/providers/providers';
import { openTestAccount, type TestAccount, TestClock, testStore, testVault } from './account';
import { GOOGLE_APP, GoogleStandIn } from './google-stand-in';
import { ZOOM_APP, ZoomStandIn } from './zoom-stand-in';

/** An account with Zoom and Google Calendar in reach, and a worker that is stepped by hand, on the clock of the test. */
export interface CalendarBench {
  account: TestAccount;
  /** As a request has it. */
  ctx: Context;
  clock: TestClock;
  store: Database;
  zoom: ZoomStandIn;
  google: GoogleStandIn;
  providers: OpenProviders;
  /** What went wrong on this side, oldest first. */
  errors: unknown[];
  connectZoom: (input?: object) => Promise<unknown>;
  connectGoogle: (input?: object) => Promise<unknown>;
  create: (input?: object) => Promise<CalendarEvent>;
  /** The event as it is now; undefined when there is none. */
  now: (id: string) => Promise<CalendarEvent | undefined>;
  /** Sees to what is due until nothing is; answers how many links there were. */
  work: () => Promise<number>;
  /** Reads the changes of all calendars. */
  sync: () => Promise<void>;
  /** Does something for which a provider has a second only. */
  inASecond: <T>(work: () => Promise<T>) => Promise<T>;
  /** A request on another way to the database. */
  contextOn: (store: Store) => Context;
}

interface BenchOptions {
  clock?: TestClock;
}

/** Longer than in production: the machine may be busy. */
const PATIENCE_MS = 100_000;

const opened: OpenProviders[] = [];

afterAll(() => Promise.all(opened.map((one) => one.close())));

// What earlier tests have left behind would be done by this one's worker.
async function emptyQueues(store: Database): Promise<void> {
  await store.acrossAccounts.query('update calendar_link set due_at = null, leased_until = null', []);
  await store.acrossAccounts.query('update integration set sync_at = null', []);
}

export const MEETING = {
  title: 'Demo',
  description: 'With slides',
  startsAt: '2026-03-10T14:00:00Z',
  endsAt: '2026-03-10T14:45:00Z',
  attendees: [{ email: 'Ann@example.com', displayName: 'Ann' }],
};

/** Where the stand-ins are, in the names of the settings. */
export function urlsOf(zoom: ZoomStandIn, google: GoogleStandIn) {
  return {
    ZOOM_API_URL: `${zoom.url}/v2`,
    ZOOM_OAUTH_URL: `${zoom.url}/oauth/token`,
    GOOGLE_API_URL: `${google.url}/calendar/v3`,
    GOOGLE_OAUTH_URL: `${google.url}/token`,
  };
}

/** Opens a bench. */
export async function openCalendarBench({
  clock = new TestClock(),
}: BenchOptions = {}): Promise<CalendarBench> {
  const store = await testStore();
  await emptyQueues(store);
  const account = await openTestAccount({ clock });
  const [zoom, google] = [await new ZoomStandIn().start(), await new GoogleStandIn().start()];
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const providers = openProviders({
    urls: urlsOf(zoom, google),
    now: clock.now,
    onError,
    timeoutMs: PATIENCE_MS,
  });
  opened.push(providers);
  const contextOn = (own: Store) =>
    new Context({
      ...{ store: own, vault: testVault, now: clock.now, providers, scopes: null, requestId: 'test' },
      ...{ account: account.ctx.account, actor: { kind: 'system', id: null, name: 'test' } },
    });
  const ctx = contextOn(store);
  const contextOf = programContexts({ store, vault: testVault, now: clock.now }, 'calendar');
  const due = { store, now: clock.now, onError, contextOf };
  const untilNone = async (step: () => Promise<number>) => {
    let done = 0;
    for (;;) {
      const more = await step();
      if (more === 0) return done;
      done += more;
    }
  };
  return {
    ...{ account, ctx, clock, store, zoom, google, providers, errors, contextOn },
    connectZoom: (input) => integrations.connect(ctx, { provider: 'zoom', ...ZOOM_APP, ...input }),
    connectGoogle: (input) =>
      integrations.connect(ctx, { provider: 'google_calendar', ...GOOGLE_APP, ...input }),
    create: (input) => calendarEvents.create(ctx, { ...MEETING, ...input }),
    now: async (id) => {
      const { nodes } = { nodes: await ctx.query('select id from calendar_event where id = $1', [id]) };
      return nodes.length > 0 ? calendarEvents.get(ctx, id) : undefined;
    },
    async inASecond(work) {
      providers.timeoutMs = 1_000;
      return work().finally(() => {
        providers.timeoutMs = PATIENCE_MS;
      });
    },
    work: () => untilNone(() => visitDueLinks(providers, due)),
    sync: async () => {
      const at = clock.now().toISOString();
      await store.acrossAccounts.query(
        'update integration set sync_at = $2 where account_id = $1 and sync_at is not null',
        [ctx.account.id, at],
      );
      await untilNone(() => syncDueCalendars(providers, due));
    },
  };
}
