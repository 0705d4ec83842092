import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { endsWithin, STOP_LIMITS } from './graceful-close';

interface Limits {
  /** Milliseconds for the body of a request; those that are streams may take longer. */
  bodyWithinMs: number;
  /** How often bodies are looked at. */
  checkMs: number;
  /** Requests that one connection may send ahead of their answers. */
  pipelined: number;
}

/** What goes on over one connection. Changed in place: a list of requests would be made anew all the time. */
interface Traffic {
  /** Requests that are not answered yet. */
  underWay: number;
  /** The request whose body comes, and when it has to be there (`performance.now()`). */
  body: IncomingMessage | undefined;
  dueAt: number;
}

/**
 * Watches the requests that are not answered yet: ends connections that send too many ahead, since Node takes all that
 * it has read whether anybody reads the answers, and those whose bodies take too long; a server that closes lets the
 * others finish within the time.
 */
export function watchRequests(app: FastifyInstance, { bodyWithinMs, checkMs, pipelined }: Limits): void {
  const trafficBySocket = new WeakMap<Socket, Traffic>();
  const open = new Set<Traffic>();
  let underWay = 0;
  let onEnd = () => {};

  function trafficOf(socket: Socket): Traffic {
    const known = trafficBySocket.get(socket);
    if (known) return known;
    const traffic: Traffic = { underWay: 0, body: undefined, dueAt: 0 };
    trafficBySocket.set(socket, traffic);
    // Requests that are made within the process have none.
    if (socket instanceof Socket) {
      open.add(traffic);
      socket.once('close', () => {
        open.delete(traffic);
        // Answers that wait behind another are never closed by themselves.
        leave(traffic, traffic.underWay);
      });
    }
    return traffic;
  }

  function leave(traffic: Traffic, requests: number): void {
    if (traffic.body?.complete) traffic.body = undefined;
    traffic.underWay -= requests;
    underWay -= requests;
    if (underWay === 0) onEnd();
  }

  app.addHook('onRequest', ({ headers, raw, routeOptions }, reply, done) => {
    const traffic = trafficOf(raw.socket);
    traffic.underWay += 1;
    underWay += 1;
    reply.raw.once('close', () => leave(traffic, Math.min(traffic.underWay, 1)));
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    traffic.body = hasBody && !routeOptions.config?.isStreamed ? raw : undefined;
    traffic.dueAt = performance.now() + bodyWithinMs;
    if (traffic.underWay <= pipelined) return done();
    raw.socket.destroy();
    reply.hijack();
  });

  const check = setInterval(() => {
    const now = performance.now();
    for (const { body, dueAt } of open) if (body && !body.complete && dueAt <= now) body.destroy();
  }, checkMs).unref();

  app.addHook('preClose', async () => {
    const ended = new Promise<void>((resolve) => {
      onEnd = resolve;
      if (underWay === 0) resolve();
    });
    // The server itself waits for its connections. Those that have said nothing yet count as busy to Node.
    void endsWithin(STOP_LIMITS.requestsMs, ended).then(() => app.server.closeAllConnections());
  });
  app.addHook('onClose', async () => clearInterval(check));
}
