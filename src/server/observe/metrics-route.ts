import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv4 } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics';

/** Who may read the metrics. */
export interface MetricsAccess {
  /** Who sends this as a bearer token may. */
  token: string | undefined;
  /** Without a token programs on this machine may; never in production. */
  isForNeighbours: boolean;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Whether a program on this machine asks for itself; a proxy says for whom it asks. */
function isNeighbour({ socket, headers }: FastifyRequest): boolean {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const isProxied = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'].some((name) => headers[name]);
  return !isProxied && LOOPBACK.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

function mayRead(request: FastifyRequest, { token, isForNeighbours }: MetricsAccess): boolean {
  if (token === undefined) return isForNeighbours && isNeighbour(request);
  const given = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

/** Serves `/metrics` in the format of Prometheus, and counts the requests of the whole server. */
export function mountMetrics(app: FastifyInstance, metrics: Metrics, access: MetricsAccess): void {
  app.addHook('onResponse', ({ door, method, routeOptions }, { statusCode: status, elapsedTime }, done) => {
    metrics.countRequest({ door, method, route: routeOptions.url ?? 'none', status }, elapsedTime / 1000);
    done();
  });
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request, access)) {
      const message = access.token
        ? 'Send METRICS_TOKEN as a bearer token.'
        : 'Set METRICS_TOKEN to read metrics.';
      return reply.code(401).header('www-authenticate', 'Bearer').send({ message });
    }
    const { registry } = metrics;
    return reply
      .type(registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics());
  });
}
