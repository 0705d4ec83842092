import { randomUUID } from 'node:crypto';
import { maxHeaderSize } from 'node:http';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { routedUrl } from '../rest/address';
import type { RestOptions } from '../rest/admission';
import { BODY_MAX_BYTES } from '../rest/body';
import { DIALECTS } from '../rest/dialects';
import { mountDocs } from '../rest/docs';
import { mountDialect } from '../rest/mount';
import { addSecurityHeaders } from './security-headers';

/** Within this time a body has to be there; those that are streams may take longer while they do not stand still. */
const BODY_WITHIN_MS = 30_000;
const REQUEST_ID = /^[\w.:-]{1,100}$/;

declare module 'fastify' {
  interface FastifyRequest {
    /** What it came in by: `graphql`, the name of a dialect, or `other`. */
    door: string;
  }
  interface FastifyContextConfig {
    /** The body is a stream of any length. */
    isStreamed?: boolean;
  }
}

interface HttpOptions {
  logger: Logger;
  /** Whether the database is reachable and migrated. */
  isReady: () => Promise<boolean>;
  /** Prefixes of paths that stand for others, such as a base path that the installation chose itself. */
  pathAliases?: Record<string, string>;
  /** Addresses and ranges of proxies that are believed when they say who sends; default: none. */
  trustedProxies?: string[] | undefined;
  /** Whether callers reach it over HTTPS. */
  isEncrypted?: boolean;
}

/** The HTTP server, which tells its health and has no doors yet. */
export function createHttpServer({
  logger,
  isReady,
  pathAliases,
  trustedProxies,
  isEncrypted = false,
}: HttpOptions): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    bodyLimit: BODY_MAX_BYTES,
    trustProxy: trustedProxies ?? false,
    // By the hook below, which knows the routes whose bodies may take longer.
    requestTimeout: 0,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: maxHeaderSize },
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    rewriteUrl: ({ headers, url = '/' }) => routedUrl(DIALECTS, headers.host ?? '', url, pathAliases),
  }) as never;

  app.decorateRequest('door', 'other');
  addSecurityHeaders(app, { isEncrypted });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onRequest', async ({ headers, raw, routeOptions }) => {
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    if (!hasBody || routeOptions.config?.isStreamed) return;
    const timer = setTimeout(() => raw.complete || raw.destroy(), BODY_WITHIN_MS);
    raw.once('close', () => clearTimeout(timer));
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info({ method, route: routeOptions.url, status: reply.statusCode, ms }, 'answered');
  });

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const isFine = await isReady().catch(() => false);
    return reply.code(isFine ? 200 : 503).send({ status: isFine ? 'ready' : 'not ready' });
  });
  return app;
}

/** Mounts what is behind a door, so that its requests are known by the name of the door. */
export async function openDoor(
  app: FastifyInstance,
  door: string,
  mount: (scope: FastifyInstance) => Promise<void>,
): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      request.door = door;
    });
    await mount(scope);
  });
}

/** Opens the doors of the vendors, and their documentation. */
export async function mountRest(app: FastifyInstance, options: RestOptions): Promise<void> {
  app.get('/', async (_, reply) => reply.redirect('/docs'));
  for (const dialect of DIALECTS) {
    await openDoor(app, dialect.name, (scope) => mountDialect(scope, dialect, options));
  }
  await mountDocs(app, DIALECTS);
}
