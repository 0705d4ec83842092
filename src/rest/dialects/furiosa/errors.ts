import type { DomainError, FieldMessages } from '../../../domain/error';
import type { Quota } from '../../../domain/rate-limit';
import type { Dialect, Reply } from '../../dialect';

/** The envelope of a failure; `errors` has one text for each field. */
function failure(status: number, message: string, errors?: Record<string, string>): Reply {
  return { status, body: { error: true, status, message, ...(errors && { errors }) } };
}

/** The first text of each field; what is wrong inside of a list is wrong with the list. */
function textsOf(fields: FieldMessages, textOf = (_: string, text: string) => text): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [path, [text = '']] of Object.entries(fields)) {
    const name = path.split('.')[0] as string;
    texts[name] ??= textOf(name, text);
  }
  return texts;
}

const unprocessable = (errors: Record<string, string>) => failure(422, 'Validation failed', errors);

/** A body that cannot be read is malformed; everything that is wrong with fields is for validation. */
function invalid({ message, fields }: DomainError): Reply {
  if (!fields) return failure(400, message);
  const [malformed] = fields.body ?? [];
  return malformed === undefined ? unprocessable(textsOf(fields)) : failure(400, malformed);
}

/** What a path names and is not there; what a field names and is not there is wrong with the field. */
function notFound({ message, fields }: DomainError): Reply {
  if (!fields) return failure(404, message);
  return unprocessable(textsOf(fields, (name) => `The selected ${name} is invalid.`));
}

const DUPLICATES: Record<string, string> = {
  email: 'A contact with this email already exists in this audience.',
  name: 'A group with this name already exists in this audience.',
};

function conflict({ message, fields = {} }: DomainError): Reply {
  const [field = ''] = Object.keys(fields);
  return failure(409, DUPLICATES[field] ?? message);
}

function retryHeaders({ retryAfterSeconds = 1 }: DomainError): Record<string, string> {
  return { 'Retry-After': String(retryAfterSeconds) };
}

function rateLimited(error: DomainError, quota?: Quota): Reply {
  const { retryAfterSeconds = 1 } = error;
  const message = `Rate limit of ${quota?.limit ?? 0} requests per minute exceeded. Try again in ${retryAfterSeconds} seconds.`;
  return { ...failure(429, message), headers: retryHeaders(error) };
}

/** The vendor's answers to failures. */
export const errors: Dialect['errors'] = {
  UNAUTHENTICATED: () => failure(401, 'The API key is missing, invalid or revoked.'),
  FORBIDDEN: ({ message }) => failure(403, message),
  NOT_FOUND: notFound,
  INVALID: invalid,
  CONFLICT: conflict,
  KEY_IN_USE: (error) => ({ ...failure(409, error.message), headers: retryHeaders(error) }),
  KEY_REUSED: ({ message }) => failure(422, message),
  RATE_LIMITED: rateLimited,
  PAYLOAD_TOO_LARGE: ({ message }) => failure(413, message),
  UNAVAILABLE: (error) => ({ ...failure(503, error.message), headers: retryHeaders(error) }),
  INTERNAL: () => failure(500, 'Internal server error'),
};

/** The answer to a method that a known path does not have. */
export function otherMethod(method: string): Reply {
  return failure(405, `The ${method} method is not supported for this endpoint.`);
}

/** A path that names something which is not there, although the domain blames a field for it. */
export const missingOfPath: Partial<Dialect['errors']> = {
  NOT_FOUND: ({ message }) => failure(404, message),
};

/** What is left of the limit, on every answer to a known key. */
export function quotaHeaders({ limit, remaining }: Quota): Record<string, string> {
  return { 'X-RateLimit-Limit': String(limit), 'X-RateLimit-Remaining': String(remaining) };
}
