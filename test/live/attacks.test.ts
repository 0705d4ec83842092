import { openTestAccount, type TestAccount } from '../support/account';
import { stateOf } from '../support/account-state';
import { many } from '../support/graphql-client';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { RawSocket } from '../support/raw-socket';
import { Attacker, messagesOf, type Request } from './attacker';

let server: LiveServer;
let account: TestAccount;
let attacker: Attacker;
let before: Record<string, unknown>;

beforeAll(async () => {
  server = await startLiveServer();
  account = await openTestAccount();
  attacker = new Attacker(server, account.key);
  before = await stateOf(account);
});

afterAll(() => server.close());

type Headers = Record<string, string>;

const createTag = 'createTag(input: { name: "attack" }) { id }';
const deepFilter = (levels: number): unknown => (levels === 0 ? {} : { not: deepFilter(levels - 1) });
const ALIASES = 'The query has 100 aliases (aliases); the limit is 15.';
const ROOT_FIELDS = 'The query has 100 fields at the root (rootFields); the limit is 20.';
const NO_PLACE = 'Cannot spread fragment "A" within itself';

/** What must be refused before anything of it is executed, with all that is said of it. */
const REFUSED: [attack: string, request: Request, messages: string[]][] = [
  ['aliases', { query: `{ account { ${many(100, (at) => `a${at}: id`)} } }` }, [ALIASES]],
  [
    'aliases of __typename',
    { query: `{ ${many(100, (at) => `a${at}: __typename`)} }` },
    [ROOT_FIELDS, ALIASES],
  ],
  [
    'a batch of writes by aliases',
    { query: `mutation { ${many(100, (at) => `a${at}: ${createTag}`)} }` },
    [ROOT_FIELDS, ALIASES],
  ],
  [
    'directives',
    { query: `{ account { id ${'@skip(if: false) '.repeat(5)} name @include(if: true) } }` },
    [
      'The query has 6 directives (directives); the limit is 5.',
      ...Array<string>(4).fill('The directive "@skip" can only be used once at this location.'),
    ],
  ],
  [
    'directives that do not exist',
    { query: `{ __typename ${'@aa'.repeat(10)} }` },
    [
      'The query has 10 directives (directives); the limit is 5.',
      ...Array<string>(10).fill('Unknown directive "@aa".'),
    ],
  ],
  ['answers in parts', { query: '{ ... @defer { account { id } } }' }, ['Unknown directive "@defer".']],
  [
    'a field many times',
    { query: `{ account { ${'id '.repeat(500)} } }` },
    ['The query has 499 fields that stand there already (repeats); the limit is 20.'],
  ],
  [
    '__typename many times',
    { query: `{ account { ${'__typename '.repeat(500)} } }` },
    ['The query has 499 fields that stand there already (repeats); the limit is 20.'],
  ],
  [
    'a field so often that comparing takes long',
    { query: `{ account { ${'id '.repeat(4_900)} } }` },
    ['The query has 4899 fields that stand there already (repeats); the limit is 20.', 'Validation aborted.'],
  ],
  [
    'introspection in circles',
    {
      query: `{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }`,
    },
    ['Maximum introspection depth exceeded'],
  ],
  [
    'relations in circles',
    {
      query: `{ agents { nodes ${'{ memberships { agent '.repeat(8)}{ id }${' } }'.repeat(8)} } }`,
    },
    ['The query has 19 levels of fields (depth); the limit is 12.'],
  ],
  [
    'a fragment that spreads itself',
    { query: '{ account { ...A } } fragment A on Account { id ...A }' },
    [`${NO_PLACE}.`],
  ],
  [
    'fragments that spread each other',
    { query: '{ account { ...A } } fragment A on Account { ...B } fragment B on Account { ...A }' },
    [`${NO_PLACE} via "B".`],
  ],
  [
    'too many records',
    { query: '{ leads(first: 100) { nodes { notes(first: 100) { lead { notes(first: 100) { id } } } } } }' },
    [
      'The query could answer 1020100 records (cost); the limit is 50000. Ask for smaller pages or fewer relations.',
    ],
  ],
  [
    'too many words',
    { query: `{ account { id } } ${'#\n{'.repeat(5_000)}` },
    ['Syntax Error: Expected Name, found "{".'],
  ],
  [
    'too many words that could stand there',
    { query: `{ account { ${many(5_000, (at) => `f${at}`)} } }` },
    ['Syntax Error: Document contains more that 5000 tokens. Parsing aborted.'],
  ],
  [
    'a number without end',
    { query: `{ leads(first: ${'9'.repeat(10_000)}) { totalCount } }` },
    [`Int cannot represent non 32-bit signed integer value: ${'9'.repeat(10_000)}`],
  ],
  [
    'a number as a variable',
    { query: 'query ($n: Int) { leads(first: $n) { totalCount } }', variables: { n: 1e300 } },
    ['Variable "$n" got invalid value 1e+300; Int cannot represent non 32-bit signed integer value: 1e+300'],
  ],
  [
    'deep variables',
    {
      query: 'query ($f: LeadFilter) { leads(filter: $f) { totalCount } }',
      variables: { f: deepFilter(100) },
    },
    ['The variables have 101 levels of input values (inputDepth); the limit is 32.'],
  ],
  [
    'wide variables',
    {
      query:
        'mutation ($inputs: [CreateLeadInput!]!) { createLeads(inputs: $inputs) { outcomes { lead { id } } } }',
      variables: { inputs: Array(20_001).fill({}) },
    },
    ['The variables have 20002 lists and objects (inputObjects); the limit is 20000.'],
  ],
  [
    'a NUL byte in a document',
    { query: `mutation { ${createTag} \u0000 }` },
    ['Syntax Error: Unexpected character: U+0000.'],
  ],
  [
    'a write beside a field that does not exist',
    { query: `mutation { ${createTag} nonsense }` },
    ['Cannot query field "nonsense" on type "Mutation".'],
  ],
  [
    'two subscriptions in one',
    { query: 'subscription { leadCreated { cursor } leadDeleted { cursor } }' },
    ['Anonymous Subscription must select only one top level field.'],
  ],
];

