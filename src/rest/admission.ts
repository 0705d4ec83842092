import type { FastifyRequest } from 'fastify';
import { accounts } from '../domain/account/account.service';
import type { Context } from '../domain/context';
import type { RowRef } from '../domain/entity';
import { DomainError } from '../domain/error';
import type { Quota, RateLimit, RateLimiter } from '../domain/rate-limit';
import type { SignIn } from '../domain/sign-in';
import { findGiven, findKey, isInBody } from './credentials';
import type { Dialect, Route } from './dialect';

/** What is said of a request without a key. */
export const MISSING_KEY = 'Invalid or missing API key';

/** What the doors of the vendors need from the server. */
export interface RestOptions {
  signIn: SignIn;
  rateLimiter: RateLimiter;
  /** Where the server is reached, for links in answers. */
  publicUrl: () => string;
}

/** What is known of a request beside what it says. */
export interface Exchange {
  ctx?: Context;
  quota?: Quota;
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
  }
}

/** What admits to some routes: the dialect's credentials and a limit. */
interface Gate {
  dialect: Dialect;
  limit: RateLimit;
  /** Whether an agent has to have signed in. */
  isForAgents: boolean;
}

async function admit(
  { signIn, rateLimiter }: RestOptions,
  { dialect, limit, isForAgents }: Gate,
  request: FastifyRequest,
): Promise<void> {
  const { exchange, id: requestId, ip: address } = request;
  const key = findKey(dialect.credentials, request);
  const token = isForAgents ? findKey(dialect.accessToken ?? [], request) : undefined;
  if (!key || (isForAgents && !token)) throw new DomainError('UNAUTHENTICATED', MISSING_KEY);
  exchange.ctx = (await signIn({ key, token, requestId, address })).withScopeNames(dialect.scopeNames);
  exchange.quota = await rateLimiter.take(`${dialect.name}:${limit.bucket}:${exchange.ctx.actor.id}`, limit);
  if (exchange.quota.isAllowed) return;
  const waitMs = exchange.quota.resetAtMs - exchange.ctx.now().getTime();
  throw new DomainError('RATE_LIMITED', `Too many requests. Limit: ${limit.limit}.`, {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}

function refOf(given: unknown): RowRef {
  const text = String(given).trim();
  return /^\d{1,10}$/.test(text) ? Number(text) : text;
}

/** The context for the client account that the request names, or its own. Throws FORBIDDEN for any other. */
async function actingFor(ctx: Context, given: unknown): Promise<Context> {
  const ref = refOf(given);
  if (ref === ctx.account.number || ref === ctx.account.id) return ctx;
  try {
    return ctx.actingFor(await accounts.clientScope(ctx, ref));
  } catch (thrown) {
    if (!(thrown instanceof DomainError && thrown.code === 'NOT_FOUND')) throw thrown;
    throw new DomainError('FORBIDDEN', 'This key may not act for that account.', { cause: thrown });
  }
}

/**
 * Signs in and counts before the body is read; after it when the key may stand in the body and was nowhere else.
 * The client account is chosen last, since it may stand in the body too.
 */
export function admission(options: RestOptions, dialect: Dialect, route?: Route) {
  const gate: Gate = {
    dialect,
    limit: route?.rateLimit ?? dialect.rateLimit,
    isForAgents: dialect.accessToken !== undefined && route !== undefined && !route.isWithoutSession,
  };
  const mayBeInBody = dialect.credentials.some(isInBody);
  const admitWhen = async (isBodyRead: boolean, request: FastifyRequest) => {
    if (request.exchange.ctx) return;
    if (isBodyRead || !mayBeInBody || findKey(dialect.credentials, request))
      await admit(options, gate, request);
  };
  return {
    onRequest: (request: FastifyRequest) => admitWhen(false, request),
    preHandler: async (request: FastifyRequest) => {
      await admitWhen(true, request);
      const { exchange } = request;
      const given = findGiven(dialect.clientAccount ?? [], request);
      if (given !== undefined) exchange.ctx = await actingFor(exchange.ctx as Context, given);
    },
  };
}
