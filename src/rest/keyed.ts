import { text } from 'node:stream/consumers';
import type { FastifyRequest } from 'fastify';
import type { Context } from '../domain/context';
import { DomainError, type ErrorCode } from '../domain/error';
import { answerOnce, isPassing } from '../domain/idempotency';
import type { Quota } from '../domain/rate-limit';
import type { Dialect, Reply, Route, WireRequest } from './dialect';
import { isBatches, jsonListOf } from './json-list';

/** What came of an operation: its reply, and the failure that the reply tells of. */
export interface RouteAnswer {
  reply: Reply;
  failure?: ErrorCode | undefined;
}

/** A reply as it was sent the first time; its body is JSON already. */
interface KeptReply extends Omit<Reply, 'body'> {
  json?: string | undefined;
}

/** An answer that is sent as it stands. */
export interface KeyedReply extends KeptReply {
  isReplayed: boolean;
}

/** The `Idempotency-Key` of a write; reads have none, whatever they say. */
export function idempotencyKeyOf({ method, headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  return method === 'GET' ? undefined : key?.toString();
}

async function jsonOf({ body }: Reply): Promise<string | undefined> {
  return isBatches(body) ? text(await jsonListOf(body)) : JSON.stringify(body);
}

/** Runs an operation once, however often and wherever it is sent with its key. */
export async function answerKeyed(
  ctx: Context,
  { key, dialect, route, wire }: { key: string; dialect: Dialect; route: Route; wire: WireRequest },
  run: (tx: Context) => Promise<RouteAnswer>,
): Promise<KeyedReply> {
  const { params, query, body } = wire;
  const content = [dialect.name, route.operation, params, query, body];
  const request = { key, holderId: ctx.actor.id as string, content };
  const answer = await answerOnce(ctx, request, async (tx) => {
    const { reply, failure } = await run(tx).catch((thrown) => refusalOf(thrown, dialect, wire.quota));
    const { status, headers } = reply;
    const kept: KeptReply = { status, headers, json: await jsonOf(reply) };
    return { text: JSON.stringify(kept), failures: failure ? [failure] : [] };
  });
  return { ...(JSON.parse(answer.text) as KeptReply), isReplayed: answer.isReplayed };
}

/** What a refusal is answered with. Throws what asks for another try. */
function refusalOf(thrown: unknown, dialect: Dialect, quota: Quota | undefined): RouteAnswer {
  if (!(thrown instanceof DomainError) || isPassing([thrown.code])) throw thrown;
  return { reply: dialect.errors[thrown.code](thrown, quota), failure: thrown.code };
}
