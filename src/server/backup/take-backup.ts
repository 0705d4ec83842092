import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { ArchiveWriter } from './archive';
import { EVERY_ACCOUNT, migrationsOf, quoted, sequencesOf, type TableColumns, tablesOf } from './catalog';

/** What a backup is made of. */
export interface BackupSource {
  /** Address of the database. */
  url: string;
  secretMark: string;
  /** The secret, where nobody else keeps it. */
  secret?: string | undefined;
}

/** How large a backup became. */
export interface BackupReport {
  tables: number;
  rows: number;
  bytes: number;
}

/** Bytes of rows that are gathered before they are written. */
const PART_BYTES = 1_048_576;

async function copyTable(
  client: Client,
  { name, columns }: TableColumns,
  archive: ArchiveWriter,
): Promise<number> {
  const stream = client.query(
    copyTo(`copy (select ${columns.map(quoted).join(', ')} from ${quoted(name)}) to stdout`),
  );
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < PART_BYTES) continue;
    await archive.addRows(name, Buffer.concat(chunks));
    [chunks, bytes] = [[], 0];
  }
  if (bytes > 0) await archive.addRows(name, Buffer.concat(chunks));
  return stream.rowCount;
}

async function copySnapshot(
  client: Client,
  source: BackupSource,
  archive: ArchiveWriter,
): Promise<BackupReport> {
  const migrations = await migrationsOf(client);
  if (!migrations) throw new Error('There is nothing to back up: the database is empty.');
  const tables = await tablesOf(client);
  await client.query(`lock table ${tables.map(({ name }) => quoted(name)).join(', ')} in access share mode`);
  const { secretMark, secret } = source;
  const createdAt = new Date().toISOString();
  await archive.addManifest({
    ...{ format: 'switchboard-backup', version: 1, createdAt, migrations, tables, secretMark },
    ...(secret && { secret }),
  });
  const rows: Record<string, number> = {};
  for (const table of tables) rows[table.name] = await copyTable(client, table, archive);
  // Sequences are of no snapshot: read last, they are beyond every row that was copied.
  const bytes = await archive.finish({ rows, sequences: await sequencesOf(client) });
  const total = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return { tables: tables.length, rows: total, bytes };
}

/**
 * Writes all rows, as they are at one moment, into a file that only its owner reads; others go on writing meanwhile.
 * Throws when the file is there already.
 */
export async function takeBackup(source: BackupSource, file: string): Promise<BackupReport> {
  if (existsSync(file)) throw new Error(`${file} is there already: name another file, or remove it.`);
  const client = new Client({
    connectionString: source.url,
    application_name: 'switchboard backup',
    options: `-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 ${EVERY_ACCOUNT}`,
  });
  // What breaks the connection fails its statement too.
  client.on('error', () => {});
  await client.connect();
  const archive = await ArchiveWriter.create(file).catch(async (error) => {
    await client.end();
    throw new Error(`${file} cannot be written: ${(error as Error).message}.`, { cause: error });
  });
  try {
    await client.query('begin isolation level repeatable read, read only');
    return await copySnapshot(client, source, archive);
  } catch (error) {
    await archive.abandon();
    throw error;
  } finally {
    await client.end();
  }
}
