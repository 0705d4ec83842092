import { generateKey } from '../../src/domain/api-key/api-key.rules';
import { apiKeys } from '../../src/domain/api-key/api-key.service';
import { DomainError } from '../../src/domain/error';
import type { Dialect } from '../../src/rest/dialect';
import { issueKey, type TestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { openAccountFor } from '../support/dialect-account';
import { EACH_DIALECT, eachRoute, expectRefusal, firstCallOf, send } from '../support/dialect-client';
import { startTestServer, type TestServer } from '../support/server';

const BODY_MAX_BYTES = 1_048_576;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

let server: TestServer;
let account: TestAccount;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** The same path, with a slash at its end or without. */
function otherSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
}

/** Whether an operation of the dialect stands at the path, which then is not unknown. */
function isRoute({ routes }: Dialect, path: string): boolean {
  const formOf = (known: string) => new RegExp(`^${known.replace(/\{\w+\}/g, '[^/]+')}/?$`);
  return routes.some((route) => formOf(route.path).test(path.split('?')[0] as string));
}

async function endedKeys(): Promise<Record<string, string | undefined>> {
  const { ctx } = account;
  const revoked = await apiKeys.create(ctx, { name: 'revoked' });
  await apiKeys.revoke(ctx, revoked.apiKey.id);
  const expired = await apiKeys.create(ctx, { name: 'expired', expiresAt: ctx.instant() });
  return {
    ...{ none: undefined, nonsense: 'nonsense', unknown: generateKey('sb_test') },
    ...{ revoked: revoked.key, expired: expired.key },
  };
}

