import { programContexts } from '../domain/account/program-context';
import type { Store } from '../domain/store';
import type { Trace } from '../domain/trace';
import type { Vault } from '../domain/vault';
import { startLoop } from './loop';
import { relay } from './relay';
import { createSafeFetch, type Resolve } from './safe-fetch';
import { Worker } from './worker';

/** What sending webhooks needs of the outside world. */
export interface WebhookOptions {
  store: Store;
  vault: Vault;
  now: () => Date;
  /** From 0 up to 1. */
  random: () => number;
  /** Host names, addresses and CIDR ranges that may be sent to although they are not public. */
  allow: readonly string[];
  resolve?: Resolve;
  onError: (error: unknown) => void;
  trace?: Trace | undefined;
  /** Hears of every attempt, and what became of its delivery. */
  onAttempt?: ((status: string) => void) | undefined;
  /** Hears of every commit that appended to the change log. */
  onChange?: () => void;
  /** How long the loops sleep at most when nobody wakes them. */
  pollMs?: number;
  concurrency?: number;
  perWebhook?: number;
}

/** Webhooks as they are sent by this process. */
export interface Webhooks {
  /** Something was committed: look now. */
  wake: () => void;
  /** Stops; attempts that are under way end first. */
  stop: () => Promise<void>;
}

const POLL_MS = 1000;
/** How soon to look again while transactions with lower positions are on their way. */
const UNSETTLED_MS = 15;
/** Places that become free within this time are filled together. */
const REST_MS = 5;

/** Starts to relay events to the queue of webhooks, and to send what is due; any number of processes may do so. */
export function startWebhooks(options: WebhookOptions): Webhooks {
  const { onError, allow, resolve, pollMs = POLL_MS } = options;
  const contextOf = programContexts(options, 'webhooks');
  const http = createSafeFetch({ allow, ...(resolve && { resolve }) });
  const worker = new Worker({ ...options, http, contextOf, onFree: () => sending.wake() });
  const sending = startLoop({
    onError,
    restMs: REST_MS,
    step: async () => ((await worker.start()).isMore ? 0 : pollMs),
  });
  let isSignalled = false;
  const relaying = startLoop({
    onError,
    step: async () => {
      const isFirst = isSignalled;
      isSignalled = false;
      const { deliveries, isQueued, isMore, isUnsettled } = await relay({ ...options, contextOf });
      // What was queued before, such as a delivery that is to be tried again now, was told by the signal.
      if (deliveries > 0 || (isFirst && isQueued)) sending.wake();
      if (isMore) return 0;
      return isUnsettled ? Math.min(UNSETTLED_MS, pollMs) : pollMs;
    },
  });
  return {
    wake: () => {
      isSignalled = true;
      relaying.wake();
    },
    stop: async () => {
      await relaying.stop();
      await sending.stop();
      await worker.drain();
      await http.close();
    },
  };
}
