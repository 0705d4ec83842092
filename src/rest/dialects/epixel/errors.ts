import { isTokenRefusal } from '../../../domain/agent/agent-token';
import { DomainError } from '../../../domain/error';
import type { Dialect, Reply } from '../../dialect';
import { retryHeaders } from '../../quota-headers';

type Errors = Record<string, unknown>;

/** What every answer but that to a login looks like. */
export function envelope(
  status: number,
  { errors = {}, data = {} }: { errors?: Errors; data?: unknown },
): Reply {
  return { status, body: { status_code: status, errors, data } };
}

/** The vendor's way to say that a request was understood and cannot be done. */
export function failed(detail: string): Reply {
  return envelope(401, { errors: { detail } });
}

/** The same as an error of an operation. */
export function cannot(detail: string): DomainError {
  return new DomainError('CONFLICT', detail);
}

const BAD_CREDENTIALS = 'The supplied authentication credentials are invalid.';
const NO_ACCOUNT = 'No active account found with the given credentials';

function unauthenticated(error: DomainError): Reply {
  if (isTokenRefusal(error)) {
    return envelope(401, { errors: { detail: error.message, code: 'token_not_valid' } });
  }
  return failed(error.message === NO_ACCOUNT ? NO_ACCOUNT : BAD_CREDENTIALS);
}

const detail = (status: number, text: string) => envelope(status, { errors: { detail: text } });

/** The vendor's answers to failures; what its documents do not name has the status that HTTP has for it. */
export const errors: Dialect['errors'] = {
  UNAUTHENTICATED: unauthenticated,
  FORBIDDEN: (error) => detail(403, error.message),
  NOT_FOUND: (error) => detail(404, error.message),
  INVALID: (error) => envelope(400, { errors: error.fields ?? { detail: error.message } }),
  CONFLICT: (error) => failed(error.message),
  KEY_IN_USE: (error) => ({ ...detail(409, error.message), headers: retryHeaders(error) }),
  KEY_REUSED: (error) => detail(422, error.message),
  RATE_LIMITED: (error) => ({
    ...detail(429, `Request was throttled. Expected available in ${error.retryAfterSeconds ?? 1} seconds.`),
    headers: retryHeaders(error),
  }),
  PAYLOAD_TOO_LARGE: (error) => detail(413, error.message),
  UNAVAILABLE: (error) => ({ ...detail(503, error.message), headers: retryHeaders(error) }),
  INTERNAL: () => detail(500, 'Internal server error'),
};

/** The answer to an agent who may not touch what is another's, as one operation puts it. */
export function ofOthers(text: string): Pick<Dialect['errors'], 'FORBIDDEN'> {
  return { FORBIDDEN: (error) => (error.scope ? errors.FORBIDDEN(error) : failed(text)) };
}
