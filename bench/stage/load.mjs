// The load of all contenders: 16 connections, each with the same requests from a place of its own.
import autocannon from 'autocannon';
import { cpuSeconds, cpuSecondsOfFamily, peakMemory } from './processes.mjs';

export const CONNECTIONS = 16;

function run(url, requests, seconds, onAnswer) {
  return new Promise((resolve, reject) => {
    let connection = 0;
    const instance = autocannon(
      {
        ...{ url, connections: CONNECTIONS, duration: seconds, timeout: 30 },
        setupClient(client) {
          const from = Math.floor((connection * requests.length) / CONNECTIONS);
          connection += 1;
          // Of its own: what is sent is kept in them.
          const own = [...requests.slice(from), ...requests.slice(0, from)];
          client.setRequests(own.map((request) => ({ ...request })));
        },
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
    instance.on('response', (_client, status, _bytes, ms) => onAnswer(status, ms));
  });
}

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** Asks for so many seconds after a warm-up. Throws when an answer is not the expected status. */
export async function measure({ url, pid }, requests, { seconds, postgresPid, status = 200 }) {
  await run(url, requests, Math.max(2, seconds / 3), () => {});
  const times = [];
  let wrong;
  const cpu = cpuSeconds(pid);
  const postgresCpu = cpuSecondsOfFamily(postgresPid);
  const startedMs = performance.now();
  await run(url, requests, seconds, (answered, ms) => {
    if (answered !== status) wrong = answered;
    times.push(ms);
  });
  if (wrong !== undefined) throw new Error(`${url} answered ${wrong} instead of ${status}.`);
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  times.sort((a, b) => a - b);
  const thousands = times.length / 1000;
  return {
    perSecond: times.length / elapsedSeconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    serverCpu: (cpuSeconds(pid) - cpu) / thousands,
    postgresCpu: (cpuSecondsOfFamily(postgresPid) - postgresCpu) / thousands,
    peakBytes: peakMemory(pid),
  };
}

/** The mean of several measurements of one thing; of memory the most. */
export function mean(results) {
  const average = (key) => results.reduce((sum, result) => sum + result[key], 0) / results.length;
  return {
    ...Object.fromEntries(
      ['perSecond', 'p50', 'p99', 'serverCpu', 'postgresCpu'].map((key) => [key, average(key)]),
    ),
    peakBytes: Math.max(...results.map(({ peakBytes }) => peakBytes)),
  };
}
