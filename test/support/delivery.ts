import { type Relayed, relay } from '../../src/delivery/relay';
import { createSafeFetch, type SafeFetch } from '../../src/delivery/safe-fetch';
import { Worker, type WorkerOptions } from '../../src/delivery/worker';
import { programContexts } from '../../src/domain/account/program-context';
import type { Filter } from '../../src/domain/filter';
import type { Lead } from '../../src/domain/lead/lead.entity';
import { leads } from '../../src/domain/lead/lead.service';
import type { Webhook } from '../../src/domain/webhook/webhook.entity';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { WebhookAttempt } from '../../src/domain/webhook/webhook-attempt.entity';
import { WebhookDelivery } from '../../src/domain/webhook/webhook-delivery.entity';
import type { Database } from '../../src/server/database/database';
import { openTestAccount, type TestAccount, TestClock, testStore, testVault } from './account';
import { emptyDeliveries } from './queues';

/** An account with webhooks, a relay and a worker that are stepped by hand, on the clock of the test. */
export interface DeliveryBench {
  account: TestAccount;
  clock: TestClock;
  store: Database;
  worker: Worker;
  /** What went wrong on this side, oldest first. */
  errors: unknown[];
  relayAll: () => Promise<number>;
  /** Relays and sends until nothing is due. */
  run: () => Promise<void>;
  /** A further worker, as of another process; `store` is its own way to the database. */
  addWorker: (options?: Partial<WorkerOptions>) => Worker;
  relayOnce: (store?: Database) => Promise<Relayed>;
  subscribe: (url: string, input?: object) => Promise<Webhook & { secret: string }>;
  createLead: (input?: object) => Promise<Lead>;
  deliveries: (filter?: Filter) => Promise<WebhookDelivery[]>;
  attempts: (deliveryId: string) => Promise<WebhookAttempt[]>;
}

/** Times as long as an endpoint has in production. */
const PATIENCE = 20;

const openFetches: SafeFetch[] = [];

afterAll(() => Promise.all(openFetches.map((http) => http.close())));

/** A client that may also reach this machine. */
export function localFetch(): SafeFetch {
  const http = createSafeFetch({ allow: ['127.0.0.1/32'] });
  openFetches.push(http);
  return http;
}

// What a test holds back must not run out of time meanwhile.
function patientFetch(): SafeFetch {
  const http = localFetch();
  return { ...http, post: (request) => http.post({ ...request, timeoutMs: request.timeoutMs * PATIENCE }) };
}

let phoneNumber = 2_025_550_000;

/** Opens a bench. */
export async function openBench(
  options: Partial<WorkerOptions> & { clock?: TestClock } = {},
): Promise<DeliveryBench> {
  const store = await testStore();
  await emptyDeliveries(store);
  const clock = options.clock ?? new TestClock();
  const account = await openTestAccount({ clock });
  const { ctx } = account;
  const errors: unknown[] = [];
  const outside = {
    ...{ store, vault: testVault, now: clock.now, random: () => 0.5, allow: [] },
    onError: (error: unknown) => errors.push(error),
  };
  const addWorker = (own: Partial<WorkerOptions> = {}) =>
    new Worker({ ...outside, http: patientFetch(), contextOf: programContexts(outside, 'webhooks'), ...own });
  const worker = addWorker(options);
  const relayOnce = (own: Database = store) =>
    relay({ ...outside, store: own, contextOf: programContexts(outside, 'webhooks') });
  const relayAll = async () => {
    let deliveries = 0;
    for (;;) {
      const relayed = await relayOnce();
      deliveries += relayed.deliveries;
      if (!relayed.isMore) return deliveries;
    }
  };
  return {
    ...{ account, clock, store, worker, errors, addWorker, relayOnce, relayAll },
    run: async () => {
      await relayAll();
      while ((await worker.runOnce()).started > 0);
    },
    subscribe: async (url, input) => {
      const { webhook, secret } = await webhooks.create(ctx, {
        name: 'test',
        url,
        events: ['lead.*'],
        ...input,
      });
      return { ...webhook, secret };
    },
    createLead: (input) => {
      phoneNumber += 1;
      return leads.create(ctx, { name: 'John Doe', phone: `+1${phoneNumber}`, ...input });
    },
    deliveries: (filter) =>
      ctx
        .repo(WebhookDelivery)
        .slice({ filter, sort: { field: 'id', direction: 'asc' }, limit: 10_000, offset: 0 }),
    attempts: (deliveryId) =>
      ctx.repo(WebhookAttempt).slice({
        filter: { deliveryId: { eq: deliveryId } },
        ...{ sort: { field: 'id', direction: 'asc' }, limit: 100, offset: 0 },
      }),
  };
}
