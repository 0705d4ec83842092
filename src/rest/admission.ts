import type { FastifyRequest } from 'fastify';
import { accounts } from '../domain/account/account.service';
import type { Context } from '../domain/context';
import type { RowRef } from '../domain/entity';
import { DomainError } from '../domain/error';
import type { SignIn } from '../domain/sign-in';
import { findGiven, findKey, isInBody } from './credentials';
import type { Dialect, Quota, RateLimit, RateLimiter } from './dialect';

/** What the doors of the vendors need from the server. */
export interface RestOptions {
  signIn: SignIn;
  rateLimiter: RateLimiter;
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
export function admission(options: RestOptions, dialect: Dialect, limit: RateLimit) {
  const mayBeInBody = dialect.credentials.some(isInBody);
  const admitWhen = async (isBodyRead: boolean, request: FastifyRequest) => {
    if (request.exchange.ctx) return;
    const key = findKey(dialect.credentials, request);
    if (key || isBodyRead || !mayBeInBody) await admit(options, dialect, limit, key, request);
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