describe.each(REFUSED)('%s', (_, request, messages) => {
  test('is refused over HTTP', async () => {
    const { status, data, errors = [] } = await attacker.post(JSON.stringify(request));
    expect(messagesOf({ errors }).toSorted()).toEqual(messages.toSorted());
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['INVALID']));
    expect({ status, data }).toEqual({ status: 400 });
  });

  test('is refused on a socket', async () => {
    const { data, errors = [] } = await attacker.overSocket(JSON.stringify(request));
    expect(messagesOf({ errors }).toSorted()).toEqual(messages.toSorted());
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['INVALID']));
    expect(data).toBeUndefined();
  });
});

/** What is executed, finds nothing and writes nothing. */
const HARMLESS: [attack: string, request: Request, message: string][] = [
  ['a huge id', { query: `{ lead(id: "${'x'.repeat(900_000)}") { id } }` }, 'Lead not found'],
  [
    'a NUL byte in a value',
    { query: String.raw`mutation { createTag(input: { name: "a\u0000b" }) { id } }` },
    'Name must not contain NUL bytes or unpaired surrogates.',
  ],
  [
    'a huge value',
    {
      query: 'mutation ($name: String!) { createTag(input: { name: $name }) { id } }',
      variables: { name: 'x'.repeat(900_000) },
    },
    'Name must be at most 100 characters long, not 900000.',
  ],
];

test.each(HARMLESS)('%s is told the same on both transports', async (_, request, message) => {
  const text = JSON.stringify(request);
  const answers = [await attacker.post(text), await attacker.overSocket(text)];
  expect(answers.map(messagesOf)).toEqual([[message], [message]]);
  expect(answers[0]?.status).toBe(200);
});

