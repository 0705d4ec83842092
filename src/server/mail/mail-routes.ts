import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readBounceToken, takeBounce } from '../../domain/campaign/bounce';
import { findLinkOwner, readUnsubscribeToken, unsubscribe } from '../../domain/campaign/unsubscribe';
import type { Context } from '../../domain/context';
import { asDomainError, type ErrorCode } from '../../domain/error';
import type { Vault } from '../../domain/vault';
import { STYLE_SOURCE } from '../html';
import { readBounceJson, readBounceMail } from './bounce-report';
import { askPage, donePage, unknownPage } from './unsubscribe-page';

interface MailRouteOptions {
  vault: Vault;
  /** The program acting for an account. */
  contextOf: (accountId: string) => Promise<Context>;
}

type TokenRequest = FastifyRequest<{ Params: { token: string } }>;

const STATUSES: Partial<Record<ErrorCode, number>> = { UNAVAILABLE: 503, INVALID: 400 };

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': `default-src 'none'; style-src ${STYLE_SOURCE}; form-action 'self'; frame-ancestors 'none'`,
} as const;

const showPage = (reply: FastifyReply, status: number, html: string) =>
  reply.code(status).headers(PAGE_HEADERS).send(html);

/** Answers a page of the link's recipient; `change` does what the request asks for before that. */
async function answerLink(
  { params }: TokenRequest,
  reply: FastifyReply,
  { vault, contextOf }: MailRouteOptions,
  change?: (ctx: Context, recipientId: string) => Promise<void>,
): Promise<FastifyReply> {
  const target = readUnsubscribeToken(vault, params.token);
  if (!target) return showPage(reply, 404, unknownPage());
  const ctx = await contextOf(target.accountId);
  await change?.(ctx, target.recipientId);
  const found = await findLinkOwner(ctx, target.recipientId);
  if (!found) return showPage(reply, 404, unknownPage());
  return showPage(reply, 200, found.isSuppressed ? donePage(found.address) : askPage(found.address));
}

const BAD_BOUNCE =
  'Send a delivery status notification as message/rfc822, or JSON: { "messageId" or "recipient", "type": "hard", "soft" or "complaint", "reason" }.';

function readBounce({ headers, body }: FastifyRequest) {
  const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) return readBounceMail(raw);
  try {
    return readBounceJson(JSON.parse(raw.toString()));
  } catch {
    return undefined;
  }
}

async function answerBounce(
  request: TokenRequest,
  reply: FastifyReply,
  { vault, contextOf }: MailRouteOptions,
): Promise<FastifyReply> {
  const accountId = readBounceToken(vault, request.params.token);
  if (!accountId) return reply.code(404).send({ message: 'This address is not known.' });
  const report = await readBounce(request);
  // A mail that is no report, such as an absence note, is nothing to be sent again.
  const isMail = !/^application\/json\b/i.test(request.headers['content-type'] ?? '');
  if (!report) {
    return isMail ? reply.send({ isKnown: false }) : reply.code(400).send({ message: BAD_BOUNCE });
  }
  return reply.send({ isKnown: await takeBounce(await contextOf(accountId), report) });
}

/** What people and mail servers who were written to may ask: `/u/<token>` and `/mail/bounces/<token>`. */
export async function mountMailRoutes(app: FastifyInstance, options: MailRouteOptions): Promise<void> {
  await app.register(async (scope) => {
    // Bodies are read as they came: a form of one click, a raw mail, JSON.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setErrorHandler((error, request, reply) => {
      const { code, message, retryAfterSeconds } = asDomainError(error);
      const status = (error as { statusCode?: number }).statusCode ?? STATUSES[code] ?? 500;
      if (status >= 500) request.log.error({ err: error }, 'a mail route failed');
      if (retryAfterSeconds) reply.header('retry-after', String(retryAfterSeconds));
      return reply.code(status).send({ message: status === 500 ? 'Internal server error' : message });
    });
    scope.get('/u/:token', (request: TokenRequest, reply) => answerLink(request, reply, options));
    scope.post('/u/:token', (request: TokenRequest, reply) =>
      answerLink(request, reply, options, unsubscribe),
    );
    scope.post('/mail/bounces/:token', (request: TokenRequest, reply) =>
      answerBounce(request, reply, options),
    );
  });
}
