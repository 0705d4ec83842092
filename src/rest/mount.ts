import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../domain/context';
import { asDomainError, DomainError } from '../domain/error';
import type { Quota } from '../domain/rate-limit';
import { withOneSlash } from './address';
import { admission, MISSING_KEY, type RestOptions } from './admission';
import { BODY_MAX_BYTES, parseForm, readBodies } from './body';
import { isInBody } from './credentials';
import type { Dialect, Reply, Route, WireRequest } from './dialect';
import { isBatches, jsonListOf } from './json-list';
import { answerKeyed, idempotencyKeyOf, type KeyedReply, type RouteAnswer } from './keyed';
import { inWireNames, parseRequest } from './parse-request';

async function send(
  reply: FastifyReply,
  dialect: Dialect,
  quota: Quota | undefined,
  answer: Reply,
): Promise<FastifyReply> {
  const body = isBatches(answer.body) ? await jsonListOf(answer.body) : answer.body;
  if (quota) reply.headers(dialect.quotaHeaders(quota));
  if (body instanceof Readable) reply.type('application/json; charset=utf-8');
  return reply
    .code(answer.status)
    .headers(answer.headers ?? {})
    .send(body);
}

function sendKeyed(
  reply: FastifyReply,
  dialect: Dialect,
  quota: Quota | undefined,
  { json, isReplayed, ...answer }: KeyedReply,
): Promise<FastifyReply> {
  if (json !== undefined) reply.type('application/json; charset=utf-8');
  if (isReplayed) reply.header('idempotency-replayed', 'true');
  return send(reply, dialect, quota, { ...answer, body: json });
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
): Promise<FastifyReply> {
  const { quota, ctx } = request.exchange;
  const known = errorOf(thrown);
  // The key was looked for in a body that cannot be read.
  const isUnread = !ctx && known.code === 'INVALID' && dialect.credentials.some(isInBody);
  const error = isUnread ? new DomainError('UNAUTHENTICATED', MISSING_KEY) : known;
  if (error.code === 'INTERNAL' || error.code === 'UNAVAILABLE') {
    request.log.error({ err: error.cause ?? error, dialect: dialect.name }, error.message);
  }
  return send(reply, dialect, quota, dialect.errors[error.code](error, quota));
}

async function answer(route: Route, ctx: Context, request: WireRequest): Promise<RouteAnswer> {
  try {
    route.permit?.(ctx);
    const input = parseRequest(route, request);
    return { reply: route.reply(await route.run(ctx, input), input, ctx) };
  } catch (thrown) {
    if (!(thrown instanceof DomainError)) throw thrown;
    const error = inWireNames(thrown, route);
    const reply = route.errors?.[error.code];
    if (!reply) throw error;
    return { reply: reply(error), failure: error.code };
  }
}

function withLast(query: Record<string, unknown>): Record<string, unknown> {
  const last = (value: unknown) => (Array.isArray(value) ? value.at(-1) : value);
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, last(value)]));
}

/** What the request says; of a dialect with one set of parameters an empty one and null are as none. */
function wireOf(request: FastifyRequest, dialect: Dialect, publicUrl: string): WireRequest {
  const { hasOneParameterSet, repeated } = dialect;
  const { params, query: given, body } = request as FastifyRequest & WireRequest;
  const query = repeated === 'last' ? withLast(given) : given;
  const url = new URL(withOneSlash(request.originalUrl), publicUrl).href;
  const { quota } = request.exchange;
  if (!hasOneParameterSet) return { params, query, body, url, quota };
  if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    throw new DomainError('INVALID', 'The body must be an object.');
  }
  const form = { ...parseForm(request.url.split('?').slice(1).join('?')), ...body };
  const all = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== '' && value !== null));
  return { params, query: all, body: all, url, quota };
}

function groupByPath(routes: Route[]): Route[][] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    groups.set(key, [...(groups.get(key) ?? []), route]);
  }
  return [...groups.values()];
}

function urlOf(prefix: string, path: string): string {
  return prefix + path.replace(/\{(\w+)\}/g, ':$1');
}

function mountRoutes(app: FastifyInstance, dialect: Dialect, options: RestOptions, prefix: string): void {
  for (const variants of groupByPath(dialect.routes)) {
    const [first] = variants as [Route];
    app.route({
      method: first.method,
      url: urlOf(prefix, first.path),
      ...admission(options, dialect, first),
      handler: async (request, reply) => {
        const { quota, ctx } = request.exchange;
        const wire = wireOf(request, dialect, options.publicUrl());
        const route = variants.find(({ when }) => !when || when(wire)) ?? first;
        const key = idempotencyKeyOf(request);
        const run = (context: Context) => answer(route, context, wire);
        if (key === undefined) return send(reply, dialect, quota, (await run(ctx as Context)).reply);
        const keyed = await answerKeyed(ctx as Context, { key, dialect, route, wire }, run);
        return sendKeyed(reply, dialect, quota, keyed);
      },
    });
  }
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

function mountOtherMethods(
  app: FastifyInstance,
  dialect: Dialect,
  options: RestOptions,
  prefix: string,
): void {
  const { otherMethod, routes } = dialect;
  if (!otherMethod) return;
  for (const path of new Set(routes.map((one) => one.path))) {
    const known = new Set(routes.filter((one) => one.path === path).map(({ method }) => method));
    const allowed = [...known]
      .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
      .join(', ');
    app.route({
      method: METHODS.filter((method) => !known.has(method)),
      url: urlOf(prefix, path),
      ...admission(options, dialect),
      handler: (request, reply) =>
        send(reply.header('Allow', allowed), dialect, request.exchange.quota, otherMethod(request.method)),
    });
  }
}

function mountUnknownPaths(app: FastifyInstance, dialect: Dialect, options: RestOptions): void {
  const { onRequest, preHandler } = admission(options, dialect);
  const refuseSignedIn = async ({ method, originalUrl, exchange }: FastifyRequest) => {
    const [path] = originalUrl.split('?');
    if (exchange.ctx) throw new DomainError('NOT_FOUND', `No such operation: ${method} ${path}`);
  };
  app.addHook('onRequest', onRequest);
  app.addHook('onRequest', refuseSignedIn);
  app.setNotFoundHandler({ preHandler }, refuseSignedIn);
}

/** The dialect with a route of its own for each path of an operation. */
function withAllPaths(dialect: Dialect): Dialect {
  const routes = dialect.routes.flatMap((route) =>
    [route.path, ...(route.otherPaths ?? [])].map((path) => ({ ...route, path })),
  );
  return { ...dialect, routes };
}

/**
 * Serves a dialect: match, sign in, rate limit, read, parse, run, reply. Whatever fails on the way is answered
 * in the dialect's own shape. Its paths are served as documented and below `/<name>`.
 */
export async function mountDialect(
  app: FastifyInstance,
  declared: Dialect,
  options: RestOptions,
): Promise<void> {
  const dialect = withAllPaths(declared);
  const scope = async (inner: FastifyInstance) => {
    inner.decorateRequest('exchange');
    inner.addHook('onRequest', (request, _reply, done) => {
      request.exchange = {};
      done();
    });
    inner.setErrorHandler((error, request, reply) => refuse(dialect, error, request, reply));
    const { bodies = ['json'], hasOneParameterSet: isOfGetToo, repeated } = dialect;
    await readBodies(inner, bodies, { isOfGetToo, repeated });
  };
  await app.register(async (inner) => {
    await scope(inner);
    for (const prefix of ['', `/${dialect.name}`]) {
      mountRoutes(inner, dialect, options, prefix);
      mountOtherMethods(inner, dialect, options, prefix);
    }
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
