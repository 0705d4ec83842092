import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './postgres-cluster';
import { isClusterAlive, startCluster } from './postmaster';

const LOOK_MS = 500;
/** After a start that failed, as on a full disk. */
const RETRY_MS = 2_000;

/** Starts PostgreSQL again on its port whenever it has died; answers how to end that, behind a start under way. */
export function keepClusterAlive(
  cluster: Cluster,
  port: number,
  log: (line: string) => void,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number) => sleep(ms, undefined, { signal, ref: false }).catch(() => {});

  async function revive(): Promise<void> {
    log(`PostgreSQL has died: it is started again. See ${cluster.logFile}.`);
    while (!signal.aborted) {
      try {
        await startCluster(cluster, { onPort: port });
        return log('PostgreSQL runs again.');
      } catch (error) {
        log(`PostgreSQL does not start yet: ${(error as Error).message}`);
        await pause(RETRY_MS);
      }
    }
  }

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      await pause(LOOK_MS);
      if (!signal.aborted && !(await isClusterAlive(cluster))) await revive();
    }
  }

  const ended = watch();
  return () => {
    stopping.abort();
    return ended;
  };
}
