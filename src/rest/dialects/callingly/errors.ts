import type { DomainError } from '../../../domain/error';
import type { Dialect, Quota, Reply } from '../../dialect';

function failure(status: number, message: string, more: object = {}): Reply {
  return { status, body: { success: false, message, ...more } };
}

function retryHeaders({ retryAfterSeconds = 1 }: DomainError): Record<string, string> {
  return { 'Retry-After': String(retryAfterSeconds) };
}

/**
 * The vendor's answers to failures: real statuses with a body for clients that read `message` and `errors` as well as
 * for those that look at `success`. A body that cannot be read lacks what is required, so it is 422 too.
 */
export const errors: Dialect['errors'] = {
  UNAUTHENTICATED: () => failure(401, 'Unauthenticated.'),
  FORBIDDEN: ({ message }) => failure(403, message),
  NOT_FOUND: () => failure(404, 'Not found.'),
  INVALID: ({ message, fields }) => failure(422, message, fields && { errors: fields }),
  CONFLICT: ({ message }) => failure(409, message),
  RATE_LIMITED: (error) => ({ ...failure(429, 'Too Many Attempts.'), headers: retryHeaders(error) }),
  PAYLOAD_TOO_LARGE: ({ message }) => failure(413, message),
  UNAVAILABLE: (error) => ({ ...failure(503, error.message), headers: retryHeaders(error) }),
  INTERNAL: () => failure(500, 'Server Error'),
};

/** The answer to a method that a known path does not have. */
export function otherMethod(method: string): Reply {
  return failure(405, `The ${method} method is not supported for this route.`);
}

/** What is left of the limit, on every answer to a known key. */
export function quotaHeaders({ limit, remaining, resetAtMs }: Quota): Record<string, string> {
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetAtMs / 1000)),
  };
}