test('variables that are nested a hundred thousand times are refused on both transports', async () => {
  const levels = 100_000;
  const text = `{"query":"{ __typename }","variables":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
  const message = `The variables have ${levels} levels of input values (inputDepth); the limit is 32.`;
  expect((await Promise.all([attacker.post(text), attacker.overSocket(text)])).map(messagesOf)).toEqual([
    [message],
    [message],
  ]);
});

/** Bodies that other sites can send without being asked, and other ways to write that are none. */
const FOREIGN: [
  attack: string,
  method: string,
  headers: Headers,
  body: string | undefined,
  status: number,
][] = [
  [
    'a form',
    'POST',
    { 'content-type': 'application/x-www-form-urlencoded' },
    `query=mutation{${createTag}}`,
    415,
  ],
  [
    'a text',
    'POST',
    { 'content-type': 'text/plain' },
    JSON.stringify({ query: `mutation { ${createTag} }` }),
    415,
  ],
  [
    'a multipart form',
    'POST',
    { 'content-type': 'multipart/form-data; boundary=x' },
    `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"mutation { ${createTag.replaceAll('"', '\\"')} }"}\r\n--x--\r\n`,
    415,
  ],
  ['a batch', 'POST', {}, JSON.stringify([1, 2].map(() => ({ query: `mutation { ${createTag} }` }))), 400],
  ['a write by GET', 'GET', { 'apollo-require-preflight': '1' }, undefined, 405],
  ['a write by GET of another site', 'GET', {}, undefined, 400],
  ['a write by GET that calls itself POST', 'GET', { 'x-http-method-override': 'POST' }, undefined, 400],
  ['a write by PUT', 'PUT', {}, JSON.stringify({ query: `mutation { ${createTag} }` }), 405],
];

test.each(FOREIGN)('%s writes nothing', async (_, method, headers, body, expected) => {
  const query = new URLSearchParams({ query: `mutation { ${createTag} }` });
  const response = await fetch(`http://127.0.0.1:${server.port}/graphql${body ? '' : `?${query}`}`, {
    ...{ method, ...(body && { body }) },
    headers: { ...(body && { 'content-type': 'application/json' }), 'x-api-key': account.key, ...headers },
  });
  expect(response.status).toBe(expected);
  expect(await response.json()).not.toHaveProperty('data');
});

test('a socket takes no batch', async () => {
  const operation = { query: `mutation { ${createTag} }` };
  const messages = [
    { type: 'subscribe', id: '1', payload: [operation, operation] },
    [{ type: 'subscribe', id: '1', payload: operation }],
  ];
  for (const message of messages) {
    const socket = await RawSocket.signedIn(server.port, account.key);
    socket.send(JSON.stringify(message));
    expect(await socket.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
    expect(socket.received).toEqual([]);
  }
});

test.each(['apollo-tracing', 'x-apollo-tracing', 'apollo-query-plan-experimental', 'x-graphql-trace'])(
  'the header %s shows nothing of how an answer was made',
  async (header) => {
    const trace = { [header]: '1', 'apollo-federation-include-trace': 'ftv1' };
    const query = '{ account { id } }';
    expect(await attacker.post(JSON.stringify({ query, extensions: { tracing: true } }), trace)).toEqual({
      status: 200,
      data: { account: { id: account.ctx.account.id } },
      extensions: { cost: { requested: 1, maximum: 50_000 } },
    });
  },
);

test('none of them has written anything, and the server serves on', async () => {
  expect(await stateOf(account)).toEqual(before);
  expect(await attacker.overSocket('{"query":"{ account { id } }"}')).toEqual({
    data: { account: { id: account.ctx.account.id } },
    extensions: { cost: { requested: 1, maximum: 50_000 } },
  });
  expect(server.logged).toEqual([]);
});
