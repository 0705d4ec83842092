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

const REQUEST_ID = /^[\w.:-]{1,100}$/;

interface HttpOptions {
  logger: Logger;
  /** Whether the database is reachable and migrated. */
  isReady: () => Promise<boolean>;
  /** Prefixes of paths that stand for others, such as a base path that the installation chose itself. */
  pathAliases?: Record<string, string>;
}

/** The HTTP server, which tells its health and has no doors yet. */
export function createHttpServer({ logger, isReady, pathAliases }: HttpOptions): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: maxHeaderSize },
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    rewriteUrl: ({ headers, url = '/' }) => routedUrl(DIALECTS, headers.host ?? '', url, pathAliases),
  }) as never;

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
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

/** Opens the doors of the vendors, and their documentation. */
export async function mountRest(app: FastifyInstance, options: RestOptions): Promise<void> {
  app.get('/', async (_, reply) => reply.redirect('/docs'));
  for (const dialect of DIALECTS) await mountDialect(app, dialect, options);
  await mountDocs(app, DIALECTS);
}
