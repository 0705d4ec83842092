import { types } from 'node:util';
import { REFUSALS } from '../../domain/constraint';
import { DomainError } from '../../domain/error';

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
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|Driver not Connected|terminating connection|Client was closed|Query runner already released)/i;

// No room on its disk or in its memory, or it may only be read, as behind a failover.
const UNWRITABLE_CODES = /^(53[124]00|58030|25006)$/;

function causeOf(thrown: unknown): PostgresError {
  const { driverError } = thrown as { driverError?: PostgresError };
  return driverError ?? (thrown as PostgresError);
}

function isConnectionError({ code = '', message = '' }: PostgresError): boolean {
  return CONNECTION_CODES.test(code) || CONNECTION_MESSAGES.test(message);
}

/** What an error of the database is to a caller; DomainErrors pass, the rest that is not known stays as it is. */
export function domainErrorOf(thrown: unknown): unknown {
  if (thrown instanceof DomainError || !types.isNativeError(thrown)) return thrown;
  const cause = causeOf(thrown);
  if (isConnectionError(cause)) {
    return new DomainError('UNAVAILABLE', 'The database cannot be reached at the moment.', {
      cause: thrown,
      retryAfterSeconds: 1,
    });
  }
  if (UNWRITABLE_CODES.test(cause.code ?? '')) {
    return new DomainError('UNAVAILABLE', 'The database cannot take this at the moment.', {
      cause: thrown,
      retryAfterSeconds: 5,
    });
  }
  const refusal = REFUSALS[cause.constraint ?? ''];
  if (refusal) {
    const fields = refusal.field ? { [refusal.field]: [refusal.message] } : undefined;
    return new DomainError(refusal.code, refusal.message, { fields, cause: thrown });
  }
  switch (cause.code) {
    case '23505':
    case '23P01':
      return new DomainError('CONFLICT', 'It conflicts with another row.', { cause: thrown });
    case '23503':
      return new DomainError('CONFLICT', 'It refers to a row that is gone, or other rows refer to it.', {
        cause: thrown,
      });
    case '40001':
    case '40P01':
      return new DomainError('UNAVAILABLE', 'Other writes came in between: try again.', {
        cause: thrown,
        retryAfterSeconds: 1,
      });
    case '57014':
      return new DomainError('UNAVAILABLE', 'The query took too long and was stopped.', { cause: thrown });
    default:
      // Class 22: a value that the type of its column does not take, from a cursor or a filter.
      if (cause.code?.startsWith('22')) {
        return new DomainError('INVALID', 'A value has the wrong form for its field.', { cause: thrown });
      }
      return thrown;
  }
}
