/** The closed list of failures; every door maps each of them, so a new code does not compile until all answer it. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID',
  'CONFLICT',
  'KEY_IN_USE',
  'KEY_REUSED',
  'RATE_LIMITED',
  'PAYLOAD_TOO_LARGE',
  'UNAVAILABLE',
  'INTERNAL',
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Messages by field name; a nested field is a dotted path (`leads.3.phone`). */
export type FieldMessages = Record<string, string[]>;

interface ErrorDetails {
  fields?: FieldMessages;
  cause?: unknown;
  /** Whole seconds until a retry makes sense (RATE_LIMITED, UNAVAILABLE, KEY_IN_USE). */
  retryAfterSeconds?: number;
  /** The scope that a key lacks (FORBIDDEN). */
  scope?: string;
}

/** The one error that leaves the domain: `message` is for the caller, `cause` for the log only. */
export class DomainError extends Error {
  readonly fields: FieldMessages | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly scope: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DomainError';
    this.fields = details.fields;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.scope = details.scope;
  }
}

/** INVALID with the messages of each field; the first of them is the message of the whole. */
export function invalid(fields: FieldMessages): DomainError {
  const [first] = Object.entries(fields);
  return new DomainError('INVALID', first?.[1][0] ?? 'The input is invalid.', { fields });
}

/** NOT_FOUND for a record that is missing, deleted or another account's: the three look the same. */
export function notFound(label: string): DomainError {
  return new DomainError('NOT_FOUND', `${label} not found`);
}

/** What a thrown value is to a caller: itself when it is a {@link DomainError}, else INTERNAL with it as cause. */
export function asDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  return new DomainError('INTERNAL', 'Internal server error', { cause: thrown });
}
