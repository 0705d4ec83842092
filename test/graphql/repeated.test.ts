import { documentCache } from '../../src/graphql/documents/document';
import { TrustedDocuments } from '../../src/graphql/documents/trusted-documents';
import type { OperationReport } from '../../src/graphql/operation-watch';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { Door } from './door';

const STANDARD = 'application/graphql-response+json';
const TIMES = 10;
const ABSENT = '01890000-0000-7000-8000-000000000000';
const PHONE = '+12025550110';

let account: TestAccount;
let leadId: string;
let door: Door;
const reports: OperationReport[] = [];

beforeAll(async () => {
  [door, account] = [
    await Door.open({ maxCost: 50, onOperation: (report) => reports.push(report) }),
    await openTestAccount(),
  ];
  const { createLead } = await door.run<{ createLead: { id: string } }, object>(
    account.key,
    `mutation { createLead(input: { phone: "${PHONE}", firstName: "Ann" }) { id } }`,
  );
  leadId = createLead.id;
});
afterAll(() => door.close());

interface Sent {
  query?: string;
  documentId?: string;
  variables?: object;
  operationName?: string;
}

async function answerOf(to: Door, sent: Sent, headers: Record<string, string> = {}) {
  const {
    statusCode,
    headers: all,
    payload,
  } = await to.app.inject({
    ...{ method: 'POST', url: '/graphql', payload: JSON.stringify(sent) },
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json', ...headers },
  });
  const { date, ...rest } = all;
  return { status: statusCode, headers: rest, payload };
}

/** The one answer that a request has, however often it comes; and what was reported of it. */
async function sameAnswer(sent: Sent, headers?: Record<string, string>, to = door) {
  const before = reports.length;
  const answers = [];
  for (let i = 0; i < TIMES; i += 1) answers.push(await answerOf(to, sent, headers));
  const [first] = answers;
  expect(answers).toEqual(Array(TIMES).fill(first));
  const [report, ...others] = reports.slice(before);
  expect(others).toEqual(to === door ? Array(TIMES - 1).fill(report) : []);
  return { ...first, body: JSON.parse(first?.payload ?? ''), report };
}

const error = (message: string, rest: object, extensions: object) => ({
  ...{ message, ...rest },
  extensions: { requestId: 'request-1', ...extensions },
});
const cost = (requested: number) => ({ cost: { requested, maximum: 50 } });
const LEAD = 'query Lead($id: ID!) { lead(id: $id) { id } }';

