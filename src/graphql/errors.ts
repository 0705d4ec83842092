import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { asDomainError, DomainError, type ErrorCode, type FieldMessages } from '../domain/error';

/** What each kind of failure says to a caller. */
export const ERROR_CODE_ABOUT: Record<ErrorCode, string> = {
  UNAUTHENTICATED: 'The API key or the access token is missing, unknown, expired or revoked.',
  FORBIDDEN: 'The key lacks a scope, or the record is another agent’s; the message says which.',
  NOT_FOUND: 'There is no such record in the account.',
  INVALID: 'The request or one of its values is wrong; the message says which.',
  CONFLICT: 'It contradicts a record that is there.',
  KEY_IN_USE: 'A request with this Idempotency-Key is still running; send it again in a moment.',
  KEY_REUSED: 'This Idempotency-Key was used for another request.',
  RATE_LIMITED: 'Too many requests; try again later.',
  PAYLOAD_TOO_LARGE: 'The request is too large.',
  UNAVAILABLE: 'Something that is needed cannot be reached; try again.',
  INTERNAL: 'A fault of the server; quote the request id when you report it.',
};

/** HTTP status of a request that is refused before anything is executed. */
export const STATUS: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INVALID: 400,
  CONFLICT: 409,
  KEY_IN_USE: 409,
  KEY_REUSED: 422,
  RATE_LIMITED: 429,
  PAYLOAD_TOO_LARGE: 413,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** HTTP status of an executed operation with such an error; the others leave it at 200, as GraphQL over HTTP has it. */
export const EXECUTED_STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: STATUS.UNAUTHENTICATED,
  RATE_LIMITED: STATUS.RATE_LIMITED,
  PAYLOAD_TOO_LARGE: STATUS.PAYLOAD_TOO_LARGE,
  UNAVAILABLE: STATUS.UNAVAILABLE,
};

/** Where unexpected failures are written; pino’s loggers fit. */
export interface ErrorLog {
  error: (details: object, message: string) => void;
  warn: (details: object, message: string) => void;
}

// Codes of https://www.apollographql.com/docs/apollo-server/data/errors that blame the request.
const REQUEST_REASONS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** Innermost cause that graphql-js and Apollo have wrapped. */
function rootOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error;
}

/** An argument that turned out wrong only at execution, such as a null variable in a non-null place. */
function isArgumentError(error: unknown): boolean {
  return error instanceof GraphQLError && error.message.startsWith('Argument "');
}

/** What graphql-js says without a code of its own when more than fifty values of variables are wrong. */
function isVariablesError(error: unknown): boolean {
  return error instanceof GraphQLError && error.message.startsWith('Too many errors processing variables');
}

function reasonOf(error: unknown, root: unknown): string | undefined {
  if (isArgumentError(root) || isVariablesError(root)) return 'BAD_USER_INPUT';
  // graphql-jit’s errors may have no extensions.
  const code = error instanceof GraphQLError ? error.extensions?.code : undefined;
  return typeof code === 'string' && REQUEST_REASONS.has(code) ? code : undefined;
}

/** What a failure is to a caller, with Apollo’s own word for it where the request is to blame. */
function failureOf(error: unknown): { failure: DomainError; reason?: string } {
  const root = rootOf(error);
  if (root instanceof DomainError) return { failure: root };
  const reason = reasonOf(error, root);
  if (reason) return { failure: new DomainError('INVALID', (error as Error).message), reason };
  return { failure: asDomainError(root) };
}

/** An error as it leaves a door. */
export interface FormattedError extends GraphQLFormattedError {
  extensions: { code: ErrorCode; reason?: string; fields?: FieldMessages; retryAfterSeconds?: number };
}

/** An error as it leaves the door, but for the request id: INTERNAL never says more than that. */
export function formatError(error: unknown): FormattedError {
  const { failure, reason } = failureOf(error);
  const { code, fields, retryAfterSeconds } = failure;
  const { locations, path } = error instanceof GraphQLError ? error : {};
  return {
    message: code === 'INTERNAL' ? 'Internal server error' : failure.message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: {
      code,
      ...(reason && { reason }),
      ...(fields && { fields }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  };
}

/** The same error without the names that graphql-js suggests instead of a wrong one. */
export function withoutSuggestions(error: FormattedError): FormattedError {
  const { message } = error;
  const isSuggesting = error.extensions.reason !== undefined && message.endsWith('?');
  // Not by a pattern: callers choose much of the message, and could make one search for minutes.
  const end = isSuggesting ? message.lastIndexOf(' Did you mean ') : -1;
  return end < 0 ? error : { ...error, message: message.slice(0, end) };
}

/** Writes down what a caller is not told: causes of INTERNAL as errors, of UNAVAILABLE as warnings. */
export function logFailures(log: ErrorLog, errors: readonly unknown[], requestId: string): void {
  for (const error of errors) {
    const { failure } = failureOf(error);
    const details = { err: failure.cause ?? failure, requestId, path: (error as GraphQLError).path };
    if (failure.code === 'INTERNAL') log.error(details, 'a GraphQL request failed');
    if (failure.code === 'UNAVAILABLE') log.warn(details, 'a GraphQL request could not be served');
  }
}
