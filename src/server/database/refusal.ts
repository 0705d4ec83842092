import { DatabaseError } from 'pg';

// Codes and not the severity, which is said in the language of the server:
// https://www.postgresql.org/docs/current/errcodes-appendix.html. What is not listed may have come from a server that
// ended, or from a pooler that lost it: then nobody knows what has been committed.
const REFUSALS = /^(0A|2[0-4]|26|27|40(?!003)|42|44|54|55|57014|P0)/;
/** A value, a constraint, a conflict, a lock or time that ran out. */
const HARMLESS = /^(22|23|40(?!003)|55P03|57014)/;

const hasCode = (error: unknown, codes: RegExp): boolean =>
  error instanceof DatabaseError && codes.test(error.code ?? '');

/** Whether the server has refused a statement, and so undone its transaction. */
export const isRefusal = (error: unknown): boolean => hasCode(error, REFUSALS);

/**
 * Whether a connection can be used again after a refusal; after others it is closed, since what it has prepared may be
 * outdated.
 */
export const isHarmless = (error: unknown): boolean => hasCode(error, HARMLESS);
