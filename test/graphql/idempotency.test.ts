import { DomainError } from '../../src/domain/error';
import { ANSWER_KEPT_HOURS } from '../../src/domain/idempotency';
import type { Store } from '../../src/domain/store';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { hireAgent, PASSWORD } from '../support/agent-session';
import { type CalendarBench, openCalendarBench } from '../support/calendar-bench';
import { watchedStore } from '../support/watched-store';
import { type Answer, Door } from './door';

const TAGS = `mutation ($a: String!, $b: String!) {
  a: createTag(input: { name: $a, scope: LEAD }) { id name }
  b: createTag(input: { name: $b, scope: LEAD }) { id name } }`;
const LEAD = 'mutation ($phone: String!) { createLead(input: { phone: $phone }) { id phone } }';
const DELETE_LEAD = 'mutation ($id: ID!) { deleteLead(id: $id) { id } }';

let door: Door;
let account: TestAccount;
/** Fails the statements that it is true of, as an outage does. */
let isCut: (text: string) => boolean = () => false;

const cutting = (store: Store): Store =>
  watchedStore(store, {
    statement: (text) => {
      if (isCut(text)) throw new DomainError('UNAVAILABLE', 'cut', { retryAfterSeconds: 1 });
    },
  });

beforeAll(async () => {
  door = await Door.open({ wrapStore: cutting });
});

beforeEach(async () => {
  account = await openTestAccount({ clock: door.clock });
});

afterEach(() => {
  isCut = () => false;
});

afterAll(() => door.close());

const sendKeyed = (query: string, variables: object, key = 'k', apiKey = account.key) =>
  door.send(apiKey, query, variables, { 'idempotency-key': key });

const isReplayed = ({ headers }: Answer) => headers['idempotency-replayed'] === 'true';
/** What a mutation answered, which had to succeed. */
function resultOf<T>({ body }: Answer): T {
  const [result] = Object.values(body.data ?? {});
  if (body.errors || !result) throw new Error(JSON.stringify(body));
  return result as T;
}
const codesOf = ({ body }: Answer) => (body.errors ?? []).map(({ extensions }) => extensions?.code);
const tagNames = async () =>
  (await eventsOf(account, 'tag')).map(({ name, payload }) => `${name} ${payload.name}`);

/** Sends again what was done already: the same answer, and nothing else. */
async function expectReplay(first: Answer, work: () => Promise<Answer>): Promise<void> {
  const second = await withoutChange(account, work);
  expect({ status: second.status, text: JSON.stringify(second.body) }).toEqual({
    ...{ status: first.status, text: JSON.stringify(first.body) },
  });
  expect(isReplayed(second)).toBe(true);
}

test('all mutations of a document are done once', async () => {
  const first = await sendKeyed(TAGS, { a: 'hot', b: 'cold' });
  expect(first.body.data).toMatchObject({ a: { name: 'hot' }, b: { name: 'cold' } });
  expect(isReplayed(first)).toBe(false);
  await expectReplay(first, () => sendKeyed(TAGS, { a: 'hot', b: 'cold' }));
  expect(await tagNames()).toEqual(['tag.created hot', 'tag.created cold']);
});

test('other variables, another operation and another document under the key are refused', async () => {
  await sendKeyed(TAGS, { a: 'hot', b: 'cold' });
  await withoutChange(account, async () => {
    for (const [query, variables] of [
      [TAGS, { a: 'hot', b: 'mild' }],
      [`${TAGS} `, { a: 'hot', b: 'cold' }],
      [LEAD, { phone: '+12025550100' }],
    ] as const) {
      const refused = await sendKeyed(query, variables);
      expect(refused.status).toBe(422);
      expect(refused.body).toEqual({
        errors: [
          {
            message: 'This Idempotency-Key was used for another request.',
            extensions: { code: 'KEY_REUSED', requestId: 'request-1' },
          },
        ],
        extensions: expect.anything(),
      });
    }
  });
});

test('what a document did before one of its mutations was refused stays, and is not done again', async () => {
  const first = await sendKeyed(TAGS, { a: 'hot', b: '' });
  expect(codesOf(first)).toEqual(['INVALID']);
  await expectReplay(first, () => sendKeyed(TAGS, { a: 'hot', b: '' }));
  expect(await tagNames()).toEqual(['tag.created hot']);
});

