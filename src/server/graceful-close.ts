import { setTimeout as sleep } from 'node:timers/promises';

/** What a stop may take: the process is gone within ten seconds, PostgreSQL included. */
export const STOP_LIMITS = {
  /** Milliseconds for requests that are under way; then their connections are ended. */
  requestsMs: 6_000,
  /** Milliseconds for webhooks and mails that are on their way; their leases say what becomes of the others. */
  backgroundMs: 7_000,
  /** Milliseconds for statements that still run. */
  statementsMs: 500,
};

/** Waits for the end of the work, but no longer than so many milliseconds. */
export async function endsWithin(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  const tooLong = sleep(milliseconds, undefined, { signal: waiting.signal }).catch(() => {});
  await Promise.race([work, tooLong]).finally(() => waiting.abort());
}
