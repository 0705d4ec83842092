import type { TestAccount } from '../support/account';
import { Conformance } from '../support/conformance';
import { openAccountFor } from '../support/dialect-account';
import { callOf, EACH_DIALECT, noteIds, routeOf, send } from '../support/dialect-client';
import { startTestServer, type TestServer } from '../support/server';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^(\d{4}-\d\d-\d\d|\d\d\/\d\d\/\d\d)([T ]|$)/;
const NUMBER_OF_RECORD = /^id$|_id$|[a-z]Id$|^(case|user|contact|company|rep|department|dep)id$/;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** A time in the same form: digits for digits, and either half of the day. */
function timeLike(text: string): RegExp {
  const form = text
    .replace(/[.+/]/g, '\\$&')
    .replace(/\d+(?=:)/g, '\\d{1,2}')
    .replace(/\d(?![^{]*})/g, '\\d')
    .replace(/[ap]m/, '[ap]m');
  return new RegExp(`^${form}$`);
}

/** What a documented value stands for: ids and times for any of their form, everything else for itself. */
function formOf(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => formOf(item));
  if (typeof value === 'number' && NUMBER_OF_RECORD.test(key)) return expect.any(Number);
  if (typeof value === 'string') {
    if (key === 'slug') return expect.stringMatching(new RegExp(`^${value.replace(/\d+/g, '\\d+')}$`));
    // Addresses of pages end with their slugs, below the address of the installation.
    const page = key === 'url' && /\/p\/[a-z-]+-(?=\d+$)/.exec(value)?.[0];
    if (page) return expect.stringMatching(new RegExp(`^http://crm\\.example\\.test${page}\\d+$`));
    if (key.startsWith('casenum')) return expect.stringMatching(/^[A-Z]{4}\d{4}$/);
    if (UUID.test(value)) return expect.stringMatching(UUID);
    return TIME.test(value) ? expect.stringMatching(timeLike(value)) : value;
  }
  if (value === null || typeof value !== 'object') return value;
  return expect.objectContaining(
    Object.fromEntries(Object.entries(value).map(([name, item]) => [name, formOf(item, name)])),
  );
}

describe.each(EACH_DIALECT)('%s', (_, dialect) => {
  const idsByName = new Map<string, string>();
  const conformance = new Conformance(dialect);
  let account: TestAccount;

  beforeAll(async () => {
    account = await openAccountFor(server, dialect);
  });

  test.each(dialect.examples.map((example) => [example.title, example] as const))(
    '%s',
    async (__, example) => {
      const response = await send(server.app, dialect, callOf(dialect, example, idsByName), account.key);
      const body = response.json();
      const documented = { status: example.response.status, body: formOf(example.response.body) };
      expect({ status: response.statusCode, body }).toEqual(documented);
      noteIds(example, body, idsByName);
      const { method, path } = routeOf(dialect, example);
      expect(conformance.faultOf({ method, path, status: response.statusCode, body })).toBeUndefined();
      if (response.statusCode >= 400) return;
      // What the schema does not know it leaves out, so this finds undocumented fields too.
      expect(routeOf(dialect, example).answer.parse(body)).toEqual(body);
    },
  );

  test('every operation has an example', () => {
    const shown = new Set(dialect.examples.map(({ operation }) => operation));
    expect(dialect.routes.filter(({ operation }) => !shown.has(operation))).toEqual([]);
  });
});
