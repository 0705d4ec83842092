import { randomUUID } from 'node:crypto';
import { maxHeaderSize } from 'node:http';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { DomainError } from '../domain/error';
import { routedUrl } from '../rest/address';
import type { RestOptions } from '../rest/admission';
import { BODY_MAX_BYTES } from '../rest/body';
import { DIALECTS } from '../rest/dialects';
import { mountDocs } from '../rest/docs';
import { mountDialect } from '../rest/mount';
import { addLastAnswers } from './last-answers';
import { watchRequests } from './requests-under-way';
import { addSecurityHeaders } from './security-headers';

/** Limits of connections. */
export const HTTP_LIMITS = {
  /** Milliseconds for the head of a request. */
  headWithinMs: 15_000,
  /** Milliseconds for its body; those that are streams may take longer while they do not stand still. */
  bodyWithinMs: 30_000,
  /** Milliseconds that nothing may come or go while a request is under way. */
  idleMs: 60_000,
  /** How often heads and bodies are looked at. */
  checkMs: 5_000,
  /** Requests that one connection may send ahead of their answers, each of which waits in memory. */
  pipelined: 4,
};
const REST_LOOK_MS = 50;
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
  /** Instead of those of {@link HTTP_LIMITS}. */
  limits?: Partial<typeof HTTP_LIMITS> | undefined;
}

/** Ends the connection of a body that goes on long after its request was answered. */
function endLongRests(app: FastifyInstance): void {
  app.addHook('onResponse', ({ raw }, _reply, done) => {
    done();
    if (raw.complete || raw.destroyed) return;
    const { socket } = raw;
    const most = socket.bytesRead + BODY_MAX_BYTES;
    // Node throws the rest away itself, unheard.
    const look = setInterval(() => {
      if (socket.bytesRead > most) socket.destroy();
      if (raw.complete || socket.destroyed) clearInterval(look);
    }, REST_LOOK_MS).unref();
  });
}

/** Nothing here unpacks a body, so a small one never becomes a large one. */
function refusePackedBodies(app: FastifyInstance): void {
  app.addHook('preParsing', ({ headers }, _reply, _body, done) => {
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding === 'identity') return done();
    done(new DomainError('INVALID', `Send the body as it is, without the content-encoding ${encoding}.`));
  });
}

function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info({ method, route: routeOptions.url, status: reply.statusCode, ms }, 'answered');
    done();
  });
}

/** Whether the process runs, and whether it can do anything. */
function tellHealth(app: FastifyInstance, isReady: HttpOptions['isReady']): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_, reply) => {
    const isFine = await isReady().catch(() => false);
    return reply.code(isFine ? 200 : 503).send({ status: isFine ? 'ready' : 'not ready' });
  });
}

/** The HTTP server, which tells its health and has no doors yet. */
export function createHttpServer({
  logger,
  isReady,
  pathAliases,
  trustedProxies,
  isEncrypted = false,
  limits,
}: HttpOptions): FastifyInstance {
  const { headWithinMs, bodyWithinMs, idleMs, checkMs, pipelined } = { ...HTTP_LIMITS, ...limits };
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    bodyLimit: BODY_MAX_BYTES,
    trustProxy: trustedProxies ?? false,
    // By a hook of its own, which knows the routes whose bodies may take longer.
    requestTimeout: 0,
    connectionTimeout: idleMs,
    http: { headersTimeout: headWithinMs, connectionsCheckingInterval: checkMs },
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
  watchRequests(app, { bodyWithinMs, checkMs, pipelined });
  endLongRests(app);
  addLastAnswers(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  refusePackedBodies(app);
  logAnswers(app);
  tellHealth(app, isReady);
  return app;
}

/** Mounts what is behind a door, so that its requests are known by the name of the door. */
export async function openDoor(
  app: FastifyInstance,
  door: string,
  mount: (scope: FastifyInstance) => Promise<void>,
): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRequest', (request, _reply, done) => {
      request.door = door;
      done();
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
