import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Context } from './context';

// https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const SPECIAL = /[\\\t\n\r]/;
const ALL_SPECIAL = /[\\\t\n\r]/g;

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(ALL_SPECIAL, (character) => ESCAPES[character] as string) : text;
}

/** A value as COPY’s text format has it: null and undefined are NULL, objects are JSON. */
export function copyValue(value: unknown): string {
  if (value == null) return '\\N';
  if (typeof value === 'string') return escaped(value);
  return typeof value === 'object' ? escaped(JSON.stringify(value)) : String(value);
}

/** Writes rows into a table by COPY in the open transaction; `columns` is SQL, and each row has a value for each. */
export async function copyRows(
  ctx: Context,
  table: string,
  columns: string,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const client = (await ctx.manager.queryRunner?.connect()) as PoolClient;
  const stream: Writable = client.query(copyFrom(`copy ${table} (${columns}) from stdin`));
  const finished = once(stream, 'finish');
  stream.end(rows.map((row) => `${row.map(copyValue).join('\t')}\n`).join(''));
  await finished;
}
