// Webhooks delivered to a local receiver, beside a bare loop of undici POSTs of the same bodies. The leads are written
// while nothing sends (ROLE=api); then a worker starts, and the time runs from its first request to its last: reading
// the change log, queueing, signing, sending and logging are in it.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContender } from '../stage/processes.mjs';

const require = createRequire(import.meta.url);
const { Agent, request } = require('undici');
const EVENTS = Number(process.env.EVENTS ?? 5_000);
const BULK = 1_000;
const ENDPOINTS = (process.env.ENDPOINTS ?? '1,10').split(',').map(Number);
const CONNECTIONS = 16;

/** A receiver that answers 204 and counts; `all(count)` waits for so many since the last call. */
async function startReceiver() {
  let arrived = 0;
  let firstMs = 0;
  let waiting = { count: 0, done: () => {} };
  let body = '';
  const server = createServer((incoming, outgoing) => {
    let text = '';
    incoming.on('data', (chunk) => {
      text += chunk;
    });
    incoming.on('end', () => {
      outgoing.writeHead(204).end();
      body = text;
      if (arrived === 0) firstMs = performance.now();
      arrived += 1;
      if (arrived === waiting.count) waiting.done(performance.now() - firstMs);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const all = (count) =>
    new Promise((done) => {
      arrived = 0;
      waiting = { count, done };
    });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    all,
    lastBody: () => body,
    close: () => server.close(),
  };
}

async function ask({ url, key }, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Starts the server in a role on the data of `dataDir`, and stops it after the work. */
async function withServer(dataDir, role, work) {
  const env = { DATA_DIR: dataDir, NODE_ENV: 'development', ROLE: role, WEBHOOK_ALLOW: '127.0.0.1/32' };
  const server = await startContender('ours.mjs', env);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function writeLeads(server, receiver, endpoints) {
  const create =
    'mutation M($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }';
  for (let at = 0; at < endpoints; at += 1) {
    await ask(server, create, {
      input: { name: `bench ${at}`, url: `${receiver.url}${at}`, events: ['lead.created'] },
    });
  }
  const bulk = 'mutation M($inputs: [CreateLeadInput!]!) { createLeads(inputs: $inputs) { created } }';
  for (let from = 0; from < EVENTS; from += BULK) {
    const inputs = Array.from({ length: Math.min(BULK, EVENTS - from) }, (_, at) => ({
      phone: `+1202${String(5_000_000 + from + at)}`,
    }));
    await ask(server, bulk, { inputs });
  }
}

async function ours(receiver, endpoints) {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  try {
    await withServer(dataDir, 'api', (server) => writeLeads(server, receiver, endpoints));
    const count = EVENTS * endpoints;
    const arrived = receiver.all(count);
    const ms = await withServer(dataDir, 'worker', () => arrived);
    return (count * 1000) / ms;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function bare(receiver, count) {
  const dispatcher = new Agent({ connections: CONNECTIONS });
  const body = receiver.lastBody();
  const arrived = receiver.all(count);
  let left = count;
  const loop = async () => {
    while (left > 0) {
      left -= 1;
      const answer = await request(receiver.url, { dispatcher, method: 'POST', body });
      await answer.body.dump();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, loop));
  const perSecond = (count * 1000) / (await arrived);
  await dispatcher.close();
  return perSecond;
}

/** All deliveries of a queue to so many endpoints. */
export async function webhooks() {
  const receiver = await startReceiver();
  const results = [];
  try {
    for (const endpoints of ENDPOINTS) {
      const own = await ours(receiver, endpoints);
      results.push({ endpoints, own, limit: await bare(receiver, EVENTS * endpoints) });
    }
  } finally {
    receiver.close();
  }
  return {
    tables: [
      results.map(({ endpoints, own, limit }) => ({
        endpoints,
        deliveries: (EVENTS * endpoints).toLocaleString('en'),
        'ours per second': Math.round(own),
        'bare undici per second': Math.round(limit),
        ratio: (own / limit).toFixed(2),
      })),
    ],
    targets: results.map(({ endpoints, own, limit }) => ({
      about: `deliveries per second to ${endpoints} of a bare loop`,
      value: own / limit,
      atLeast: 0.4,
    })),
  };
}
