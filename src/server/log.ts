import { type Logger, pino } from 'pino';

/** The program's log: one JSON object a line, without keys, passwords or bodies. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.key', '*.secret'],
  });
}
