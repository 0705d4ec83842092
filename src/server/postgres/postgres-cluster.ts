import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, chown, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { choosePostgresAccount, type PostgresAccount, runProgram } from './postgres-account';
import { findPostgresPrograms, type PostgresPrograms } from './postgres-programs';

/** One PostgreSQL cluster below a data directory, whether it runs or not. */
export interface Cluster {
  dataDir: string;
  clusterDir: string;
  logFile: string;
  settings: Record<string, string>;
  account: PostgresAccount;
  programs: PostgresPrograms;
}

/** The database superuser of an embedded cluster; the program itself connects as an ordinary role. */
export const SUPERUSER = 'postgres';

/** The file with the password of both, readable by its owner alone. */
export const passwordFileIn = (dataDir: string) => join(dataDir, 'postgres.password');

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Compiling a plan costs more than these short queries take.
  jit: 'off',
  // Requests already run side by side, and containers give parallel workers too little shared memory.
  max_parallel_workers_per_gather: '0',
  // Random reads from a solid-state disk or the page cache cost about as much as sequential ones.
  random_page_cost: '1.1',
  shared_buffers: '256MB',
  // Nobody replicates from this cluster; bulk loads and new databases then write less.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '2GB',
  // A failed statement is reported to its caller; customers' data stays out of this file, and it stays small.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

/** Describes the cluster of `dataDir` (an absolute path) and chooses as whom it runs. */
export async function openCluster(dataDir: string, settings: Record<string, string>): Promise<Cluster> {
  const programs = findPostgresPrograms();
  const clusterDir = join(dataDir, 'postgres');
  const logFile = join(dataDir, 'postgres.log');
  const account = await choosePostgresAccount({ program: programs.initdb, dataDir, clusterDir, logFile });
  return {
    ...{ dataDir, clusterDir, logFile, programs, account },
    settings: { ...SETTINGS, ...settings },
  };
}

/** Makes the cluster when there is none. One that was interrupted half-way was never renamed, and is thrown away. */
export async function createClusterOnce(cluster: Cluster): Promise<boolean> {
  const { account, dataDir, clusterDir, logFile, programs } = cluster;
  if (existsSync(clusterDir)) return false;
  const leftovers = (await readdir(dataDir)).filter((name) => name.startsWith('postgres.new-'));
  for (const name of leftovers) await rm(join(dataDir, name), { recursive: true, maxRetries: 5 });
  const newDir = await mkdtemp(join(dataDir, 'postgres.new-'));
  const passwordFile = passwordFileIn(dataDir);
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
  for (const path of [newDir, passwordFile]) await giveTo(account, path);
  const durability = cluster.settings.fsync === 'off' ? ['--no-sync'] : [];
  await runProgram(
    account,
    [
      programs.initdb,
      ...[
        `--pgdata=${newDir}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
      ],
      // The one locale that is the same on every machine: part of PostgreSQL itself.
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...durability,
    ],
    logFile,
  );
  await appendFile(join(newDir, 'postgresql.conf'), "\ninclude 'switchboard.conf'\n");
  await rename(newDir, clusterDir);
  return true;
}

/** Writes the settings that the next start reads. */
export async function writeSettings(cluster: Cluster, port: number): Promise<void> {
  const lines = Object.entries({ ...cluster.settings, port: String(port) }).map(
    ([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`,
  );
  const file = join(cluster.clusterDir, 'switchboard.conf');
  await writeFile(file, lines.join(''), { mode: 0o600 });
  await giveTo(cluster.account, file);
}

async function giveTo({ ids }: PostgresAccount, path: string): Promise<void> {
  if (ids) await chown(path, ids.uid, ids.gid);
}
