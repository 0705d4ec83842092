import { DomainError } from '../../src/domain/error';
import type { Store } from '../../src/domain/store';
import { openTestAccount, type TestAccount } from '../support/account';
import { watchedStore } from '../support/watched-store';
import { Door } from './door';

type Failure = (text: string) => Error | undefined;

let failure: Failure = () => undefined;
let door: Door;
let account: TestAccount;

/** A store whose statements fail as the test says. */
const failing = (store: Store): Store =>
  watchedStore(store, {
    statement: (text) => {
      const error = failure(text);
      if (error) throw error;
    },
  });

beforeAll(async () => {
  [door, account] = [await Door.open({ wrapStore: failing }), await openTestAccount()];
  const create = 'mutation { createLead(input: { phone: "+12025550100", tagNames: ["a"] }) { id } }';
  await door.run(account.key, create);
});
beforeEach(() => {
  failure = () => undefined;
  door.logged.length = 0;
});
afterAll(() => door.close());

const AWAY = new DomainError('UNAVAILABLE', 'The database cannot be reached at the moment.', {
  ...{ retryAfterSeconds: 1, cause: new Error('connect ECONNREFUSED 10.0.0.1:5432') },
});
const on =
  (table: string, error: Error): Failure =>
  (text) =>
    text.includes(`from "${table}"`) ? error : undefined;
const LEADS = '{ leads { nodes { phone tags { name } } } }';
const TIMES = ['plain', 'plain', 'compiled'];

test('a database that is away is said to be unavailable, and that it may be tried again', async () => {
  for (const _time of TIMES) {
    failure = on('lead', AWAY);
    const { status, headers, body } = await door.send(account.key, LEADS);
    expect({ status, retryAfter: headers['retry-after'], requestId: headers['x-request-id'] }).toEqual({
      ...{ status: 503, retryAfter: '1', requestId: 'request-1' },
    });
    expect(body).toEqual({
      errors: [
        {
          ...{ message: AWAY.message, path: ['leads'], locations: [{ line: 1, column: 3 }] },
          extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 1, requestId: 'request-1' },
        },
      ],
      data: null,
      extensions: { cost: { requested: 420, maximum: 50_000 } },
    });
    failure = () => undefined;
    expect((await door.send(account.key, LEADS)).status).toBe(200);
  }
});

test('it is said so also where the key cannot be looked up', async () => {
  const other = await openTestAccount();
  failure = () => AWAY;
  const { status, headers, body } = await door.send(other.key, LEADS);
  expect([status, headers['retry-after']]).toEqual([503, '1']);
  expect(body).toEqual({
    errors: [
      {
        message: AWAY.message,
        extensions: { code: 'UNAVAILABLE', retryAfterSeconds: 1, requestId: 'request-1' },
      },
    ],
  });
  expect(JSON.stringify(door.logged.map(({ level, details }) => [level, String(details.err)]))).toContain(
    'ECONNREFUSED',
  );
});

test('what is unexpected is a fault of the server: logged with its cause once, and not told', async () => {
  for (const _time of TIMES) {
    failure = on('tag', new Error('secret detail'));
    door.logged.length = 0;
    const { status, body } = await door.send(account.key, LEADS);
    expect(status).toBe(200);
    expect(body.data).toBeNull();
    expect(body.errors).toEqual([
      {
        ...{ message: 'Internal server error', locations: [{ line: 1, column: 25 }] },
        path: ['leads', 'nodes', 0, 'tags'],
        extensions: { code: 'INTERNAL', requestId: 'request-1' },
      },
    ]);
    expect(door.logged).toEqual([
      {
        level: 'error',
        details: {
          err: expect.objectContaining({ message: 'secret detail' }),
          ...{ requestId: 'request-1', path: ['leads', 'nodes', 0, 'tags'] },
        },
      },
    ]);
    expect(JSON.stringify(body)).not.toContain('secret');
  }
});

test('what could be read is answered beside the error', async () => {
  const lead = await door.run<{ leads: { nodes: { id: string }[] } }, object>(
    account.key,
    '{ leads { nodes { id } } }',
  );
  const create = `mutation { createNote(input: { leadId: "${lead.leads.nodes[0]?.id}", body: "a" }) { id } }`;
  await door.run(account.key, create);
  const text = '{ notes { nodes { body lead { phone } } } }';
  for (const _time of TIMES) {
    failure = on('lead', new Error('secret detail'));
    const { status, body } = await door.send(account.key, text);
    expect(status).toBe(200);
    expect(body.data).toEqual({ notes: { nodes: [{ body: 'a', lead: null }] } });
    expect(body.errors).toMatchObject([
      { path: ['notes', 'nodes', 0, 'lead'], extensions: { code: 'INTERNAL' } },
    ]);
  }
});

test('refusals of the domain are the caller’s affair: they are not logged', async () => {
  await door.send(account.key, '{ lead(id: "none") { id } }');
  await door.send(account.key, '{ nonsense }');
  await door.send('none', LEADS);
  expect(door.logged).toEqual([]);
});
