import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DomainError, ErrorCode } from '../../domain/error';
import { type FormPage, formPagePath } from '../../domain/form-page/form-page.entity';
import { STYLE_SOURCE } from '../html';
import { DEFAULT_THANKS, formHtml, messageHtml } from './form-html';

const STATUSES: Record<ErrorCode, number> = {
  ...{ UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404, INVALID: 400, CONFLICT: 409 },
  ...{ KEY_IN_USE: 409, KEY_REUSED: 422 },
  ...{ RATE_LIMITED: 429, PAYLOAD_TOO_LARGE: 413, UNAVAILABLE: 503, INTERNAL: 500 },
};

const TITLES: Partial<Record<ErrorCode, string>> = {
  ...{ FORBIDDEN: 'Not from there', NOT_FOUND: 'Page not found', RATE_LIMITED: 'Too much at once' },
  ...{ PAYLOAD_TOO_LARGE: 'Too large', UNAVAILABLE: 'Not now' },
};

/** Whether the client would rather have HTML than JSON: a person in a browser. */
function wantsHtml({ headers }: FastifyRequest): boolean {
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

function policyOf(page: FormPage | undefined): string {
  // Browsers hold a form to its policy also where it is redirected to, however often.
  const targets = page?.redirectUrl ? "'self' http: https:" : "'self'";
  const parents = page?.allowedOrigins.length ? ["'self'", ...page.allowedOrigins].join(' ') : "'self'";
  const rest = `base-uri 'none'; form-action ${targets}; frame-ancestors ${parents}`;
  return `default-src 'none'; style-src ${STYLE_SOURCE}; ${rest}`;
}

/** Answers HTML under the headers that keep it from harm. */
export function sendHtml(reply: FastifyReply, status: number, html: string, page?: FormPage): FastifyReply {
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyOf(page),
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    .send(html);
}

/** Answers that the form was taken: browsers go on to the thanks, programs read them. */
export function sendTaken(
  request: FastifyRequest,
  reply: FastifyReply,
  page: FormPage,
  id: string,
): FastifyReply {
  const { redirectUrl, thankYouText } = page;
  if (wantsHtml(request)) return reply.redirect(redirectUrl ?? `${formPagePath(page)}/thanks`, 303);
  return reply.code(201).send({ id, thankYouText: thankYouText ?? DEFAULT_THANKS, redirectUrl });
}

/** Answers a failure; where there is a form, with the form as it was filled in. */
export function sendFailure(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, message, fields, retryAfterSeconds }: DomainError,
  page?: FormPage,
): FastifyReply {
  const status = code === 'INVALID' && fields ? 422 : STATUSES[code];
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  if (!wantsHtml(request))
    return reply
      .code(status)
      .header('cache-control', 'no-store')
      .send({ message, ...(fields && { errors: fields }), requestId: request.id });
  const given = request.body as Record<string, unknown> | undefined;
  if (page && code !== 'FORBIDDEN' && request.method === 'POST')
    return sendHtml(
      reply,
      status,
      formHtml(page, { message, ...(given && { given }), ...(fields && { problems: fields }) }),
      page,
    );
  const title = TITLES[code] ?? 'That did not work';
  return sendHtml(reply, status, messageHtml(title, message), page);
}
