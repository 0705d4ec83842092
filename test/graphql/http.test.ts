import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { LeadDocument } from '../support/documents';
import { Door } from './door';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
});

afterAll(() => door.close());

const QUERY = '{ account { name } }';
const DATA = { account: { name: 'Test account' } };
const cost = { requested: 1, maximum: 50_000 };
const bearer = () => ({ authorization: `Bearer ${account.key}` });

test('a subscription is sent to the WebSocket, and nothing is logged', async () => {
  const logged = door.logged.length;
  for (const query of [
    'subscription { leadCreated { lead { id } } }',
    'subscription { changes { cursor } }',
  ]) {
    const { status, body } = await door.post({ query }, bearer());
    const extensions = { code: 'INVALID', requestId: 'request-1' };
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        errors: [{ message: 'Subscriptions go over WebSocket.', extensions }],
        extensions: { cost: expect.anything() },
      },
    });
  }
  expect(door.logged.slice(logged)).toEqual([]);
});

test.each(['PUT', 'PATCH', 'DELETE'] as const)('%s is no method of it', async (method) => {
  const headers = { ...bearer(), 'content-type': 'application/json' };
  const answer = await door.app.inject({ method, url: '/graphql', headers, payload: { query: QUERY } });
  expect([answer.statusCode, answer.headers.allow, answer.json()]).toEqual([
    405,
    'GET, POST',
    {
      errors: [
        {
          message: 'GraphQL takes GET and POST.',
          extensions: { code: 'INVALID', requestId: 'request-1' },
        },
      ],
    },
  ]);
});

describe('the key', () => {
  test.each([
    ['authorization', (key: string) => `Bearer ${key}`],
    ['authorization', (key: string) => `bearer  ${key} `],
    ['x-api-key', (key: string) => key],
  ])('comes in the header %s', async (name, headerFor) => {
    const { status, body } = await door.post({ query: QUERY }, { [name]: headerFor(account.key) });
    expect({ status, body }).toEqual({ status: 200, body: { data: DATA, extensions: { cost } } });
  });

  const REFUSED = {
    errors: [
      {
        message: 'Invalid or missing API key',
        extensions: { code: 'UNAUTHENTICATED', requestId: 'request-1' },
      },
    ],
  };

  test.each([
    ['missing', {}],
    ['unknown', { 'x-api-key': `sb_test_${'0'.repeat(48)}_00000000` }],
    ['nonsense', { authorization: 'Bearer \u00e4' }],
    ['of another scheme', { authorization: 'Basic YTpi' }],
  ])('that is %s is refused', async (_, headers: Record<string, string>) => {
    const { status, body } = await door.post({ query: QUERY }, headers);
    expect({ status, body }).toEqual({ status: 401, body: REFUSED });
  });

  test('is asked for before anything of the request is looked at', async () => {
    const { status, body } = await door.post({ query: '{ nonsense' });
    expect({ status, body }).toEqual({ status: 401, body: REFUSED });
  });
});

test('every answer carries the id of its request', async () => {
  for (const query of [QUERY, '{ nonsense }']) {
    expect((await door.send(account.key, query)).headers['x-request-id']).toBe('request-1');
  }
  expect((await door.send('none', QUERY)).headers['x-request-id']).toBe('request-1');
});

const UNREADABLE: [
  name: string,
  body: string,
  headers: Record<string, string>,
  status: number,
  message: string,
  field?: string,
][] = [
  ['malformed JSON', '{"query":', {}, 400, 'The request body is not valid JSON.'],
  ['an empty body', '', {}, 400, 'The request body is empty.'],
  [
    'a wrong content type',
    'query',
    { 'content-type': 'text/plain' },
    415,
    'Send the operation as JSON, with the header content-type: application/json.',
  ],
  [
    'a form',
    'query=%7B%7D',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'Send the operation as JSON, with the header content-type: application/json.',
  ],
  [
    'more than 1 MiB',
    JSON.stringify({ query: QUERY, variables: { a: 'x'.repeat(1_048_576) } }),
    {},
    413,
    'The request body is larger than 1048576 bytes.',
  ],
  [
    'a list of operations',
    JSON.stringify([{ query: QUERY }]),
    {},
    400,
    'Send one operation per request, not a list.',
  ],
  ['no object', '5', {}, 400, 'The body must be a JSON object with the key query.'],
  ['no query', '{"variables":{}}', {}, 400, 'query must be a text that holds a GraphQL operation.', 'query'],
  [
    'an empty query',
    '{"query":" "}',
    {},
    400,
    'query must be a text that holds a GraphQL operation.',
    'query',
  ],
  [
    'a query that is no text',
    '{"query":{"kind":"Document"}}',
    {},
    400,
    'query must be a text that holds a GraphQL operation.',
    'query',
  ],
  [
    'variables that are no object',
    `{"query":"${QUERY}","variables":[1]}`,
    {},
    400,
    'variables must be a JSON object.',
    'variables',
  ],
  [
    'variables as a text',
    `{"query":"${QUERY}","variables":"{}"}`,
    {},
    400,
    'variables must be a JSON object.',
    'variables',
  ],
  [
    'extensions that are no object',
    `{"query":"${QUERY}","extensions":1}`,
    {},
    400,
    'extensions must be a JSON object.',
    'extensions',
  ],
  [
    'an operation name that is no text',
    `{"query":"${QUERY}","operationName":1}`,
    {},
    400,
    'operationName must be a text.',
    'operationName',
  ],
  [
    'a key that would change prototypes',
    `{"query":"${QUERY}","variables":{"__proto__":{"a":1}}}`,
    {},
    400,
    'The request body is not valid JSON.',
  ],
];