describe.each(EACH_DIALECT)('%s', (_, dialect) => {
  beforeEach(async () => {
    account = await openAccountFor(server, dialect);
  });

  describe.each(eachRoute(dialect))('%s', (__, route) => {
    const call = firstCallOf(dialect, route);

    test('refuses a key that is missing, nonsense, unknown, revoked or expired', async () => {
      const keys = await endedKeys();
      await withoutChange(account, async () => {
        for (const key of Object.values(keys)) {
          expectRefusal(dialect, 'UNAUTHENTICATED', await send(server.app, dialect, call, key));
        }
      });
    });

    test('takes the key in every documented place', async () => {
      for (const credential of dialect.credentials) {
        const response = await send(server.app, dialect, call, account.key, credential);
        // Some dialects answer other failures with the same status.
        expect(response.json()).not.toEqual(
          dialect.errors.UNAUTHENTICATED(new DomainError('UNAUTHENTICATED', 'sample')).body,
        );
      }
    });

    const title = route.isForEveryKey ? 'takes a key of any scope' : 'refuses a key without the scope';
    test(`${title}, wherever it is addressed`, async () => {
      const key = await issueKey(account, ['apiKeys:read']);
      const [path = '', query] = call.path.split('?');
      const tail = query === undefined ? '' : `?${query}`;
      const calls = [
        call,
        { ...call, path: otherSlash(path) + tail },
        { ...call, path: `/${dialect.name}${call.path}` },
        { ...call, path: `/${dialect.name}${otherSlash(path)}${tail}` },
        { ...call, headers: { host: `${dialect.name}.example.test` } },
        { ...call, headers: { host: `${dialect.name.toUpperCase()}.example.test:4000` } },
        { ...call, path: `/${dialect.name}${call.path}`, headers: { host: `${dialect.name}.example.test` } },
      ];
      await withoutChange(account, async () => {
        for (const one of calls) {
          const response = await send(server.app, dialect, one, key);
          if (route.isForEveryKey) {
            expect(response.statusCode).toBe(200);
            continue;
          }
          expectRefusal(dialect, 'FORBIDDEN', response);
          expect(response.body).toMatch(/lacks the scope/);
        }
      });
    });

    test('answers the request id that it was given', async () => {
      const headers = { 'x-request-id': 'request-7' };
      const response = await send(server.app, dialect, { ...call, headers }, account.key);
      expect(response.headers['x-request-id']).toBe('request-7');
    });
  });

  describe.each(eachRoute(dialect).filter(([, { body }]) => body))('%s', (__, route) => {
    const call = firstCallOf(dialect, route);

    test.each([
      ['no body', undefined, {}],
      ['an empty body', '', {}],
      ['half of a JSON text', '{"name": "Jo', {}],
      ['null', 'null', {}],
      ['a list', '[]', {}],
      ['a text', '"name"', {}],
      ['a key that would poison objects', '{"__proto__": {"name": "Jo"}}', {}],
      ['another content type', '<lead/>', { 'content-type': 'application/xml' }],
      ['no content type', 'name', { 'content-type': '' }],
    ])('refuses %s', async (___, payload, headers) => {
      const response = await withoutChange(account, () =>
        send(server.app, dialect, { ...call, body: undefined, payload, headers }, account.key),
      );
      expectRefusal(dialect, 'INVALID', response, route);
    });

    test('refuses lists and objects within each other, with an Idempotency-Key too', async () => {
      const payload = `{"name":${'['.repeat(100_000)}1${']'.repeat(100_000)}}`;
      await withoutChange(account, async () => {
        for (const headers of [{}, { 'idempotency-key': 'deep' }] as Record<string, string>[]) {
          const deep = { ...call, body: undefined, payload, headers };
          expectRefusal(dialect, 'INVALID', await send(server.app, dialect, deep, account.key), route);
        }
      });
    });

    test('refuses a body of more than 1 MB, and reads one of 1 MB', async () => {
      const bodyOf = (bytes: number) => ({ ...call, payload: `"${'x'.repeat(bytes - 2)}"` });
      await withoutChange(account, async () => {
        const tooLarge = await send(server.app, dialect, bodyOf(BODY_MAX_BYTES + 1), account.key);
        expectRefusal(dialect, 'PAYLOAD_TOO_LARGE', tooLarge);
        const largest = await send(server.app, dialect, bodyOf(BODY_MAX_BYTES), account.key);
        expectRefusal(dialect, 'INVALID', largest, route);
      });
    });
  });

  test.each([...dialect.bases, `/${dialect.name}`])('answers unknown paths below %s', async (base) => {
    const paths = [base, `${base}/`, `${base}/no/such/path`, `${base}/%zz`, `${base}/%C3%28?a=%zz`];
    for (const path of paths.filter((one) => !isRoute(dialect, one))) {
      for (const method of METHODS) {
        const call = { method, path, ...(method !== 'GET' && { payload: '{"half": ' }) };
        expectRefusal(dialect, 'UNAUTHENTICATED', await send(server.app, dialect, call));
        expectRefusal(dialect, 'NOT_FOUND', await send(server.app, dialect, call, await issueKey(account)));
      }
    }
  });

  test.each([...new Set(dialect.routes.map(({ path }) => path))])(
    'answers other methods of %s',
    async (path) => {
      const known = dialect.routes.filter((route) => route.path === path).map(({ method }) => String(method));
      for (const method of METHODS.filter((one) => !known.includes(one))) {
        for (const prefix of ['', `/${dialect.name}`]) {
          const call = { method, path: prefix + path.replace(/\{\w+\}/g, '1') };
          const response = await send(server.app, dialect, call, account.key);
          const { otherMethod } = dialect;
          if (!otherMethod) expectRefusal(dialect, 'NOT_FOUND', response);
          else {
            const { status, body } = otherMethod(method);
            expect({ status: response.statusCode, body: response.json() }).toEqual({ status, body });
            expectRefusal(dialect, 'UNAUTHENTICATED', await send(server.app, dialect, call));
          }
        }
      }
    },
  );

  const routesWithIds = eachRoute(dialect).filter(([, { path }]) => path.includes('{'));
  if (routesWithIds.length > 0)
    test.each(routesWithIds)('%s answers an id that is none', async (__, route) => {
      const known = firstCallOf(dialect, route);
      for (const id of ['1', '%zz', '%00', encodeURIComponent('å/b?'), 'x'.repeat(10_000)]) {
        const call = { ...known, path: route.path.replace(/\{\w+\}/g, id) };
        const response = await withoutChange(account, () => send(server.app, dialect, call, account.key));
        expectRefusal(dialect, 'NOT_FOUND', response);
      }
    });
});