test('a refusal for the form of a request is not kept: the key may be used to put it right', async () => {
  const refused = await withoutChange(account, () => sendKeyed(LEAD, { phone: 'nobody' }));
  expect(codesOf(refused)).toEqual(['INVALID']);
  expect(isReplayed(await withoutChange(account, () => sendKeyed(LEAD, { phone: 'nobody' })))).toBe(false);
  const right = await sendKeyed(LEAD, { phone: '+12025550100' });
  expect(right.body.data).toMatchObject({ createLead: { phone: '+12025550100' } });
  await expectReplay(right, () => sendKeyed(LEAD, { phone: '+12025550100' }));
});

test('a refusal that is a result is kept, whatever changes meanwhile', async () => {
  const phone = '+12025550100';
  const { createLead } = await door.run<{ createLead: { id: string } }, object>(account.key, LEAD, { phone });
  const refused = await sendKeyed(LEAD, { phone });
  expect(codesOf(refused)).toEqual(['CONFLICT']);
  await door.run(account.key, DELETE_LEAD, createLead);
  await expectReplay(refused, () => sendKeyed(LEAD, { phone }));
  expect(codesOf(await sendKeyed(LEAD, { phone }, 'another'))).toEqual([]);
});

test('a failure that passes undoes all of the document, shows nothing of it, and leaves the key free', async () => {
  const failed = await withoutChange(account, async () => {
    let appended = 0;
    isCut = (text) => text.includes('insert into change_event') && ++appended === 2;
    return sendKeyed(TAGS, { a: 'hot', b: 'cold' });
  });
  expect({ status: failed.status, data: failed.body.data }).toEqual({ status: 503, data: null });
  expect(codesOf(failed)).toEqual(['UNAVAILABLE']);
  isCut = () => false;
  const done = await sendKeyed(TAGS, { a: 'hot', b: 'cold' });
  expect(isReplayed(done)).toBe(false);
  await expectReplay(done, () => sendKeyed(TAGS, { a: 'hot', b: 'cold' }));
  expect(await tagNames()).toEqual(['tag.created hot', 'tag.created cold']);
});

test('an answer that cannot be kept is none: the write is undone', async () => {
  isCut = (text) => text.includes('insert into idempotent_answer');
  const failed = await withoutChange(account, () => sendKeyed(LEAD, { phone: '+12025550100' }));
  expect({ status: failed.status, codes: codesOf(failed) }).toEqual({ status: 503, codes: ['UNAVAILABLE'] });
  expect(failed.headers['retry-after']).toBe('1');
});

test('queries ignore the key, even one that is none', async () => {
  await withoutChange(account, async () => {
    for (const key of ['k', 'k'.repeat(300)]) {
      const answer = await sendKeyed('{ tags(first: 1) { totalCount } }', {}, key);
      expect(answer.body.data).toEqual({ tags: { totalCount: 0 } });
      expect(isReplayed(answer)).toBe(false);
    }
  });
});

test.each(['', 'k'.repeat(256), 'schl\u00fcssel'])('refuses the key "%s"', async (key) => {
  const refused = await withoutChange(account, () => sendKeyed(LEAD, { phone: '+12025550100' }, key));
  expect({ status: refused.status, codes: codesOf(refused) }).toEqual({ status: 400, codes: ['INVALID'] });
});

test('bad variables are refused in the words that they are refused in without a key', async () => {
  const plain = await door.send(account.key, LEAD, { phone: 7 });
  const refused = await withoutChange(account, () => sendKeyed(LEAD, { phone: 7 }));
  expect({ status: refused.status, body: refused.body }).toEqual({ status: plain.status, body: plain.body });
});

test('the same key of another account, or of another API key, is another one', async () => {
  const variables = { a: 'hot', b: 'cold' };
  await sendKeyed(TAGS, variables);
  const other = await openTestAccount({ clock: door.clock });
  const theirs = await withoutChange(account, () => sendKeyed(TAGS, variables, 'k', other.key));
  expect({ isReplayed: isReplayed(theirs), codes: codesOf(theirs) }).toEqual({
    isReplayed: false,
    codes: [],
  });
  const ours = await sendKeyed(TAGS, variables, 'k', await issueKey(account));
  expect(codesOf(ours)).toEqual(['CONFLICT']);
});

test('an answer is kept as long as it should be, to the millisecond', async () => {
  const document = 'mutation { createAudience(input: { name: "News" }) { id } }';
  const first = await sendKeyed(document, {});
  door.clock.advance(ANSWER_KEPT_HOURS * 3_600_000 - 1);
  await expectReplay(first, () => sendKeyed(document, {}));
  door.clock.advance(1);
  const second = await sendKeyed(document, {});
  expect(isReplayed(second)).toBe(false);
  await expectReplay(second, () => sendKeyed(document, {}));
  expect(await eventsOf(account, 'audience')).toHaveLength(2);
});

