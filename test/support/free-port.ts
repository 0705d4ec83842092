import { once } from 'node:events';
import { createServer } from 'node:net';

// Below those that systems hand out, and that PostgreSQL is given: what is left for a while stays free.
const FIRST = 12_000;
const COUNT_PER_WORKER = 2_000;
const WORKERS_MAX = 4;

/** A port on loopback that nobody listens on, and that no other worker of this run is given. */
export async function freePort(): Promise<number> {
  const worker = Number(process.env.JEST_WORKER_ID ?? 0) % WORKERS_MAX;
  for (;;) {
    const port = FIRST + worker * COUNT_PER_WORKER + Math.floor(Math.random() * COUNT_PER_WORKER);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
