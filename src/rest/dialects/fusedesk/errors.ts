import type { DomainError } from '../../../domain/error';
import type { Quota } from '../../../domain/rate-limit';
import type { Dialect, Reply } from '../../dialect';

/** Browsers read these answers on pages of other sites. */
export const ANY_ORIGIN = { 'Access-Control-Allow-Origin': '*' };

/** A failure: a text for people and a word for programs, in the body and in headers. */
function failure(status: number, code: string, error: string): Reply {
  return {
    status,
    body: { error, errorcode: code },
    headers: {
      'X-FuseDesk-Error-Code': code,
      'X-FuseDesk-Error': error.replace(/[^\x20-\x7e]+/g, '?'),
      ...ANY_ORIGIN,
    },
  };
}

function retryLater(reply: Reply, { retryAfterSeconds = 1 }: DomainError): Reply {
  return { ...reply, headers: { ...reply.headers, 'Retry-After': String(retryAfterSeconds) } };
}

/** The first field that is wrong, by its name, and what is wrong with it. */
function textOf({ message, fields }: DomainError): string {
  const [first] = Object.entries(fields ?? {});
  if (!first) return message;
  const [name, [text = message]] = first;
  return name === 'body' || text.includes(name) ? text : `${name}: ${text}`;
}

function invalid(error: DomainError): Reply {
  const text = textOf(error);
  return failure(405, / is required/.test(text) ? 'api_error_missingparam' : 'api_error_invalidparam', text);
}

function notFound(error: DomainError): Reply {
  const isMethod = error.message.startsWith('No such operation');
  return failure(404, isMethod ? 'api_error_unknownmethod' : 'api_error_notfound', textOf(error));
}

/** The vendor's answers to failures: what has no status of its own is 405. */
export const errors: Dialect['errors'] = {
  UNAUTHENTICATED: () => failure(401, 'api_error_invalidkey', 'The API key is missing, invalid or disabled.'),
  FORBIDDEN: ({ message }) => failure(403, 'api_error_noscope', message),
  NOT_FOUND: notFound,
  INVALID: invalid,
  CONFLICT: (error) => failure(405, 'api_error_conflict', textOf(error)),
  KEY_IN_USE: (error) => retryLater(failure(405, 'api_error_keyinuse', error.message), error),
  KEY_REUSED: ({ message }) => failure(405, 'api_error_keyreused', message),
  PAYLOAD_TOO_LARGE: ({ message }) => failure(405, 'api_error_toolarge', message),
  RATE_LIMITED: (error) =>
    retryLater(failure(429, 'api_error_ratelimit', 'Rate limit exceeded: wait before the next call.'), error),
  UNAVAILABLE: (error) => retryLater(failure(405, 'api_error_unavailable', error.message), error),
  INTERNAL: () => failure(405, 'api_error_internal', 'Internal server error'),
};

/** What is left of the calls of an hour. */
export function quotaHeaders({ limit, remaining }: Quota): Record<string, string> {
  return { 'X-FuseDesk-Usage-Limit': String(limit), 'X-FuseDesk-Usage-Remaining': String(remaining) };
}
