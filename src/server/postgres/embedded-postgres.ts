import { setTimeout as sleep } from 'node:timers/promises';
import { prepareDataDir } from '../data-dir';
import { type InstanceLock, joinInstance, takeInstanceLock } from './instance-lock';
import { createClusterOnce, openCluster } from './postgres-cluster';
import { createDatabaseOnce, embeddedDatabaseUrl } from './postgres-database';
import { keepClusterAlive } from './postgres-watch';
import { startCluster, stopCluster } from './postmaster';

/** Where the embedded PostgreSQL keeps its data; `settings` are lines of postgresql.conf that win over ours. */
export interface EmbeddedPostgresOptions {
  dataDir: string;
  settings?: Record<string, string>;
  log?: (line: string) => void;
  /** How long a server waits for the one before it to leave `dataDir`. */
  lockWaitMs?: number;
  /** Called when another process is waited for, perhaps several times: PostgreSQL that starts, or who has `dataDir`. */
  onWait?: () => void;
}

/** A running PostgreSQL and the way out of it; `stop` may be called any number of times. */
export interface EmbeddedPostgres {
  url: string;
  stop(): Promise<void>;
}

const JOIN_WAIT_MS = 120_000;
const RETRY_MS = 50;

/** Starts the PostgreSQL of `dataDir` for a server, which alone may own it; throws when another process does. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = await prepareDataDir(options.dataDir);
  const deadline = Date.now() + (options.lockWaitMs ?? 8_000);
  for (;;) {
    const lock = await takeInstanceLock(dataDir);
    if (lock) return runAsOwner({ ...options, dataDir }, lock);
    if (Date.now() >= deadline) break;
    options.onWait?.();
    await sleep(RETRY_MS);
  }
  throw new Error(
    `DATA_DIR ${dataDir} is in use by another Switchboard: stop that one, or give this one its own DATA_DIR and PORT.`,
  );
}

/** Lends a command line tool the PostgreSQL of `dataDir`: the server's while that runs, else one of its own. */
export async function useEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = await prepareDataDir(options.dataDir);
  const deadline = Date.now() + JOIN_WAIT_MS;
  while (Date.now() < deadline) {
    const lock = await takeInstanceLock(dataDir);
    if (lock) {
      const postgres = await runAsOwner({ ...options, dataDir }, lock);
      // A tool that borrowed this one meanwhile may finish first.
      return { ...postgres, stop: () => lock.guestsLeft().then(postgres.stop) };
    }
    const guest = await joinInstance(dataDir);
    if (guest)
      return { url: await embeddedDatabaseUrl(dataDir, guest.port), stop: async () => guest.leave() };
    await sleep(RETRY_MS);
  }
  throw new Error(`The Switchboard that uses DATA_DIR ${dataDir} does not answer: stop it and try again.`);
}

async function runAsOwner(options: EmbeddedPostgresOptions, lock: InstanceLock): Promise<EmbeddedPostgres> {
  const { dataDir, settings = {}, log = () => {}, onWait } = options;
  try {
    const cluster = await openCluster(dataDir, settings);
    if (await createClusterOnce(cluster)) log(`Made a PostgreSQL database in ${cluster.clusterDir}.`);
    const { port, isAdopted } = await startCluster(cluster, { onWait });
    if (isAdopted) log(`Found PostgreSQL still running in ${cluster.clusterDir}.`);
    const endWatch = keepClusterAlive(cluster, port, log);
    let stopped: Promise<void> | undefined;
    const stop = () => {
      lock.announce(null);
      stopped ??= endWatch()
        .then(() => stopCluster(cluster))
        .finally(lock.release);
      return stopped;
    };
    const url = await createDatabaseOnce(dataDir, port).catch((error) =>
      stop().then(() => Promise.reject(error)),
    );
    lock.announce(port);
    return { url, stop };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
