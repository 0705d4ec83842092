// The GraphQL contests: nested leads, one lead, a new lead.
import { deepStrictEqual } from 'node:assert';
import { contest, ratioTo, tableOf } from '../stage/contest.mjs';
import { ASK, learnCursor, plain } from './graphql.mjs';

const PEERS = ['mercurius', 'postgraphile', 'yoga', 'naive'];
const CHECKED = 3;
const SECONDS = 5;

async function askOf(name, { url }, { account, key }) {
  const pgCursorBehind = name === 'postgraphile' ? await learnCursor(url, account) : undefined;
  return ASK[name]({ account, key, pgCursorBehind });
}

async function answerTo({ url }, { path, ...init }) {
  const answer = await fetch(url + path, init);
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return plain(data);
}

/** Throws unless a contender answers as ours does, which comes first. */
function equality(kind, database) {
  const expected = [];
  return async (name, server) => {
    const ask = await askOf(name, server, database);
    for (const [at, row] of database.sample.slice(0, CHECKED).entries()) {
      const answer = await answerTo(server, ask[kind](row));
      expected[at] ??= answer;
      deepStrictEqual(answer, expected[at], `${name} answers otherwise`);
    }
  };
}

async function run(kind, database, names, check) {
  return contest(database, {
    ...{ names, seconds: SECONDS, check },
    requestsOf: async (name, server) => {
      const ask = await askOf(name, server, database);
      // A new lead is another one each time.
      if (kind === 'create')
        return [{ ...ask.create(), setupRequest: (request) => ({ ...request, ...ask.create() }) }];
      return database.sample.map((row) => ask[kind](row));
    },
  });
}

const cpuOf = ({ serverCpu, postgresCpu }) => serverCpu + postgresCpu;

/** 50 leads with team, owner, notes, calls with agents, appointments. */
export async function nested(database) {
  const names = ['ours', 'limit', ...PEERS];
  const results = await run('nested', database, names, equality('nested', database));
  const leastCpu = Math.min(...PEERS.map((name) => cpuOf(results[name])));
  return {
    tables: [tableOf(results)],
    targets: [
      { about: 'requests per second, of `limit`', value: ratioTo(results, 'limit'), atLeast: 0.8 },
      { about: 'of PostGraphile', value: ratioTo(results, 'postgraphile'), atLeast: 2 },
      { about: 'of `naive`', value: ratioTo(results, 'naive'), atLeast: 3 },
      { about: 'of Mercurius', value: ratioTo(results, 'mercurius'), atLeast: 1 },
      {
        about: 'CPU per request (server and PostgreSQL), of the peer with the least',
        value: cpuOf(results.ours) / leastCpu,
        atMost: 1,
      },
    ],
  };
}

/** One lead by its id. */
export async function one(database) {
  const results = await run('one', database, ['ours', 'limit', ...PEERS], equality('one', database));
  return {
    tables: [tableOf(results)],
    targets: [{ about: 'of `limit`', value: ratioTo(results, 'limit'), atLeast: 0.6 }],
  };
}

/** A new lead. Ours checks it, finds duplicates and writes its change event; the others insert one row. */
export async function create(database) {
  const results = await run('create', database, ['ours', 'limit', ...PEERS]);
  return {
    notes: [
      'Ours also checks the input, refuses duplicates, and writes the change event; the others insert one row.',
    ],
    tables: [tableOf(results)],
    targets: [{ about: 'of `limit`', value: ratioTo(results, 'limit'), atLeast: 0.5 }],
  };
}