test.each(UNREADABLE.map(([name, ...rest]) => [name, rest] as const))(
  '%s is refused in the shape of GraphQL',
  async (_, [payload, headers, status, message, field]) => {
    const answer = await door.post(payload, { ...bearer(), ...headers });
    const code = status === 413 ? 'PAYLOAD_TOO_LARGE' : 'INVALID';
    const fields = field && { fields: { [field]: [message] } };
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      errors: [{ message, extensions: { code, ...fields, requestId: 'request-1' } }],
    });
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
  },
);

describe('documents that are refused', () => {
  const DOCUMENTS: [document: string, reason: string, message: RegExp][] = [
    ['{ account { name ', 'GRAPHQL_PARSE_FAILED', /^Syntax Error: Expected Name, found <EOF>/],
    [
      '{ account { nme } }',
      'GRAPHQL_VALIDATION_FAILED',
      /^Cannot query field "nme" on type "Account"\. Did you mean "name"/,
    ],
    [
      '{ lead(id: 5.5) { id } }',
      'GRAPHQL_VALIDATION_FAILED',
      /^ID cannot represent a non-string and non-integer value: 5\.5/,
    ],
    ['{ leads(first: $n) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED', /^Variable "\$n" is not defined/],
    [
      'query A { account { id } } query B { account { id } }',
      'OPERATION_RESOLUTION_FAILURE',
      /^Must provide operation name/,
    ],
    [
      '{ account { name(first: 1) } }',
      'GRAPHQL_VALIDATION_FAILED',
      /^Unknown argument "first" on field "Account\.name"/,
    ],
  ];

  test.each(DOCUMENTS)('%s', async (document, reason, message) => {
    const { status, body } = await door.send(account.key, document);
    expect(status).toBe(400);
    const extensions = { code: 'INVALID', reason, requestId: 'request-1' };
    expect(body.errors?.[0]).toMatchObject({ message: expect.stringMatching(message), extensions });
    expect(body.data).toBeUndefined();
  });

  test('persisted queries are not known here, and say so as clients expect', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
    const { body } = await door.post({ extensions }, bearer());
    expect(body.errors).toEqual([
      {
        message: 'PersistedQueryNotSupported',
        extensions: { code: 'INVALID', reason: 'PERSISTED_QUERY_NOT_SUPPORTED', requestId: 'request-1' },
      },
    ]);
  });
});

test('the media type of the answer is the one that is asked for', async () => {
  const typeFor = async (accept: string) =>
    (await door.send(account.key, QUERY, {}, { accept })).headers['content-type'];
  expect(await typeFor('*/*')).toBe('application/json; charset=utf-8');
  expect(await typeFor('application/graphql-response+json, application/json;q=0.9')).toBe(
    'application/graphql-response+json; charset=utf-8',
  );
});

test('who asks for application/json gets 200 for a document that is refused, and 400 for what is no request', async () => {
  const refused = [
    ['{ account { nme } }', {}],
    ['{ account { name ', {}],
    ['query Q($id: ID!) { lead(id: $id) { id } }', { id: null }],
    ['{ leads(first: 100) { nodes { notes(first: 100) { lead { notes(first: 100) { id } } } } } }', {}],
  ] as const;
  for (const [query, variables] of refused) {
    const statusFor = async (accept: string) =>
      (await door.send(account.key, query, variables, { accept })).status;
    expect(await statusFor('application/json')).toBe(200);
    expect(await statusFor('application/graphql-response+json, application/json;q=0.9')).toBe(400);
    expect(await statusFor('*/*')).toBe(400);
  }
  const headers = { ...bearer(), accept: 'application/json' };
  expect((await door.post({ query: 5 }, headers)).status).toBe(400);
});

test('an operation with the scopes of its key is all that a client needs', async () => {
  const key = await issueKey(account, ['leads:read', 'tags:read']);
  const error = await door.fail(key, LeadDocument, { id: 'none' });
  expect(error).toEqual({
    ...{ message: 'Lead not found', path: ['lead'], locations: [{ line: 2, column: 3 }] },
    extensions: { code: 'NOT_FOUND', requestId: 'request-1' },
  });
});
