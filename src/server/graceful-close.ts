import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

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

/** A server that closes lets the requests that are under way finish within the time, and then ends every connection. */
export function closeGracefully(app: FastifyInstance, withinMs = STOP_LIMITS.requestsMs): void {
  let underWay = 0;
  let onEnd = () => {};
  app.addHook('onRequest', (_, reply, done) => {
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
      if (underWay === 0) onEnd();
    });
    done();
  });
  app.addHook('preClose', async () => {
    const ended = new Promise<void>((resolve) => {
      onEnd = resolve;
      if (underWay === 0) resolve();
    });
    // The server itself waits for its connections. Those that have said nothing yet count as busy to Node.
    void endsWithin(withinMs, ended).then(() => app.server.closeAllConnections());
  });
}
