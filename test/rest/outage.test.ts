import { DomainError } from '../../src/domain/error';
import type { Dialect, Route } from '../../src/rest/dialect';
import { issueKey, type TestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { testDatabaseUrl } from '../support/database';
import { openAccountFor } from '../support/dialect-account';
import { EACH_DIALECT, expectRefusal, firstCallOf, send } from '../support/dialect-client';
import { startTestServer, type TestServer } from '../support/server';
import { TcpGate } from '../support/tcp-gate';

let gate: TcpGate;
let server: TestServer;
let account: TestAccount;

beforeAll(async () => {
  gate = await TcpGate.before(await testDatabaseUrl());
  server = await startTestServer({ databaseUrl: gate.url });
});

afterAll(async () => {
  await server.close();
  await gate.shut();
});

/** The routes whose first documented request is done; one that is refused for its form may ask no database. */
function reaching({ routes, examples }: Dialect): Route[] {
  const isDone = ({ operation: name }: Route) =>
    (examples.find(({ operation }) => operation === name)?.response.status ?? 0) < 400;
  return routes.filter(isDone);
}

describe.each(EACH_DIALECT)('%s', (_, dialect) => {
  beforeEach(async () => {
    account = await openAccountFor(server, dialect);
  });

  test('says that the database is away, and recovers by itself', async () => {
    const [known, fresh] = [account.key, await issueKey(account)];
    const routes = reaching(dialect);
    const calls = routes.map((route) => firstCallOf(dialect, route));
    await send(server.app, dialect, { method: 'GET', path: `${dialect.bases[0]}/no/such/path` }, known);
    await withoutChange(account, async () => {
      await gate.shut();
      // A key that was just in use is still known: then it is the route that finds no database.
      for (const route of routes) {
        // What is for every key may say only what is known of the key.
        for (const key of route.isForEveryKey ? [fresh] : [known, fresh]) {
          const response = await send(server.app, dialect, firstCallOf(dialect, route), key);
          expectRefusal(dialect, 'UNAVAILABLE', response);
          expect(response.headers['retry-after']).toBe('1');
          expect(response.body).not.toMatch(/ECONN|127\.0\.0\.1|select|connect /i);
        }
      }
      expect((await server.app.inject('/readyz')).statusCode).toBe(503);
      expect((await server.app.inject('/healthz')).statusCode).toBe(200);
    });
    await gate.reopen();
    const status = dialect.errors.UNAVAILABLE(new DomainError('UNAVAILABLE', 'sample')).status;
    for (const call of calls) {
      expect((await send(server.app, dialect, call, fresh)).statusCode).not.toBe(status);
    }
    expect((await server.app.inject('/readyz')).statusCode).toBe(200);
  });

  test('an error of the program is logged with its request and key, and tells the caller nothing', async () => {
    const key = await issueKey(account);
    await account.ctx.query('alter table api_key rename to api_key_elsewhere', []);
    try {
      for (const route of reaching(dialect)) {
        const headers = { 'x-request-id': `broken-${route.operation}` };
        const response = await send(server.app, dialect, { ...firstCallOf(dialect, route), headers }, key);
        expectRefusal(dialect, 'INTERNAL', response);
        expect(response.body).not.toMatch(/api_key|relation|select|QueryFailed|\.ts|\bat \//i);
        const [entry] = server.logged.filter(({ requestId }) => requestId === `broken-${route.operation}`);
        expect(JSON.stringify(entry)).toMatch(/relation \\"api_key\\" does not exist/);
      }
    } finally {
      await account.ctx.query('alter table api_key_elsewhere rename to api_key', []);
    }
    expect(JSON.stringify(server.logged)).not.toContain(key);
  });
});
