import { DatabaseError } from 'pg';

// Codes and not the severity, which is said in the language of the server. With these PostgreSQL ends a connection:
// https://www.postgresql.org/docs/current/errcodes-appendix.html.
const ENDS_CONNECTION = /^(08|28|57P0|25P03|25P04|53300)/;
/** A value, a constraint, a conflict, a lock or time that ran out: nothing of it stays with the connection. */
const LEAVES_NOTHING = /^(22|23|40|55P03|57014)/;

/** Whether the server has refused a statement, and so undone its transaction. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof DatabaseError && !ENDS_CONNECTION.test(error.code ?? '');

/** Whether the connection is as good as before; one that knows an outdated plan would say so again and again. */
export const isHarmless = (error: unknown): boolean =>
  error instanceof DatabaseError && LEAVES_NOTHING.test(error.code ?? '');
