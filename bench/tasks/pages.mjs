// Pages of leads in accounts of 10,000, 100,000 and 1,000,000: the first, and the thousandth by its cursor.
import { randomUUID } from 'node:crypto';
import { CONTENDERS } from '../contenders/index.mjs';
import { mean, measure } from '../stage/load.mjs';
import { startContender } from '../stage/processes.mjs';
import { cursorBehind, post } from './graphql.mjs';

const SIZES = [10_000, 100_000, 1_000_000];
const PAGE = 50;
const DEEP_PAGE = 1_000;
const ROUNDS = 2;
const SECONDS = 5;
const QUERY = `query Page($after: String) { leads(first: ${PAGE}, after: $after) {
  nodes { id name phone email stage createdAt } pageInfo { hasNextPage endCursor } } }`;

// Ids grow with the time of making, as those of the product do.
const FILL = `
insert into lead (id, account_id, feed_id, first_name, last_name, phone, email, stage, created_at, updated_at)
select (lpad(to_hex(1700000000000 + n), 12, '0') || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid, $1, $2,
  'Lead', n::text, '+1' || (2000000000 + n), 'lead.' || n || '@example.com', 'prospect', now(), now()
from generate_series($3::bigint, $4::bigint) n`;
const BATCH = 50_000;

const NTH =
  'select id from lead where account_id = $1 and deleted_at is null order by id desc offset $2 limit 1';

/** An account with so many leads, and a key of it. */
async function openAccountOf({ connection, dist }, leads) {
  const { newAccountScope, openAccount } = dist('domain/account/account.service');
  const { systemContext } = dist('server/demo');
  const { apiKeys } = dist('domain/api-key/api-key.service');
  const { database } = connection;
  const scope = await newAccountScope(database.acrossAccounts, 'standalone');
  const ctx = systemContext(connection, scope, 'bench');
  await openAccount(ctx, { name: `Bench ${leads}`, slug: `bench-${randomUUID()}` });
  const store = database.ofAccount(scope.id);
  for (let from = 1; from <= leads; from += BATCH) {
    await store.query(FILL, [scope.id, scope.defaultFeedId, from, Math.min(from + BATCH - 1, leads)]);
  }
  const deep = Math.min(DEEP_PAGE, leads / PAGE);
  const [row] = await store.query(NTH, [scope.id, (deep - 1) * PAGE - 1]);
  const { key } = await apiKeys.create(ctx, { name: 'Bench' });
  return { leads, key, deep, cursor: cursorBehind(row.id) };
}

const asks = ({ key, deep, cursor }) => {
  const headers = { authorization: `Bearer ${key}` };
  return { 'page 1': post(QUERY, {}, headers), [`page ${deep}`]: post(QUERY, { after: cursor }, headers) };
};

/** How long a page takes, whatever the size of the account and however far into it. */
export async function pages(database) {
  const accounts = [];
  for (const leads of SIZES) accounts.push(await openAccountOf(database, leads));
  await database.connection.database.acrossAccounts.query('analyze lead', []);
  const results = new Map();
  const server = await startContender('ours.mjs', database.env, CONTENDERS.ours.options);
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const account of accounts) {
        for (const [page, request] of Object.entries(asks(account))) {
          const name = `${account.leads.toLocaleString('en')} leads, ${page}`;
          const { postgresPid } = database;
          const result = await measure(server, [request], { seconds: SECONDS, postgresPid });
          results.set(name, [...(results.get(name) ?? []), result]);
        }
      }
    }
  } finally {
    await server.stop();
  }
  const means = new Map([...results].map(([name, rounds]) => [name, mean(rounds)]));
  const p50 = (start) => [...means].find(([name]) => name.startsWith(start))[1].p50;
  return {
    notes: ['An account of 10,000 leads has 200 pages, so its last one stands for the thousandth.'],
    tables: [
      [...means].map(([name, result]) => ({
        list: name,
        'requests/s': Math.round(result.perSecond),
        'p50 ms': result.p50.toFixed(2),
        'p99 ms': result.p99.toFixed(2),
        'PostgreSQL CPU s per 1,000': result.postgresCpu.toFixed(2),
      })),
    ],
    targets: [
      {
        about: 'p50 of page 1 with 1,000,000 leads, of that with 10,000',
        value: p50('1,000,000 leads, page 1') / p50('10,000 leads, page 1'),
        atMost: 1.3,
      },
      {
        about: 'p50 of page 1,000 with 1,000,000 leads, of that of page 1',
        value: p50('1,000,000 leads, page 1000') / p50('1,000,000 leads, page 1'),
        atMost: 1.2,
      },
    ],
  };
}
