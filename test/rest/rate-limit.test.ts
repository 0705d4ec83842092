import { DomainError } from '../../src/domain/error';
import type { Quota, RateLimit } from '../../src/domain/rate-limit';
import type { Dialect } from '../../src/rest/dialect';
import { issueKey, type TestAccount } from '../support/account';
import { openAccountFor } from '../support/dialect-account';
import { type Call, EACH_DIALECT, expectRefusal, firstCallOf, send } from '../support/dialect-client';
import { startTestServer, type TestServer } from '../support/server';

/** So many requests come at once; more would only wait for connections. */
const AT_ONCE = 200;

let server: TestServer;
let account: TestAccount;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** Rows for `describe.each`: each limit of a dialect with a call that counts towards it. */
function eachLimit(dialect: Dialect): [string, RateLimit, Call][] {
  const unknown: Call = { method: 'GET', path: `${dialect.bases[0]}/no/such/path` };
  const rows = new Map<string, [string, RateLimit, Call]>();
  const add = (limit: RateLimit, call: Call) => rows.set(limit.bucket, [limit.bucket, limit, call]);
  add(dialect.rateLimit, unknown);
  for (const route of dialect.routes) add(route.rateLimit ?? dialect.rateLimit, firstCallOf(dialect, route));
  return [...rows.values()];
}

describe.each(EACH_DIALECT)('%s', (_, dialect) => {
  beforeEach(async () => {
    account = await openAccountFor(server, dialect);
  });

  const statusOfRefusal = dialect.errors.RATE_LIMITED(new DomainError('RATE_LIMITED', 'sample')).status;

  const isAdmitted = async (call: Call, key = account.key) =>
    (await send(server.app, dialect, call, key)).statusCode !== statusOfRefusal;

  const askAll = async (calls: Call[]) => {
    const answers: boolean[] = [];
    for (let at = 0; at < calls.length; at += AT_ONCE)
      answers.push(...(await Promise.all(calls.slice(at, at + AT_ONCE).map((call) => isAdmitted(call)))));
    return answers;
  };

  const countAdmitted = async (call: Call, times: number) => {
    const answers = await askAll(Array<Call>(times).fill(call));
    return answers.filter(Boolean).length;
  };

  describe.each(eachLimit(dialect))('%s', (bucket, { limit, windowSeconds }, call) => {
    const windowMs = windowSeconds * 1000;

    test('counts down in the headers and then refuses until the first request leaves the window', async () => {
      const resetAtMs = server.clock.at.getTime() + windowMs;
      const quota: Quota = { isAllowed: true, limit, remaining: limit, resetAtMs };
      // Some one after the other, the rest at once.
      const half = Math.floor(Math.min(limit, 60) / 2);
      for (let remaining = limit - 1; remaining >= limit - half; remaining--) {
        const { statusCode, headers } = await send(server.app, dialect, call, account.key);
        expect(statusCode).not.toBe(statusOfRefusal);
        expect(headers).toMatchObject(lowerCase(dialect.quotaHeaders({ ...quota, remaining })));
      }
      expect(await countAdmitted(call, limit - half)).toBe(limit - half);
      server.clock.advance(13_000);
      const retryAfterSeconds = windowSeconds - 13;
      const error = new DomainError('RATE_LIMITED', `Too many requests. Limit: ${limit}.`, {
        retryAfterSeconds,
      });
      const refusal = dialect.errors.RATE_LIMITED(error, { ...quota, isAllowed: false, remaining: 0 });
      const refused = await send(server.app, dialect, call, account.key);
      expectRefusal(dialect, 'RATE_LIMITED', refused);
      expect(refused.json()).toEqual(refusal.body);
      expect(refused.headers).toMatchObject(
        lowerCase({ ...refusal.headers, ...dialect.quotaHeaders({ ...quota, remaining: 0 }) }),
      );
      server.clock.advance(retryAfterSeconds * 1000 - 1);
      expect(await isAdmitted(call)).toBe(false);
      server.clock.advance(1);
      expect(await isAdmitted(call)).toBe(true);
    });

    test('admits exactly the limit of requests that come at once', async () => {
      expect(await countAdmitted(call, limit + 20)).toBe(limit);
    });

    test('slides: what left the window is free again, and no more', async () => {
      const early = Math.floor(limit / 3);
      expect(await countAdmitted(call, early)).toBe(early);
      server.clock.advance(windowMs / 2);
      expect(await countAdmitted(call, limit)).toBe(limit - early);
      server.clock.advance(windowMs / 2 - 1);
      expect(await countAdmitted(call, limit)).toBe(0);
      server.clock.advance(1);
      expect(await countAdmitted(call, limit)).toBe(early);
    });

    test('is of the key alone, or of the agent', async () => {
      const { accessToken } = dialect;
      const otherKey = accessToken ? (await openAccountFor(server, dialect)).key : await issueKey(account);
      await countAdmitted(call, limit);
      expect(await isAdmitted(call)).toBe(false);
      expect(await isAdmitted(call, otherKey)).toBe(true);
    });

    test('leaves the other limits of the key alone', async () => {
      await countAdmitted(call, limit);
      for (const [otherBucket, , otherCall] of eachLimit(dialect)) {
        expect(await isAdmitted(otherCall)).toBe(otherBucket !== bucket);
      }
    });
  });

  test('routes of one bucket count together', async () => {
    const [route] = dialect.routes;
    const { bucket, limit } = route?.rateLimit ?? dialect.rateLimit;
    // Logins have a limit besides, which is lower.
    const same = dialect.routes.filter(
      (one) => (one.rateLimit ?? dialect.rateLimit).bucket === bucket && !one.isWithoutSession,
    );
    const calls = same.map((one) => firstCallOf(dialect, one));
    const upToLimit = Array.from({ length: limit }, (_, at) => calls[at % calls.length] as Call);
    expect(await askAll(upToLimit)).toEqual(upToLimit.map(() => true));
    expect(await askAll(calls)).toEqual(calls.map(() => false));
  });
});

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
