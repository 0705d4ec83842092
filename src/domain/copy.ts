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

async function copyLines(client: PoolClient, table: string, columns: string, lines: string): Promise<void> {
  const stream: Writable = client.query(copyFrom(`copy ${table} (${columns}) from stdin`));
  const finished = once(stream, 'finish');
  stream.end(lines);
  await finished;
}

/**
 * Writes rows into a temporary table by COPY in the open transaction, which no account's table takes; `columns` is
 * SQL, and each row has a value for each.
 */
export async function copyRows(
  ctx: Context,
  table: string,
  columns: string,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const client = await ctx.connection();
  await copyLines(client, table, columns, copyText(rows));
}

/** The rows as COPY's text format has them. */
export function copyText(rows: readonly (readonly unknown[])[]): string {
  return rows.map((row) => `${row.map(copyValue).join('\t')}\n`).join('');
}

/**
 * Writes lines of COPY's text format into a table in the open transaction of the connection, in order: PostgreSQL
 * has no COPY into tables with row level security, so they take the way over a temporary one.
 */
export async function copyInto(
  client: PoolClient,
  table: string,
  columns: string,
  lines: string,
): Promise<void> {
  const stage = `copied_${table}`;
  await client.query(
    `create temporary table if not exists ${stage} on commit delete rows as select ${columns} from ${table} with no data`,
  );
  await copyLines(client, stage, columns, lines);
  await client.query(`insert into ${table} (${columns}) select ${columns} from ${stage}`);
  await client.query(`delete from ${stage}`);
}
