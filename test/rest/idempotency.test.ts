import type { LightMyRequestResponse } from 'fastify';
import { ANSWER_KEPT_HOURS } from '../../src/domain/idempotency';
import type { Dialect, Example } from '../../src/rest/dialect';
import { purgeAnswers } from '../../src/server/retention';
import { issueKey, type TestAccount } from '../support/account';
import { stateOf, withoutChange } from '../support/account-state';
import { openAccountFor } from '../support/dialect-account';
import {
  type Call,
  callOf,
  EACH_DIALECT,
  expectRefusal,
  noteIds,
  routeOf,
  send,
} from '../support/dialect-client';
import { HeldWrites } from '../support/held-writes';
import { startTestServer, type TestServer } from '../support/server';

/** Between two pairs of requests, so that no limit of a dialect is met. */
const PAUSE_MS = 12_000;
const KEPT_MS = ANSWER_KEPT_HOURS * 3_600_000;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

const keyed = (call: Call, key: string): Call => ({
  ...call,
  headers: { ...call.headers, 'idempotency-key': key },
});

const isReplayed = ({ headers }: LightMyRequestResponse) => headers['idempotency-replayed'] === 'true';

const answerOf = ({ statusCode, rawPayload, headers }: LightMyRequestResponse) => ({
  status: statusCode,
  bytes: rawPayload.toString('base64'),
  type: headers['content-type'],
});

const isWrite = (dialect: Dialect, example: Example) => routeOf(dialect, example).method !== 'GET';

/** A documented write that succeeds in a new account. */
function writeOf(dialect: Dialect): Call {
  const example = dialect.examples.find((one) => {
    const isFree = !JSON.stringify(one.request).includes('{id of ') && one.request.body !== undefined;
    return (
      isFree && one.response.status < 400 && isWrite(dialect, one) && !routeOf(dialect, one).isWithoutSession
    );
  });
  if (!example) throw new Error(`${dialect.name} has no example of such a write`);
  return callOf(dialect, example);
}

/** How many events there are in all accounts: an agency may write something of its client's. */
async function eventCount(): Promise<number> {
  const text = 'select count(*)::int as "count" from change_event';
  return (await server.database.acrossAccounts.query<{ count: number }>(text, []))[0]?.count ?? 0;
}

/** Sends again what was done already, and proves that nothing comes of it. */
async function again<T>(account: TestAccount, work: () => Promise<T>): Promise<T> {
  const events = await eventCount();
  const result = await withoutChange(account, work);
  expect(await eventCount()).toBe(events);
  return result;
}

describe.each(EACH_DIALECT)('%s', (_, dialect) => {
  describe('the documented requests', () => {
    const idsByName = new Map<string, string>();
    let account: TestAccount;

    beforeAll(async () => {
      account = await openAccountFor(server, dialect);
    });

    test.each(dialect.examples.map((example, at) => [example.title, example, `example ${at}`] as const))(
      '%s, sent twice: done once',
      async (__, example, key) => {
        server.clock.advance(PAUSE_MS);
        const call = keyed(callOf(dialect, example, idsByName), key);
        const first = await send(server.app, dialect, call, account.key);
        expect(first.statusCode).toBe(example.response.status);
        expect(isReplayed(first)).toBe(false);
        const resend = () => send(server.app, dialect, call, account.key);
        const isDone = isWrite(dialect, example);
        const second = await (isDone ? again(account, resend) : resend());
        if (isDone) expect(answerOf(second)).toEqual(answerOf(first));
        if (first.statusCode < 400) expect(isReplayed(second)).toBe(isDone);
        noteIds(example, first.json(), idsByName);
      },
    );
  });

  describe('a write', () => {
    const call = writeOf(dialect);
    let account: TestAccount;

    beforeEach(async () => {
      account = await openAccountFor(server, dialect);
    });

    const sendKeyed = (key: string, changed: object = {}, apiKey = account.key) =>
      send(
        server.app,
        dialect,
        keyed({ ...call, body: { ...(call.body as object), ...changed } }, key),
        apiKey,
      );

    test('with the key of another request is refused, and that request still has its answer', async () => {
      const first = await sendKeyed('k');
      await withoutChange(account, async () => {
        expectRefusal(dialect, 'KEY_REUSED', await sendKeyed('k', { other: 'body' }));
        expect(answerOf(await sendKeyed('k'))).toEqual(answerOf(first));
      });
    });

    test.each([
      ['an empty one', ''],
      ['one of 256 characters', 'k'.repeat(256)],
      ['one with a letter beyond ASCII', 'schl\u00fcssel'],
      ['one with a tab', 'a\tb'],
    ])('refuses a key that is none: %s', async (__, key) => {
      await withoutChange(account, async () => expectRefusal(dialect, 'INVALID', await sendKeyed(key)));
    });

    test('takes every printable character, and 255 of them', async () => {
      const key = Array.from({ length: 95 }, (___, at) => String.fromCharCode(32 + at))
        .join('')
        .trim();
      for (const one of [key, 'k'.repeat(255)]) {
        await sendKeyed(one);
        expect(isReplayed(await again(account, () => sendKeyed(one)))).toBe(true);
      }
    });

    test('that still runs is not begun again', async () => {
      const held = await HeldWrites.hold();
      const running = sendKeyed('k');
      await held.waiting();
      const refused = await sendKeyed('k');
      expectRefusal(dialect, 'KEY_IN_USE', refused);
      expect(refused.headers['retry-after']).toBe('1');
      await held.release();
      const first = await running;
      expect(first.statusCode).toBeLessThan(400);
      expect(answerOf(await again(account, () => sendKeyed('k')))).toEqual(answerOf(first));
    });

    test('whose database failed is done by the next try', async () => {
      const held = await HeldWrites.hold();
      const failed = await withoutChange(account, async () => {
        const running = sendKeyed('k');
        await held.cut(await held.waiting());
        return running;
      });
      await held.release();
      expectRefusal(dialect, 'UNAVAILABLE', failed);
      const next = await sendKeyed('k');
      expect(next.statusCode).toBeLessThan(400);
      expect(isReplayed(next)).toBe(false);
      expect(isReplayed(await again(account, () => sendKeyed('k')))).toBe(true);
    });

    test('of another account, or by another key, is another one', async () => {
      const other = await openAccountFor(server, dialect);
      const first = await sendKeyed('k');
      const theirs = await withoutChange(account, () => sendKeyed('k', {}, other.key));
      expect({ status: theirs.statusCode, isReplayed: isReplayed(theirs) }).toEqual({
        ...{ status: first.statusCode, isReplayed: false },
      });
      if (dialect.accessToken) return;
      expect(isReplayed(await sendKeyed('k', {}, await issueKey(account)))).toBe(false);
    });

    test(`is kept ${ANSWER_KEPT_HOURS} hours, and then begun anew`, async () => {
      // The clock of the server is past what an access token lasts: only keys sign in then.
      if (dialect.accessToken) return;
      const events = await eventCount();
      const first = await sendKeyed('k');
      expect(await eventCount()).toBeGreaterThan(events);
      server.clock.advance(KEPT_MS - 1);
      await purgeAnswers(server.database, server.clock.now());
      expect(answerOf(await again(account, () => sendKeyed('k')))).toEqual(answerOf(first));
      server.clock.advance(1);
      expect(isReplayed(await sendKeyed('k', { other: 'body' }))).toBe(false);
      server.clock.advance(KEPT_MS);
      expect(await purgeAnswers(server.database, server.clock.now())).toBeGreaterThan(0);
      expect((await stateOf(account)).idempotent_answer).toEqual({ rows: 0, hash: null });
    });
  });
});
