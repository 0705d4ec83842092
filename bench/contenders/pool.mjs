// A pool of node-postgres whose times stay texts, as ours has it.
import pg from 'pg';
import { DATABASE_URL, POOL_SIZE } from './listen.mjs';

const TIMESTAMPTZ = 1184;

/** `2026-06-17 12:00:00.5+00` as `2026-06-17T12:00:00.500Z`. */
function instantFromPostgres(text) {
  const end = text.length - 3;
  const fraction = end > 19 ? text.slice(20, end).padEnd(3, '0').slice(0, 3) : '000';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

/** A pool like ours. */
export function openPool() {
  return new pg.Pool({
    ...{ connectionString: DATABASE_URL, max: POOL_SIZE, options: '-c TimeZone=UTC' },
    types: {
      getTypeParser: (oid, format) =>
        oid === TIMESTAMPTZ ? instantFromPostgres : pg.types.getTypeParser(oid, format),
    },
  });
}
