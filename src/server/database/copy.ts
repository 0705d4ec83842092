import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

async function copyLines(client: PoolClient, table: string, columns: string, lines: string): Promise<void> {
  const stream: Writable = client.query(copyFrom(`copy ${table} (${columns}) from stdin`));
  const finished = once(stream, 'finish');
  stream.end(lines);
  await finished;
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
