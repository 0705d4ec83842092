import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../domain/context';
import { readInboundToken } from '../../domain/email/inbound-link';
import { takeInboundMail } from '../../domain/email/inbound-take';
import { asDomainError, DomainError } from '../../domain/error';
import { rateCase } from '../../domain/support-case/case-feedback';
import { readFeedbackToken } from '../../domain/support-case/feedback-link';
import { SupportCase } from '../../domain/support-case/support-case.entity';
import type { Vault } from '../../domain/vault';
import { STYLE_SOURCE } from '../html';
import { unknownPage } from '../mail/unsubscribe-page';
import { feedbackPage, thanksPage } from './feedback-page';
import { readInboundMail } from './inbound-parser';

interface SupportRouteOptions {
  vault: Vault;
  /** The program acting for an account. */
  contextOf: (accountId: string) => Promise<Context>;
}

type TokenRequest = FastifyRequest<{ Params: { token: string } }>;

/** Bytes of a mail that came in, at most. */
const INBOUND_MAIL_MAX = 10 * 1024 * 1024;
const FORM_MAX = 64 * 1024;

const STATUSES: Partial<Record<DomainError['code'], number>> = {
  UNAVAILABLE: 503,
  NOT_FOUND: 404,
  INVALID: 400,
};

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': `default-src 'none'; style-src ${STYLE_SOURCE}; form-action 'self'; frame-ancestors 'none'`,
} as const;

const showPage = (reply: FastifyReply, status: number, html: string) =>
  reply.code(status).headers(PAGE_HEADERS).send(html);

const bytesOf = ({ body }: FastifyRequest) => (Buffer.isBuffer(body) ? body : Buffer.alloc(0));

function readRating(request: FastifyRequest): object {
  const form = new URLSearchParams(bytesOf(request).toString());
  const feedback = form.get('feedback')?.trim();
  return { rating: Number(form.get('rating') || Number.NaN), feedback: feedback || null };
}

/** The page of the link's case; `isAnswer` takes in what was filled in. */
async function answerFeedback(
  request: TokenRequest,
  reply: FastifyReply,
  { vault, contextOf }: SupportRouteOptions,
  isAnswer: boolean,
): Promise<FastifyReply> {
  const target = readFeedbackToken(vault, request.params.token);
  if (!target) return showPage(reply, 404, unknownPage());
  const ctx = await contextOf(target.accountId);
  const found = await ctx.repo(SupportCase).find(target.caseId);
  if (!found) return showPage(reply, 404, unknownPage());
  if (!isAnswer) return showPage(reply, 200, feedbackPage(found));
  try {
    await ctx.transaction((tx) => rateCase(tx, found.id, readRating(request), { isContact: true }));
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'INVALID') throw error;
    return showPage(reply, 400, feedbackPage(found, error.message));
  }
  return showPage(reply, 200, thanksPage());
}

async function answerMail(
  request: TokenRequest,
  reply: FastifyReply,
  { vault, contextOf }: SupportRouteOptions,
): Promise<FastifyReply> {
  const accountId = readInboundToken(vault, request.params.token);
  if (!accountId) return reply.code(404).send({ message: 'This address is not known.' });
  const mail = await readInboundMail(bytesOf(request));
  if (!mail) {
    return reply.code(400).send({
      message:
        'This is no mail that can be read: post it as it came, as message/rfc822, with at most 1,000 parts.',
    });
  }
  const { inbound, isNew } = await takeInboundMail(await contextOf(accountId), mail);
  const { id, status, caseId } = inbound;
  return reply.send({ id, status, caseId, isNew });
}

/** What customers and mail servers may ask of the help desk: `/feedback/<token>` and `/mail/inbound/<token>`. */
export async function mountSupportRoutes(app: FastifyInstance, options: SupportRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    // Bodies are read as they came: a form, a raw mail.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => {
      const { code, message, retryAfterSeconds } = asDomainError(error);
      // Of a body that is too large or cut off the HTTP server says so itself.
      const { statusCode, message: said } = error as { statusCode?: number; message: string };
      const status = statusCode ?? STATUSES[code] ?? 500;
      if (status >= 500) request.log.error({ err: error }, 'a support route failed');
      if (retryAfterSeconds) reply.header('retry-after', String(retryAfterSeconds));
      return reply.code(status).send({ message: statusCode && status < 500 ? said : message });
    });
    scope.get('/feedback/:token', (request: TokenRequest, reply) =>
      answerFeedback(request, reply, options, false),
    );
    scope.post('/feedback/:token', { bodyLimit: FORM_MAX }, (request: TokenRequest, reply) =>
      answerFeedback(request, reply, options, true),
    );
    scope.post('/mail/inbound/:token', { bodyLimit: INBOUND_MAIL_MAX }, (request: TokenRequest, reply) =>
      answerMail(request, reply, options),
    );
  });
}
