import type { TestAccount } from '../support/account';
import { callOf, EACH_DIALECT, noteIds, routeOf, send } from '../support/dialect-client';
import { startTestServer, type TestServer } from '../support/server';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** What a documented value stands for: ids and times for any of their form, everything else for itself. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(formOf);
  if (typeof value === 'string') {
    const form = [UUID, TIMESTAMP].find((one) => one.test(value));
    return form ? expect.stringMatching(form) : value;
  }
  if (value === null || typeof value !== 'object') return value;
  return expect.objectContaining(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, formOf(item)])),
  );
}

describe.each(EACH_DIALECT)('%s', (_, dialect) => {
  const idsByName = new Map<string, string>();
  let account: TestAccount;

  beforeAll(async () => {
    account = await server.openAccount();
  });

  test.each(dialect.examples.map((example) => [example.title, example] as const))(
    '%s',
    async (__, example) => {
      const response = await send(server.app, dialect, callOf(dialect, example, idsByName), account.key);
      const body = response.json();
      const documented = { status: example.response.status, body: formOf(example.response.body) };
      expect({ status: response.statusCode, body }).toEqual(documented);
      noteIds(body, idsByName);
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
