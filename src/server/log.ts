import { types } from 'node:util';
import { type DestinationStream, type Logger, pino } from 'pino';

interface Failure extends Error {
  code?: unknown;
  constraint?: unknown;
  driverError?: unknown;
}

const CAUSES_MAX = 5;
/** Messages of PostgreSQL about a wrong value, and of JSON.parse, quote what somebody sent. */
const QUOTES_VALUES = /^(22...|SyntaxError)$/;

function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

/** A failure without what it may carry of a request: details, parameters, raw bytes, quoted values. */
function failureOf(thrown: unknown, depth = 0): object {
  if (!types.isNativeError(thrown)) return { type: typeof thrown };
  const { name, message, code, constraint, cause, driverError } = thrown as Failure;
  const isQuoting = QUOTES_VALUES.test(String((driverError as Failure | undefined)?.code ?? code ?? name));
  const inner = cause ?? driverError;
  return {
    type: name,
    message: isQuoting ? message.replace(/["'`].*["'`]/s, '…') : message,
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint }),
    stack: framesOf(thrown),
    ...(inner !== undefined && depth < CAUSES_MAX && { cause: failureOf(inner, depth + 1) }),
  };
}

// Addresses hold tokens and keys: only the pattern of the route is written.
const requestOf = ({ method, routeOptions }: { method?: string; routeOptions?: { url?: string } }) => ({
  method,
  route: routeOptions?.url,
});

/** The program's log: one JSON object a line, without keys, passwords, tokens and bodies. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        err: failureOf,
        req: requestOf,
        res: ({ statusCode }: { statusCode?: number }) => ({ status: statusCode }),
      },
    },
    destination,
  );
}
