import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../domain/context';
import { asDomainError, DomainError } from '../domain/error';
import type { SignIn } from '../domain/sign-in';
import { findKey, isInBody } from './credentials';
import type { Dialect, Quota, RateLimit, RateLimiter, Reply, Route, WireRequest } from './dialect';
import { inWireNames, parseRequest } from './parse-request';

/** What the doors of the vendors need from the server. */
export interface RestOptions {
  signIn: SignIn;
  rateLimiter: RateLimiter;
}

interface Exchange {
  ctx?: Context;
  quota?: Quota;
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
}

/** Most bytes of a request body. */
export const BODY_MAX_BYTES = 1_048_576;

function send(reply: FastifyReply, dialect: Dialect, quota: Quota | undefined, answer: Reply): FastifyReply {
  if (quota) reply.headers(dialect.quotaHeaders(quota));
  return reply
    .code(answer.status)
    .headers(answer.headers ?? {})
    .send(answer.body);
}

function errorOf(thrown: unknown): DomainError {
  const { code, statusCode } = thrown as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new DomainError('PAYLOAD_TOO_LARGE', `The body is larger than ${BODY_MAX_BYTES} bytes.`);
  }
  // Fastify's other refusals of a request are about its form: headers, encoding, JSON.
  if (statusCode !== undefined && statusCode < 500) {
    return new DomainError('INVALID', (thrown as Error).message, { cause: thrown });
  }
  return asDomainError(thrown);
}

function refuse(
  dialect: Dialect,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = errorOf(thrown);
  const { quota } = request.exchange;
  if (error.code === 'INTERNAL' || error.code === 'UNAVAILABLE') {
    request.log.error({ err: error.cause ?? error, dialect: dialect.name }, error.message);
  }
  return send(reply, dialect, quota, dialect.errors[error.code](error, quota));
}

async function admit(
  { signIn, rateLimiter }: RestOptions,
  dialect: Dialect,
  limit: RateLimit,
  key: string | undefined,
  { exchange, id: requestId }: FastifyRequest,
): Promise<void> {
  exchange.ctx = await signIn({ key, requestId });
  exchange.quota = await rateLimiter.take(`${dialect.name}:${limit.bucket}:${exchange.ctx.actor.id}`, limit);
  if (exchange.quota.isAllowed) return;
  const waitMs = exchange.quota.resetAtMs - exchange.ctx.now().getTime();
  throw new DomainError('RATE_LIMITED', `Too many requests. Limit: ${limit.limit}.`, {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}

/** Signs in before the body is read; after it when the key may stand in the body and was nowhere else. */
function admission(options: RestOptions, dialect: Dialect, limit: RateLimit) {
  const mayBeInBody = dialect.credentials.some(isInBody);
  const admitWhen = (isBodyRead: boolean) => async (request: FastifyRequest) => {
    if (request.exchange.ctx) return;
    const key = findKey(dialect.credentials, request);
    if (key || isBodyRead || !mayBeInBody) await admit(options, dialect, limit, key, request);
  };
  return { onRequest: admitWhen(false), preHandler: admitWhen(true) };
}

async function answer(route: Route, ctx: Context, request: WireRequest): Promise<Reply> {
  const input = parseRequest(route, request);
  try {
    return route.reply(await route.run(ctx, input), input);
  } catch (thrown) {
    throw thrown instanceof DomainError ? inWireNames(thrown, route) : thrown;
  }
}

function groupByPath(routes: Route[]): Route[][] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return [...groups.values()];
}

/** Body parsers of a dialect: whatever its content type, a body is read as JSON; none is `undefined`. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else
      parseJson(request, body as string, (error, value) =>
        error ? done(malformed(error)) : done(null, value),
      );
  });
}

function malformed(cause: Error): DomainError {
  return new DomainError('INVALID', 'Invalid JSON in request body', { cause });
}

function mountRoutes(app: FastifyInstance, dialect: Dialect, options: RestOptions, prefix: string): void {
  for (const variants of groupByPath(dialect.routes)) {
    const [first] = variants as [Route];
    app.route({
      method: first.method,
      url: prefix + first.path.replace(/\{(\w+)\}/g, ':$1'),
      ...admission(options, dialect, first.rateLimit ?? dialect.rateLimit),
      handler: async (request, reply) => {
        const { params, query, body, exchange } = request as FastifyRequest & WireRequest;
        const wire = { params, query, body };
        const route = variants.find(({ when }) => !when || when(wire)) ?? first;
        return send(reply, dialect, exchange.quota, await answer(route, exchange.ctx as Context, wire));
      },
    });
  }
}

function mountUnknownPaths(app: FastifyInstance, dialect: Dialect, options: RestOptions): void {
  const { onRequest, preHandler } = admission(options, dialect, dialect.rateLimit);
  const refuseSignedIn = async ({ method, url, exchange }: FastifyRequest) => {
    if (exchange.ctx) throw new DomainError('NOT_FOUND', `No such operation: ${method} ${url.split('?')[0]}`);
  };
  app.addHook('onRequest', onRequest);
  app.addHook('onRequest', refuseSignedIn);
  app.setNotFoundHandler({ preHandler }, refuseSignedIn);
}

/**
 * Serves a dialect: match, sign in, rate limit, read, parse, run, reply. Whatever fails on the way is answered
 * in the dialect's own shape. Its paths are served as documented and below `/<name>`.
 */
export async function mountDialect(
  app: FastifyInstance,
  dialect: Dialect,
  options: RestOptions,
): Promise<void> {
  const scope = async (inner: FastifyInstance) => {
    inner.decorateRequest('exchange');
    inner.addHook('onRequest', async (request) => {
      request.exchange = {};
    });
    inner.setErrorHandler((error, request, reply) => refuse(dialect, error, request, reply));
    readBodies(inner);
  };
  await app.register(async (inner) => {
    await scope(inner);
    mountRoutes(inner, dialect, options, '');
    mountRoutes(inner, dialect, options, `/${dialect.name}`);
  });
  for (const prefix of [...dialect.bases, `/${dialect.name}`]) {
    await app.register(
      async (inner) => {
        await scope(inner);
        mountUnknownPaths(inner, dialect, options);
      },
      { prefix },
    );
  }
}
