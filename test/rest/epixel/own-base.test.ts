import { createServer } from '../../../src/app';
import { loadConfig } from '../../../src/config';
import { epixelAliases } from '../../../src/rest/own-base';
import { createLogger } from '../../../src/server/log';
import { testStore, testVault } from '../../support/account';
import { answerOf, EpixelClient, refusal } from '../../support/epixel-client';
import { startTestServer, type TestServer } from '../../support/server';

let server: TestServer;
let client: EpixelClient;

beforeAll(async () => {
  server = await startTestServer({ epixelBase: '/backoffice/v2' });
  client = await EpixelClient.of(server, await server.openAccount());
});

afterAll(() => server.close());

const get = (host: string, url: string) => server.app.inject({ url, headers: { ...client.headers, host } });

test.each([
  ['crm.example.test', '/backoffice/v2/leads/list/'],
  ['crm.example.test', '/epixel/backoffice/v2/leads/list/'],
  ['epixel.example.test', '/backoffice/v2/leads/list/'],
  ['epixel.example.test', '/epixel/backoffice/v2/leads/list/'],
  ['crm.example.test', '/api/v1/leads/list/'],
])('%s%s is the list of leads', async (host, url) => {
  const response = await get(host, url);
  expect(answerOf(response)).toMatchObject({ status: 200, body: { data: { results: [], count: 0 } } });
});

test.each([
  ['crm.example.test', '/backoffice/v2/nothing/?a=1', '/backoffice/v2/nothing/'],
  ['epixel.example.test', '/backoffice/v2/nothing', '/backoffice/v2/nothing'],
  ['epixel.example.test', '/nothing', '/nothing'],
  ['crm.example.test', '/api/v1/leads/nothing', '/api/v1/leads/nothing'],
])('%s%s is told not to be there by the path that was asked for', async (host, url, path) => {
  expect(answerOf(await get(host, url))).toEqual(refusal(404, { detail: `No such operation: GET ${path}` }));
});

test.each([
  ['/v1', '/v1'],
  ['/v1/leads', '/v1'],
  ['/api', '/api/leads/external/v1'],
  ['/api/calendar/external/v1', '/api/calendar/external/v1'],
  ['/graphql', '/graphql'],
  ['/docs/crm', '/docs'],
  ['/p', '/p'],
  ['/u/x', '/u'],
  ['/mail', '/mail'],
  ['/healthz', '/healthz'],
  ['/readyz', '/readyz'],
  ['/fusion', '/fusion'],
  ['/callingly/v1', '/callingly'],
  ['/epixel/v2', '/epixel'],
  ['/api/v2', '/api/v2/contacts'],
  ['/imports', '/imports'],
  ['/exports/x', '/exports'],
  ['/feedback', '/feedback'],
])('the start is refused with EPIXEL_BASE %s, which collides with %s', async (base, taken) => {
  const config = loadConfig({ EPIXEL_BASE: base });
  const connection = { database: await testStore(), vault: testVault, close: async () => {} };
  await expect(createServer({ config, connection, logger: createLogger('silent') })).rejects.toThrow(
    new Error(`EPIXEL_BASE must not be ${base}: ${taken} is taken. Choose a path like /backoffice/v2.`),
  );
});

test('the documented base needs no other name', () => expect(epixelAliases('/api/v1')).toEqual({}));

test.each(['/backoffice/v2', '/api/v3', '/v1x', '/public', '/docsy'])('%s is free', (base) => {
  expect(epixelAliases(base)).toEqual({ [base]: '/epixel/api/v1', [`/epixel${base}`]: '/epixel/api/v1' });
});
