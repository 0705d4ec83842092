const DAY_MS = 86_400_000;
const JITTER_DEFAULT = 0.2;

/** How long an endpoint may do nothing but fail before it is disabled. */
const DISABLE_AFTER_MS = 5 * DAY_MS;

/** Longest wait that an endpoint can ask for. */
export const RETRY_AFTER_MAX_MS = DAY_MS;

/** The status by which an endpoint says that it is gone for good. */
export const GONE = 410;

/**
 * Milliseconds that a Retry-After header asks to wait, as seconds or as an HTTP date (RFC 9110, section 10.2.3), at
 * most a day; 0 for what is neither.
 */
export function retryAfterMs(header: string | undefined, now: Date): number {
  if (header === undefined) return 0;
  const waitMs = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(waitMs) ? 0 : Math.min(Math.max(waitMs, 0), RETRY_AFTER_MAX_MS);
}

/** What decides when a failed delivery is tried again. */
export interface RetryState {
  delaysMs: readonly number[];
  /** Share by which a delay is shortened or lengthened at random; 0.2 when not given. */
  jitter?: number | undefined;
  /** Attempts of the schedule so far, the failed one included. */
  attempts: number;
  now: Date;
  retryAfterMs: number;
  /** From 0 up to 1. */
  random: () => number;
}

/** When a failed delivery is tried again: the delay of the schedule with its jitter, or later when asked to; null when given up. */
export function nextAttemptAt(state: RetryState): Date | null {
  const { delaysMs, jitter = JITTER_DEFAULT, attempts, now, retryAfterMs, random } = state;
  const delayMs = delaysMs[attempts - 1];
  if (delayMs === undefined) return null;
  const jittered = delayMs * (1 - jitter + 2 * jitter * random());
  return new Date(now.getTime() + Math.round(Math.max(jittered, retryAfterMs)));
}

/** Whether an endpoint that has failed since the instant, and fails now, is to be disabled. */
export function isGivenUp(failingSince: string, now: Date): boolean {
  return now.getTime() - new Date(failingSince).getTime() >= DISABLE_AFTER_MS;
}
