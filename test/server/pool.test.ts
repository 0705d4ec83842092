import { Client } from 'pg';
import { openTestAccount } from '../support/account';
import { ownDatabaseUrl } from '../support/database';
import { startLiveServer } from '../support/live-server';

const CREATE = 'mutation ($phone: String!) { createLead(input: { phone: $phone }) { id } }';
/** Connections of a live server with a database of its own. */
const POOL = 4;

test('a pool that is used up: who finds no connection is told so within seconds, and it is as before when one is free', async () => {
  const databaseUrl = await ownDatabaseUrl();
  const server = await startLiveServer({ databaseUrl });
  const account = await openTestAccount({ store: server.database });
  const create = async (number: number) => {
    const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
        accept: 'application/graphql-response+json',
      },
      body: JSON.stringify({ query: CREATE, variables: { phone: `+1202${5_550_000 + number}` } }),
    });
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    return {
      code: errors?.[0]?.extensions.code,
      retryAfter: response.headers.get('retry-after'),
      status: response.status,
    };
  };
  expect((await create(0)).code).toBeUndefined();
  const blocker = new Client({ connectionString: databaseUrl });
  await blocker.connect();
  await blocker.query('begin; lock table lead in access exclusive mode');
  const answers = Array.from({ length: 3 * POOL }, (_, at) => create(at + 1));
  const firstRefusal = await Promise.any(
    answers.map(async (one) => ((await one).code ? one : Promise.reject(new Error('done')))),
  );
  expect(firstRefusal).toEqual({ code: 'UNAVAILABLE', retryAfter: '1', status: 503 });
  expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
  await blocker.query('commit');
  await blocker.end();
  const all = await Promise.all(answers);
  const done = all.filter(({ code }) => code === undefined).length;
  expect(done).toBeGreaterThanOrEqual(POOL);
  const rows = await account.ctx.query('select 1 from lead where account_id = $1', [account.ctx.account.id]);
  expect(rows).toHaveLength(1 + done);
  expect((await create(100)).code).toBeUndefined();
  await server.close();
});
