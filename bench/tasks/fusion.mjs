// The Fusion Calling contests: lookup by phone, and a batch of 100 leads. The keys take turns, so that none comes to
// the vendor's 100 requests a minute.
import { deepStrictEqual } from 'node:assert';
import { contest, ratioTo, tableOf } from '../stage/contest.mjs';
import { newPhone } from './phone.mjs';

const PATH = '/api/leads/external/v1/leads';
const NAMES = ['ours', 'bareFusion'];
const BATCH = 100;
const SECONDS = 5;

const lookupOf = ({ sample }, key, at) => ({
  ...{ method: 'GET', path: `${PATH}?phone=${encodeURIComponent(sample[at % sample.length].phone)}` },
  headers: { authorization: `Bearer ${key}` },
});

const batchOf = (key) => ({
  ...{ method: 'POST', path: PATH },
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  body: JSON.stringify({
    leads: Array.from({ length: BATCH }, () => ({
      name: 'Bench Lead',
      phone: newPhone(),
      email: 'bench@example.com',
    })),
  }),
});

/** A lead by its phone number. */
export async function lookup(database) {
  let expected;
  const results = await contest(database, {
    ...{ names: NAMES, seconds: SECONDS },
    requestsOf: () => database.keys.map((key, at) => lookupOf(database, key, at)),
    async check(name, { url }) {
      const { path, ...init } = lookupOf(database, database.key, 0);
      const answer = await (await fetch(url + path, init)).json();
      expected ??= answer;
      deepStrictEqual(answer, expected, `${name} answers otherwise`);
    },
  });
  return {
    tables: [tableOf(results)],
    targets: [{ about: 'of the bare handler', value: ratioTo(results, 'bareFusion'), atLeast: 0.7 }],
  };
}

/** 100 leads in one request. */
export async function batch(database) {
  const results = await contest(database, {
    ...{ names: NAMES, seconds: SECONDS, status: 201 },
    requestsOf() {
      let at = 0;
      const next = (request) => {
        at = (at + 1) % database.keys.length;
        return { ...request, ...batchOf(database.keys[at]) };
      };
      return [{ ...batchOf(database.key), setupRequest: next }];
    },
  });
  return {
    notes: ['Both write 100 leads and 100 change events and answer the leads; ours also checks them.'],
    tables: [tableOf(results)],
    targets: [{ about: 'of the bare handler', value: ratioTo(results, 'bareFusion'), atLeast: 0.5 }],
  };
}
