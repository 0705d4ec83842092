import { types } from 'node:util';
import { REFUSALS } from '../../domain/constraint';
import { DomainError, type ErrorCode, type FieldMessages } from '../../domain/error';

interface PostgresError {
  code?: string;
  constraint?: string;
  message?: string;
}

// Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html.
const CONNECTION_CODES =
  /^(08...|57P0.|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/;
// TypeORM lets go of a connection that broke between two statements of a transaction, and then says the last of these.
const CONNECTION_MESSAGES =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|Driver not Connected|Cannot use a pool after calling end|terminating connection|Client was closed|Query runner already released)/i;

// No room on its disk or in its memory, or it may only be read, as behind a failover.
const UNWRITABLE_CODES = /^(53[124]00|58030|25006)$/;

function causeOf(thrown: unknown): PostgresError {
  const { driverError } = thrown as { driverError?: PostgresError };
  return driverError ?? (thrown as PostgresError);
}

function isConnectionError({ code = '', message = '' }: PostgresError): boolean {
  return CONNECTION_CODES.test(code) || CONNECTION_MESSAGES.test(message);
}

interface Answer {
  code: ErrorCode;
  message: string;
  retryAfterSeconds?: number;
  fields?: FieldMessages | undefined;
}

const UNREACHABLE: Answer = {
  code: 'UNAVAILABLE',
  message: 'The database cannot be reached at the moment.',
  retryAfterSeconds: 1,
};
const UNWRITABLE: Answer = {
  code: 'UNAVAILABLE',
  message: 'The database cannot take this at the moment.',
  retryAfterSeconds: 5,
};
const CONFLICTING: Answer = { code: 'CONFLICT', message: 'It conflicts with another row.' };
const OVERTAKEN: Answer = {
  code: 'UNAVAILABLE',
  message: 'Other writes came in between: try again.',
  retryAfterSeconds: 1,
};
/** Of class 22: a value that the type of its column does not take, from a cursor or a filter. */
const MISSHAPEN: Answer = { code: 'INVALID', message: 'A value has the wrong form for its field.' };

const ANSWERS_BY_CODE: Record<string, Answer> = {
  '23505': CONFLICTING,
  '23P01': CONFLICTING,
  '23503': { code: 'CONFLICT', message: 'It refers to a row that is gone, or other rows refer to it.' },
  '40001': OVERTAKEN,
  '40P01': OVERTAKEN,
  '57014': { code: 'UNAVAILABLE', message: 'The query took too long and was stopped.' },
};

function answerTo(error: PostgresError): Answer | undefined {
  if (isConnectionError(error)) return UNREACHABLE;
  const { code = '', constraint = '' } = error;
  if (UNWRITABLE_CODES.test(code)) return UNWRITABLE;
  const refusal = REFUSALS[constraint];
  if (refusal) {
    const { field, message } = refusal;
    return { code: refusal.code, message, fields: field ? { [field]: [message] } : undefined };
  }
  return ANSWERS_BY_CODE[code] ?? (code.startsWith('22') ? MISSHAPEN : undefined);
}

/** What an error of the database is to a caller; DomainErrors pass, the rest that is not known stays as it is. */
export function domainErrorOf(thrown: unknown): unknown {
  if (thrown instanceof DomainError || !types.isNativeError(thrown)) return thrown;
  const answer = answerTo(causeOf(thrown));
  if (!answer) return thrown;
  const { code, message, ...details } = answer;
  return new DomainError(code, message, { ...details, cause: thrown });
}
