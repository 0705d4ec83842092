import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from './postgres-account';
import { type Cluster, writeSettings } from './postgres-cluster';

const INTERLOCK_MESSAGES = /could not bind|lock file|shared memory block/;
const MAX_STARTS = 8;
const MAX_WAIT_MS = 120_000;
// Below those that systems hand out, so that who listens or connects while PostgreSQL is dead does not get its port.
const FIRST_PORT = 20_000;
const PORTS = 10_000;
const PORTS_TRIED = 100;

/**
 * Starts PostgreSQL, or adopts the one that a killed process left running; answers with its port, which is a free one
 * unless it is given.
 */
export async function startCluster(
  cluster: Cluster,
  { onPort, onWait }: { onPort?: number; onWait?: (() => void) | undefined } = {},
): Promise<{ port: number; isAdopted: boolean }> {
  for (let start = 1; ; start += 1) {
    const running = await findRunning(cluster);
    if (running !== null) return { port: running, isAdopted: true };
    const port = onPort ?? (await findFreePort());
    await writeSettings(cluster, port);
    try {
      const started = pgCtl(cluster, 'start', '-s', '-w', '-t', '600');
      onWait?.();
      await started;
      return { port, isAdopted: false };
    } catch (error) {
      // The port was taken in between, or what a killed process left behind is still on its way out.
      const isPassing = INTERLOCK_MESSAGES.test((error as Error).message);
      if (!isPassing || start === MAX_STARTS) throw error;
      await sleep(start * 100);
    }
  }
}

/** Whether PostgreSQL lives, also one that still starts or stops. */
export async function isClusterAlive(cluster: Cluster): Promise<boolean> {
  const running = await readPidFile(cluster);
  return running !== null && isPostmaster(running.pid, cluster);
}

/** Stops PostgreSQL, rolling back what is still open; does nothing when it does not run. */
export async function stopCluster(cluster: Cluster): Promise<void> {
  const running = await readPidFile(cluster);
  if (!running || !isPostmaster(running.pid, cluster)) return;
  try {
    await pgCtl(cluster, 'stop', '-s', '-w', '-m', 'fast', '-t', '60');
  } catch {
    await pgCtl(cluster, 'stop', '-s', '-w', '-m', 'immediate', '-t', '60');
  }
}

// Outlives the terminal: Ctrl-C is for the server, which stops PostgreSQL after its last request.
function pgCtl(
  { account, programs, clusterDir, logFile }: Cluster,
  verb: string,
  ...args: string[]
): Promise<void> {
  return runProgram(account, [programs.pgCtl, verb, '-D', clusterDir, ...args], logFile, {
    outlivesTerminal: true,
  });
}

async function findRunning(cluster: Cluster): Promise<number | null> {
  const deadline = Date.now() + MAX_WAIT_MS;
  for (;;) {
    const running = await readPidFile(cluster);
    if (!running) return null;
    if (!isPostmaster(running.pid, cluster)) {
      // A killed postmaster leaves its file, and its process id may belong to somebody else by now.
      await rm(join(cluster.clusterDir, 'postmaster.pid'), { force: true });
      return null;
    }
    if (running.status === 'ready') return running.port;
    if (Date.now() > deadline) {
      throw new Error(
        `PostgreSQL (process ${running.pid}) neither starts nor stops: see ${cluster.logFile}.`,
      );
    }
    await sleep(50);
  }
}

// The lines of postmaster.pid: process id, directory, start time, port, socket directory, address, memory key, status.
async function readPidFile({ clusterDir }: Cluster) {
  const file = join(clusterDir, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  const lines = text?.split('\n').map((line) => line.trim());
  return lines ? { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7] ?? 'starting' } : null;
}

function isPostmaster(pid: number, { clusterDir }: Cluster): boolean {
  if (!(pid > 0)) return false;
  if (process.platform === 'linux') {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(clusterDir);
    } catch {
      // It is gone, be it since a moment ago.
      return false;
    }
  }
  if (process.platform === 'win32') return isAlive(pid);
  const command = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  return command.stdout.includes(clusterDir);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function findFreePort(): Promise<number> {
  for (let left = PORTS_TRIED; left > 0; left -= 1) {
    const port = FIRST_PORT + randomInt(PORTS);
    if (await isFree(port)) return port;
  }
  throw new Error(`PostgreSQL finds no free port on 127.0.0.1 from ${FIRST_PORT} on.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
