// A contest: every contender does the same work, one after the other, twice.
import { CONTENDERS } from '../contenders/index.mjs';
import { CONNECTIONS, mean, measure } from './load.mjs';
import { startContender } from './processes.mjs';

const ROUNDS = 2;

/**
 * Runs a contest. `requestsOf` makes the requests of a contender that has started; `check` throws when its answers
 * are not those of the others. Answers the mean of the rounds by contender.
 */
export async function contest(database, { names, seconds, status, requestsOf, check = async () => {} }) {
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { file, options } = CONTENDERS[name];
      const server = await startContender(file, database.env, options);
      try {
        await check(name, server);
        const requests = await requestsOf(name, server);
        const { postgresPid } = database;
        results[name].push(await measure(server, requests, { seconds, postgresPid, status }));
      } finally {
        await server.stop();
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, mean(results[name])]));
}

const milliseconds = (value) => value.toFixed(value < 10 ? 2 : 1);

/** The rows of a contest's table, ours first. */
export function tableOf(results) {
  return Object.entries(results).map(([name, result]) => ({
    [`${CONNECTIONS} connections`]: CONTENDERS[name].title,
    'requests/s': Math.round(result.perSecond),
    'of ours': (result.perSecond / results.ours.perSecond).toFixed(2),
    'p50 ms': milliseconds(result.p50),
    'p99 ms': milliseconds(result.p99),
    'CPU s per 1,000: server': result.serverCpu.toFixed(2),
    PostgreSQL: result.postgresCpu.toFixed(2),
    'peak MB': Math.round(result.peakBytes / 1024 ** 2),
  }));
}

/** How much of another contender's requests per second ours answers. */
export function ratioTo(results, name) {
  return results.ours.perSecond / results[name].perSecond;
}