test('a secret that is shown once is shown again to the same request, and is nowhere in the database', async () => {
  const document = 'mutation { createApiKey(input: { name: "CI" }) { key } }';
  const first = await sendKeyed(document, {});
  const { key } = resultOf<{ key: string }>(first);
  await expectReplay(first, () => sendKeyed(document, {}));
  const [row] = await account.ctx.query<{ answer: string }>(
    'select answer from idempotent_answer where account_id = $1',
    [account.ctx.account.id],
  );
  expect(row?.answer).toMatch(/^v1\./);
  expect(row?.answer).not.toContain(key);
});

test('an answer shows what the same request has changed, counters included', async () => {
  const { createAudience } = await door.run<{ createAudience: { id: string } }, object>(
    account.key,
    'mutation { createAudience(input: { name: "News" }) { id } }',
  );
  const document = `mutation ($id: ID!) {
    createContact(input: { audienceId: $id, email: "a@example.com" }) { audience { contactCount } } }`;
  const { body } = await sendKeyed(document, { id: createAudience.id });
  expect(body.data).toEqual({ createContact: { audience: { contactCount: 1 } } });
});

test('a document of an agency may write in its own account and in that of a client', async () => {
  const agency = await openTestAccount({ kind: 'agency', clock: door.clock });
  const create = 'mutation { createClientAccount(input: { name: "Client" }) { id } }';
  const { id } = resultOf<{ id: string }>(await sendKeyed(create, {}, 'client', agency.key));
  const document = `mutation ($id: ID!) {
    a: createTag(input: { name: "hot", scope: LEAD }) { name }
    b: setClientAccountActive(id: $id, isActive: false) { isActive }
    c: createTag(input: { name: "cold", scope: LEAD }) { name } }`;
  const first = await sendKeyed(document, { id }, 'k', agency.key);
  expect(first.body.data).toEqual({ a: { name: 'hot' }, b: { isActive: false }, c: { name: 'cold' } });
  await expectReplay(first, () => sendKeyed(document, { id }, 'k', agency.key));
});

describe('sessions', () => {
  interface Tokens {
    refreshToken: string;
  }
  const REFRESH = 'mutation ($token: String!) { refreshSession(refreshToken: $token) { refreshToken } }';

  test('a refresh token that comes a second time ends the session under a key, too', async () => {
    await hireAgent(account, 'ada');
    const login =
      'mutation ($u: String!, $p: String!) { login(input: { username: $u, password: $p }) { refreshToken } }';
    const first = await sendKeyed(login, { u: 'ada', p: PASSWORD }, 'login');
    const { refreshToken: token } = resultOf<Tokens>(first);
    const refreshed = await sendKeyed(REFRESH, { token }, 'refresh');
    await expectReplay(refreshed, () => sendKeyed(REFRESH, { token }, 'refresh'));
    const stolen = await sendKeyed(REFRESH, { token }, 'stolen');
    expect(codesOf(stolen)).toEqual(['UNAUTHENTICATED']);
    const { refreshToken: next } = resultOf<Tokens>(refreshed);
    expect(codesOf(await sendKeyed(REFRESH, { token: next }, 'next'))).toEqual(['UNAUTHENTICATED']);
  });
});

describe('meetings', () => {
  let bench: CalendarBench;
  let calendarDoor: Door;

  beforeEach(async () => {
    bench = await openCalendarBench();
    calendarDoor = await Door.open({ providers: bench.providers });
    bench.clock.at = calendarDoor.clock.at;
    await bench.connectZoom();
  });

  afterEach(() => calendarDoor.close());

  test('the meeting of an event is made once, by a worker, behind the answer', async () => {
    const document = `mutation { createCalendarEvent(input: {
      title: "Demo", startsAt: "2026-03-03T10:00:00Z", endsAt: "2026-03-03T11:00:00Z", conferencing: ZOOM
    }) { id conferenceUrl } }`;
    const create = () => calendarDoor.send(bench.account.key, document, {}, { 'idempotency-key': 'k' });
    const first = await create();
    const { id, conferenceUrl } = resultOf<{ id: string; conferenceUrl: string | null }>(first);
    expect(conferenceUrl).toBeNull();
    expect(bench.zoom.meetings.size).toBe(0);
    await bench.work();
    expect(bench.zoom.meetings.size).toBe(1);
    expect((await bench.now(id))?.conferenceUrl).toMatch(/^https:/);
    expect((await create()).body).toEqual(first.body);
    await bench.work();
    expect(bench.zoom.meetings.size).toBe(1);
  });
});
