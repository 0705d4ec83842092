import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
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

/**
 * Watches the requests that are not answered yet: ends connections that send too many ahead, since Node takes all that
 * it has read whether anybody reads the answers, and those whose bodies take too long; a server that closes lets the
 * others finish within the time.
 */
export function watchRequests(app: FastifyInstance, { bodyWithinMs, checkMs, pipelined }: Limits): void {
  const countBySocket = new Map<Socket, number>();
  /** When bodies have to be complete, the earliest first. */
  const dueByRequest = new Map<IncomingMessage, number>();
  let onEnd = () => {};

  function forget(socket: Socket): void {
    countBySocket.delete(socket);
    if (countBySocket.size === 0) onEnd();
  }

  function leave(raw: IncomingMessage, socket: Socket): void {
    // A body may still come that was answered before its end.
    if (raw.complete || raw.destroyed) dueByRequest.delete(raw);
    const count = countBySocket.get(socket);
    if (count === 1) forget(socket);
    else if (count !== undefined) countBySocket.set(socket, count - 1);
  }

  // Answers that wait behind another are never closed when their connection ends.
  app.server.on('connection', (socket: Socket) => socket.once('close', () => forget(socket)));

  app.addHook('onRequest', ({ headers, raw, routeOptions }, reply, done) => {
    const { socket } = raw;
    const count = (countBySocket.get(socket) ?? 0) + 1;
    countBySocket.set(socket, count);
    reply.raw.once('close', () => leave(raw, socket));
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    if (hasBody && !routeOptions.config?.isStreamed) dueByRequest.set(raw, performance.now() + bodyWithinMs);
    if (count <= pipelined) return done();
    socket.destroy();
    reply.hijack();
  });

  const check = setInterval(() => {
    const now = performance.now();
    for (const [raw, due] of dueByRequest) {
      if (due > now) return;
      dueByRequest.delete(raw);
      if (!raw.complete) raw.destroy();
    }
  }, checkMs).unref();

  app.addHook('preClose', async () => {
    const ended = new Promise<void>((resolve) => {
      onEnd = resolve;
      if (countBySocket.size === 0) resolve();
    });
    // The server itself waits for its connections. Those that have said nothing yet count as busy to Node.
    void endsWithin(STOP_LIMITS.requestsMs, ended).then(() => app.server.closeAllConnections());
  });
  app.addHook('onClose', async () => clearInterval(check));
}