describe('however often it comes, the answer is the same, to the byte: ', () => {
  test('a query, its headers included', async () => {
    const { status, headers, payload, report } = await sameAnswer({ query: '{ account { name } }' });
    const text =
      '{"data":{"account":{"name":"Test account"}},"extensions":{"cost":{"requested":1,"maximum":50}}}';
    expect({ status, headers, payload, report }).toEqual({
      ...{ status: 200, payload: text },
      headers: {
        ...{ connection: 'keep-alive', 'content-length': String(text.length) },
        ...{ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
        'x-request-id': 'request-1',
      },
      report: { door: 'graphql', type: 'query', code: 'OK' },
    });
  });

  test.each([
    ['', 'application/json', 200],
    ['*/*', 'application/json', 400],
    ['application/json', 'application/json', 200],
    [STANDARD, STANDARD, 400],
    [`application/json, ${STANDARD}`, STANDARD, 400],
    [`${STANDARD};q=0.5, application/json`, STANDARD, 400],
    ['text/html', 'application/json', 400],
  ])('for who accepts %p', async (accept, type, badStatus) => {
    // One that has not come before.
    const query = `${LEAD} # ${accept}`;
    const good = await sameAnswer({ query, variables: { id: leadId } }, { accept });
    expect([good.status, good.headers?.['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
    expect(good.body).toEqual({ data: { lead: { id: leadId } }, extensions: cost(1) });
    const bad = await sameAnswer({ query }, { accept });
    expect([bad.status, bad.headers?.['content-type']]).toEqual([
      accept === '' ? 400 : badStatus,
      `${type}; charset=utf-8`,
    ]);
  });

  test('variables that are wrong, and a field that fails', async () => {
    const wrong = await sameAnswer({ query: LEAD, variables: { id: null } });
    expect([wrong.status, wrong.body, wrong.report]).toEqual([
      400,
      {
        errors: [
          error(
            'Variable "$id" of non-null type "ID!" must not be null.',
            { locations: [{ line: 1, column: 12 }] },
            { code: 'INVALID', reason: 'BAD_USER_INPUT' },
          ),
        ],
        extensions: cost(1),
      },
      { door: 'graphql', type: 'query', code: 'INVALID' },
    ]);
    const missing = await sameAnswer({ query: LEAD, variables: { id: ABSENT } });
    const place = { locations: [{ line: 1, column: 24 }], path: ['lead'] };
    expect([missing.status, missing.body, missing.report]).toEqual([
      200,
      {
        errors: [error('Lead not found', place, { code: 'NOT_FOUND' })],
        ...{ data: null, extensions: cost(1) },
      },
      { door: 'graphql', type: 'query', code: 'NOT_FOUND' },
    ]);
  });

  test('several fields that fail', async () => {
    const query = `query Pages($first: Int) {
  a: leads(first: $first) { totalCount }
  b: leads(first: $first) { totalCount }
}`;
    const { status, body } = await sameAnswer({ query, variables: { first: 101 } });
    const place = { locations: [{ line: 2, column: 3 }], path: ['a'] };
    const message = 'first must be from 1 to 100, not 101.';
    expect([status, body]).toEqual([
      200,
      {
        errors: [error(message, place, { code: 'INVALID', fields: { first: [message] } })],
        ...{ data: null, extensions: cost(0) },
      },
    ]);
  });

  test('several operations of one document, and names that it has not', async () => {
    const query = `query A { account { ...Name } }
      mutation B($id: ID!) { updateLead(id: $id, input: { comments: "b" }) { comments } }
      subscription C { leadCreated { cursor } }
      fragment Name on Account { name }`;
    const send = async (operationName?: string) => {
      const sent = {
        query,
        variables: { id: leadId },
        ...(operationName !== undefined && { operationName }),
      };
      const { status, body, report } = await sameAnswer(sent);
      return [status, body.data ?? body.errors[0].message, report?.type, report?.code];
    };
    expect(await send('A')).toEqual([200, { account: { name: 'Test account' } }, 'query', 'OK']);
    expect(await send('B')).toEqual([200, { updateLead: { comments: 'b' } }, 'mutation', 'OK']);
    const unnamed = 'Must provide operation name if query contains multiple operations.';
    expect(await send('C')).toEqual([400, 'Subscriptions go over WebSocket.', 'subscription', 'INVALID']);
    expect(await send('D')).toEqual([400, 'Unknown operation named "D".', 'none', 'INVALID']);
    expect(await send('')).toEqual([400, 'Unknown operation named "".', 'none', 'INVALID']);
    expect(await send()).toEqual([400, unnamed, 'none', 'INVALID']);
  });

  test('@skip and @include, and variables that are left out', async () => {
    const query = `query Q($id: ID!, $on: Boolean = true, $with: Boolean!) {
      lead(id: $id) { firstName @include(if: $on) phone @skip(if: $on) ... @include(if: $with) { lastName } }
    }`;
    const send = async (variables: object) => {
      const { body } = await sameAnswer({ query, variables: { id: leadId, with: false, ...variables } });
      return body.data?.lead ?? body.errors[0].message;
    };
    expect(await send({})).toEqual({ firstName: 'Ann' });
    expect(await send({ on: false })).toEqual({ phone: PHONE });
    expect(await send({ on: true, with: true })).toEqual({ firstName: 'Ann', lastName: '' });
    expect(await send({ on: null })).toBe('Argument "if" of non-null type "Boolean!" must not be null.');
  });

  test('a cost that depends on a variable', async () => {
    const query = 'query Q($first: Int) { leads(first: $first) { nodes { phone } } }';
    const fine = await sameAnswer({ query, variables: { first: 50 } });
    expect([fine.status, fine.body]).toEqual([
      200,
      { data: { leads: { nodes: [{ phone: PHONE }] } }, extensions: cost(50) },
    ]);
    const dear = await sameAnswer({ query, variables: { first: 51 } });
    const message =
      'The query could answer 51 records (cost); the limit is 50. Ask for smaller pages or fewer relations.';
    expect([dear.status, dear.body]).toEqual([
      400,
      { errors: [error(message, {}, { code: 'INVALID' })], extensions: cost(51) },
    ]);
  });

  test('a cost that depends on the default of a variable whose name every object has', async () => {
    const query = 'query Q($toString: Int = 51) { leads(first: $toString) { nodes { phone } } }';
    const { status, body } = await sameAnswer({ query, variables: {} });
    expect([status, body.extensions]).toEqual([400, cost(51)]);
    const fine = await sameAnswer({ query, variables: { toString: 50 } });
    expect([fine.status, fine.body.extensions]).toEqual([200, cost(50)]);
  });

  test('mutations, each of which is done once', async () => {
    const query = `mutation Two($id: ID!, $other: ID!, $text: String) {
  one: updateLead(id: $id, input: { comments: $text }) { comments }
  two: updateLead(id: $other, input: { comments: $text }) { comments }
}`;
    const changes = async () =>
      (
        await door.run<{ changes: { nodes: { name: string }[] } }, object>(
          account.key,
          '{ changes(first: 50, names: ["lead.updated"]) { nodes { name } } }',
        )
      ).changes.nodes.length;
    const before = await changes();
    const good = await sameAnswer({ query, variables: { id: leadId, other: leadId, text: 'x' } });
    expect([good.status, good.body]).toEqual([
      200,
      { data: { one: { comments: 'x' }, two: { comments: 'x' } }, extensions: cost(2) },
    ]);
    // What changes nothing is no event.
    expect(await changes()).toBe(before + 1);
    const bad = await sameAnswer({ query, variables: { id: leadId, other: ABSENT, text: 'y' } });
    const place = { locations: [{ line: 3, column: 3 }], path: ['two'] };
    expect([bad.status, bad.body, bad.report?.code]).toEqual([
      200,
      {
        errors: [error('Lead not found', place, { code: 'NOT_FOUND' })],
        ...{ data: null, extensions: cost(2) },
      },
      'NOT_FOUND',
    ]);
    expect(await changes()).toBe(before + 2);
  });

  test('a host that is empty or no host', async () => {
    for (const host of ['', 'a b', '[']) {
      const { status, body } = await sameAnswer({ query: `{ account { name } } # ${host}` }, { host });
      expect([status, body.data]).toEqual([200, { account: { name: 'Test account' } }]);
    }
  });

  test('for a key without the scope, and one that is not known', async () => {
    const query = '{ agents(first: 1) { totalCount } }';
    expect((await sameAnswer({ query })).body.data).toEqual({ agents: { totalCount: 0 } });
    const key = await issueKey(account, ['notes:read']);
    const narrow = await sameAnswer({ query }, { authorization: `Bearer ${key}` });
    expect([narrow.status, narrow.body.errors[0].extensions.code, narrow.body.data]).toEqual([
      ...[200, 'FORBIDDEN', null],
    ]);
  });

  test('in production, where only registered documents are served', async () => {
    const registered = '{ account { name } }';
    const documents = new TrustedDocuments(new Map([['a', registered]]), true);
    const production = await Door.open({ isProduction: true, documents });
    const send = async (sent: Sent) => {
      const { status, body } = await sameAnswer(sent, {}, production);
      return [status, body.data?.account.name ?? body.errors[0].message];
    };
    expect(await send({ query: registered })).toEqual([200, 'Test account']);
    expect(await send({ documentId: 'a' })).toEqual([200, 'Test account']);
    expect(await send({ query: `${registered} ` })).toEqual([
      400,
      'Only registered documents are served, and this one is not registered.',
    ]);
    await production.close();
    const open = await Door.open({ isProduction: true });
    const { status, body } = await sameAnswer({ query: '{ __schema { queryType { name } } }' }, {}, open);
    expect([status, body.errors[0].extensions.reason]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    await open.close();
  });
});

test('large documents push others out of memory, and the largest are not kept', () => {
  const cache = documentCache<object>();
  for (let at = 0; at < 10_000; at += 1) cache.set(`${at}`.padEnd(100), {});
  expect(cache.size).toBe(500);
  for (let at = 0; at < 100; at += 1) cache.set(`${at}`.padEnd(100_000), {});
  expect(cache.size).toBe(5);
  cache.set('x'.padEnd(500_001), {});
  expect(cache.size).toBe(5);
});
