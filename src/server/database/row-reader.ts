import { LRUCache } from 'lru-cache';
import { type FieldDef, type QueryResultRow, types } from 'pg';
import { instantFromPostgres } from '../../domain/datetime';

type ReadValue = (text: string) => unknown;

/** Makes a row of its columns' texts; throws when one of them cannot be read. */
export type RowReader = (texts: (string | null)[]) => QueryResultRow;

// What node-postgres reads types with that it knows nothing of: the text as it is.
const AS_TEXT = types.getTypeParser(0 as never, 'text');

/** How columns are read: instants stay texts from the socket to the answer, everything else as node-postgres has it. */
export const COLUMN_TYPES: { getTypeParser: typeof types.getTypeParser } = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === types.builtins.TIMESTAMPTZ
      ? instantFromPostgres
      : types.getTypeParser(oid, format as 'text')) as never,
};

/** Most kinds of rows that are kept. */
const READERS_MAX = 2_000;
const readersByColumns = new LRUCache<string, RowReader>({ max: READERS_MAX });

/** The reader of rows with these columns, as a function of its own: all that it makes are objects of one shape. */
export function rowReader(columns: readonly FieldDef[]): RowReader {
  const key = JSON.stringify(columns.map(({ name, dataTypeID }) => [name, dataTypeID]));
  const known = readersByColumns.get(key);
  if (known) return known;
  const reader = compile(columns);
  readersByColumns.set(key, reader);
  return reader;
}

function compile(columns: readonly FieldDef[]): RowReader {
  const readers = columns.map(({ dataTypeID }) => COLUMN_TYPES.getTypeParser(dataTypeID) as ReadValue);
  const properties = columns.map(({ name }, at) => {
    const text = `texts[${at}]`;
    const value = readers[at] === AS_TEXT ? text : `${text} === null ? null : read${at}(${text})`;
    return `${JSON.stringify(name)}: ${value}`;
  });
  const names = readers.map((_, at) => `read${at}`);
  return new Function(...names, `return (texts) => ({ ${properties.join(', ')} })`)(...readers);
}
