import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { uuidv7 } from 'uuidv7';
import { accountScopeById } from '../../domain/account/account.service';
import { Context } from '../../domain/context';
import type { ContextSeed } from '../../domain/context-seed';
import { asDomainError, DomainError, notFound } from '../../domain/error';
import { FormPage } from '../../domain/form-page/form-page.entity';
import { isAllowedOrigin } from '../../domain/form-page/form-page.rules';
import { answerOnce } from '../../domain/idempotency';
import type { RateLimit, RateLimiter } from '../../domain/rate-limit';
import { findPublished, isTrapped, submit } from '../../domain/submission/submit';
import { readBodies } from '../../rest/body';
import { formHtml, thanksHtml } from './form-html';
import { sendFailure, sendHtml, sendTaken } from './page-answers';
import { foreignOrigin, senderOf } from './sender';

/** What the pages need of the server. */
export interface PageRouteOptions extends Pick<ContextSeed, 'store' | 'vault' | 'now' | 'onChange'> {
  rateLimiter: RateLimiter;
}

/** Most bytes of what is sent. */
const SENT_MAX_BYTES = 65_536;
/** How often one sender may send one page. */
const LIMIT: RateLimit = { bucket: 'pages', limit: 10, windowSeconds: 60 };
/** What another site may do, which browsers may remember for ten minutes. */
const PREFLIGHT = {
  allow: 'GET, HEAD, POST, OPTIONS',
  'access-control-allow-methods': 'GET, POST',
  'access-control-allow-headers': 'accept, content-type, idempotency-key, x-request-id',
  'access-control-max-age': '600',
};

/** A published page that somebody is at. */
interface Visit {
  ctx: Context;
  page: FormPage;
  origin: string | undefined;
}

declare module 'fastify' {
  interface FastifyRequest {
    visit: Visit | undefined;
  }
}

type PageRequest = FastifyRequest<{ Params: { slug: string } }>;

async function findVisit(request: PageRequest, { store, ...seed }: PageRouteOptions): Promise<Visit> {
  const found = await findPublished(store.acrossAccounts, request.params.slug);
  if (!found) throw notFound('Page');
  const ctx = new Context({
    ...{ ...seed, store, scopes: null, requestId: request.id },
    account: await accountScopeById(store, found.accountId),
    actor: { kind: 'system', id: null, name: 'form page' },
  });
  const page = await ctx.repo(FormPage).get(found.pageId);
  return { ctx, page, origin: foreignOrigin(request) };
}

/** Lets another site that the page names read the answer. Throws FORBIDDEN for one that may not send. */
function admitOrigin({ page, origin }: Visit, { method }: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'accept, origin');
  if (origin === undefined) return;
  if (isAllowedOrigin(page, origin)) {
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'idempotency-replayed, retry-after, x-request-id',
    });
  } else if (method === 'POST' || method === 'OPTIONS') {
    throw new DomainError('FORBIDDEN', `This page cannot be sent from ${origin}.`);
  }
}

async function countSending({ ctx, page }: Visit, { ip }: FastifyRequest, limiter: RateLimiter) {
  const { isAllowed, resetAtMs } = await limiter.take(`page:${page.id}:${senderOf(ip)}`, LIMIT);
  if (isAllowed) return;
  const waitMs = resetAtMs - ctx.now().getTime();
  throw new DomainError('RATE_LIMITED', 'That was too often within a minute: wait a little.', {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}

function visitOf(request: FastifyRequest): Visit {
  if (!request.visit) throw new Error('the page of a request was not looked for');
  return request.visit;
}

async function takeForm(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { ctx, page, origin } = visitOf(request);
  const given = request.body ?? {};
  if (typeof given !== 'object' || Array.isArray(given))
    throw new DomainError('INVALID', 'Send an object with the fields of the form.');
  if (isTrapped(given as Record<string, unknown>)) return sendTaken(request, reply, page, uuidv7());
  const sent = {
    ...{ given: given as Record<string, unknown>, address: senderOf(request.ip) },
    origin: origin ?? request.headers.origin,
  };
  const key = request.headers['idempotency-key']?.toString();
  if (key === undefined) return sendTaken(request, reply, page, (await submit(ctx, page, sent)).id);
  const keyed = { key, holderId: page.id, content: ['page', given] };
  const { text: id, isReplayed } = await answerOnce(ctx, keyed, async (tx) => ({
    ...{ text: (await submit(tx, page, sent)).id, failures: [] },
  }));
  if (isReplayed) reply.header('idempotency-replayed', 'true');
  return sendTaken(request, reply, page, id);
}

function errorOf(thrown: unknown): DomainError {
  const { statusCode } = thrown as { statusCode?: number };
  if (statusCode === 413)
    return new DomainError('PAYLOAD_TOO_LARGE', `Send at most ${SENT_MAX_BYTES / 1024} KiB.`);
  if (statusCode && statusCode < 500) return new DomainError('INVALID', (thrown as Error).message);
  return asDomainError(thrown);
}

/** The public pages: `/p/<slug>` with a form, which browsers and programs may post to, and its thanks. */
export async function mountPages(app: FastifyInstance, options: PageRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    scope.decorateRequest('visit', undefined);
    scope.addHook('onRequest', async (request, reply) => {
      request.visit = await findVisit(request as PageRequest, options);
      admitOrigin(request.visit, request, reply);
    });
    await readBodies(scope, ['json', 'urlencoded', 'multipart']);
    scope.setErrorHandler((thrown, request, reply) => {
      const error = errorOf(thrown);
      if (error.code === 'INTERNAL') request.log.error({ err: thrown }, 'a page failed');
      return sendFailure(request, reply, error, request.visit?.page);
    });
    scope.get('/p/:slug', (request, reply) => {
      const { page } = visitOf(request);
      return sendHtml(reply, 200, formHtml(page, { given: request.query as object as never }), page);
    });
    scope.get('/p/:slug/thanks', (request, reply) => {
      const { page } = visitOf(request);
      return sendHtml(reply, 200, thanksHtml(page), page);
    });
    // Counted when the body is read, so that a person who must wait gets back what was filled in.
    const preHandler = (request: FastifyRequest) =>
      countSending(visitOf(request), request, options.rateLimiter);
    scope.post('/p/:slug', { bodyLimit: SENT_MAX_BYTES, preHandler }, takeForm);
    scope.options('/p/:slug', (_, reply) => reply.code(204).headers(PREFLIGHT).send());
  });
}
