import { type AuditResult, serverAudits } from 'graphql-http';
import { openTestAccount } from '../support/account';
import { Door } from './door';

let door: Door;
let headers: Record<string, string>;
let url: string;

beforeAll(async () => {
  door = await Door.open();
  headers = { authorization: `Bearer ${(await openTestAccount()).key}` };
  url = `${await door.app.listen({ port: 0, host: '127.0.0.1' })}/graphql`;
});
afterAll(() => door.close());

/** Results of the audits of GraphQL over HTTP, with these headers in each of their requests. */
async function audit(more: Record<string, string>): Promise<AuditResult[]> {
  const fetchFn = (address: string, { headers: own, ...options }: RequestInit = {}) =>
    fetch(address, { ...options, headers: { ...own, ...headers, ...more } });
  const results: AuditResult[] = [];
  for (const one of serverAudits({ url, fetchFn })) results.push(await one.fn());
  return results;
}

const problemsOf = (results: AuditResult[]) =>
  results.flatMap(({ status, id, name }) => (status === 'ok' ? [] : [`${status} ${id}: ${name}`]));

test('all 61 audits of GraphQL over HTTP pass', async () => {
  const results = await audit({ 'apollo-require-preflight': 'true' });
  expect(results).toHaveLength(61);
  expect(problemsOf(results)).toEqual([]);
});

const JSON_VARIABLES = 'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting';

test('without the header that other sites cannot send, GET is refused, and nothing else', async () => {
  const results = await audit({});
  expect(results).toHaveLength(61);
  expect(problemsOf(results)).toEqual([
    'notice 5A70: MAY accept application/x-www-form-urlencoded formatted GET requests',
    `notice D6D5: ${JSON_VARIABLES} application/graphql-response+json`,
    `notice 6A70: ${JSON_VARIABLES} application/json`,
  ]);
});
