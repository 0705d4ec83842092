// Fan-out of one event to many subscribers of one process, beside a bare `ws` server that broadcasts the same bytes.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContender } from '../stage/processes.mjs';

const require = createRequire(import.meta.url);
const { WebSocket } = require('ws');
const SUBSCRIBERS = [1_000, 5_000, 10_000];
const TARGET_SUBSCRIBERS = 5_000;
const EVENTS = 20;
const CONNECTING_AT_ONCE = 200;
const QUERY = 'subscription { teamCreated { cursor team { id name } } }';

const start = (file, dataDir) =>
  startContender(file, { DATA_DIR: dataDir, NODE_ENV: 'development' }, { execArgv: ['--expose-gc'] });

/** The bytes that are held after a collection; the process has room for young ones besides, whoever is connected. */
async function heldBy({ child }) {
  child.send({ memory: true });
  const [{ held }] = await once(child, 'message');
  return held;
}

function connect(server, onEvent) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(
      `${server.url.replace('http', 'ws')}/graphql`,
      server.key && 'graphql-transport-ws',
      {
        perMessageDeflate: false,
      },
    );
    socket.on('error', reject);
    socket.on('open', () => {
      if (!server.key) return resolve(socket);
      socket.send(JSON.stringify({ type: 'connection_init', payload: { apiKey: server.key } }));
    });
    socket.on('message', (data) => {
      const text = String(data);
      if (!text.includes('"connection_ack"')) return onEvent(text);
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY } }));
      // The server takes messages of a socket in order: what answers the ping comes after the subscription.
      socket.send(JSON.stringify({ type: 'ping' }));
      return resolve(socket);
    });
  });
}

async function connectAll(server, count, onEvent) {
  const sockets = [];
  while (sockets.length < count) {
    const size = Math.min(CONNECTING_AT_ONCE, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: size }, () => connect(server, onEvent)))));
  }
  return sockets;
}

async function createTeam({ url, key }, name) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      query: 'mutation M($n: String!) { createTeam(input: { name: $n }) { id } }',
      variables: { n: name },
    }),
  });
  if (response.status !== 200) throw new Error(await response.text());
}

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** Sends events one after the other; each is waited for by all. `send` starts one and answers when it is on its way. */
async function measure(server, count, send) {
  let left = 0;
  let startedMs = 0;
  let done = () => {};
  let sample = '';
  const latencies = [];
  const onEvent = (text) => {
    if (!text.includes('bench')) return;
    sample ||= text;
    latencies.push(performance.now() - startedMs);
    left -= 1;
    if (left === 0) done();
  };
  const before = await heldBy(server);
  const sockets = await connectAll(server, count, onEvent);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const idleBytes = ((await heldBy(server)) - before) / count;
  let busyMs = 0;
  for (let event = 0; event <= EVENTS; event += 1) {
    const all = new Promise((resolve) => {
      done = resolve;
    });
    left = count;
    startedMs = performance.now();
    await send(event);
    await all;
    // The first one warms up.
    if (event === 0) latencies.length = 0;
    else busyMs += performance.now() - startedMs;
  }
  for (const socket of sockets) socket.terminate();
  latencies.sort((a, b) => a - b);
  return {
    perSecond: (count * EVENTS * 1000) / busyMs,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    idleBytes,
    sample,
  };
}

/** Events to so many subscribers of one process each. */
export async function fanOut() {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  const results = new Map();
  try {
    for (const count of SUBSCRIBERS) {
      const ours = await start('ours.mjs', dataDir);
      const own = await measure(ours, count, (event) => createTeam(ours, `bench ${event}`)).finally(
        ours.stop,
      );
      const bare = await start('bare-ws.mjs', dataDir);
      const limit = await measure(bare, count, (event) =>
        bare.child.send({ broadcast: own.sample.replace(/bench \d+/, `bench ${event}`) }),
      ).finally(bare.stop);
      results.set(count, { own, limit });
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
  const { own, limit } = results.get(TARGET_SUBSCRIBERS);
  return {
    tables: [[...results].map(([count, result]) => rowOf(count, result))],
    targets: [
      {
        about: `messages per second at ${TARGET_SUBSCRIBERS}, of a bare broadcast`,
        value: own.perSecond / limit.perSecond,
        atLeast: 0.5,
      },
      {
        about: 'KB of an idle subscription beyond its socket',
        value: (own.idleBytes - limit.idleBytes) / 1024,
        atMost: 15,
      },
    ],
  };
}

const both = (own, limit, digits = 0) => `${own.toFixed(digits)} / ${limit.toFixed(digits)}`;

function rowOf(count, { own, limit }) {
  return {
    'subscribers; ours / bare ws': count,
    'messages/s': both(own.perSecond, limit.perSecond),
    ratio: (own.perSecond / limit.perSecond).toFixed(2),
    'p50 ms': both(own.p50, limit.p50),
    'p99 ms': both(own.p99, limit.p99),
    'KB per idle one': both(own.idleBytes / 1024, limit.idleBytes / 1024, 1),
  };
}
