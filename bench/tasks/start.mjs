// The start of the built server until it is ready, as `npm start` runs it once everything is installed and built.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../dist/src/index.js', import.meta.url));
const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));
const READY_WITHIN_MS = 60_000;
const STARTS = 3;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

const isReady = (port) =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Starts a program that ends with the bench. */
function startProgram(args, options) {
  const child = spawn(process.execPath, args, options);
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return child;
}

/** Starts the server, waits until it is ready, stops it, and answers the seconds until it was. */
async function secondsToReady(dataDir) {
  const port = await freePort();
  const begun = performance.now();
  const env = { ...process.env, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'error' };
  const child = startProgram([SERVER], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    while (!(await isReady(port))) {
      if (performance.now() - begun > READY_WITHIN_MS) throw new Error('The server was not ready in time.');
      await sleep(10);
    }
    return (performance.now() - begun) / 1000;
  } finally {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}

async function seed(dataDir, leads) {
  const env = { ...process.env, DATA_DIR: dataDir };
  const child = startProgram([CLI, 'seed', '--leads', String(leads)], { env, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The seed ended with ${code}.`);
}

/** The first start, which makes the database, and later ones with data. */
export async function start({ leads }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  try {
    const empty = await secondsToReady(dataDir);
    await seed(dataDir, leads);
    const later = [];
    for (let at = 0; at < STARTS; at += 1) later.push(await secondsToReady(dataDir));
    const withData = later.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)];
    const row = (name, seconds) => ({ start: name, 'seconds to ready': seconds.toFixed(2) });
    return {
      tables: [
        [row('empty folder, PostgreSQL made', empty), row(`${leads.toLocaleString('en')} leads`, withData)],
      ],
      targets: [{ about: 'seconds to ready with data', value: withData, atMost: 2 }],
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
