import { LIMITS } from '../../src/graphql/documents/limits';
import { openTestAccount, type TestAccount } from '../support/account';
import { NestedLeadsDocument } from '../support/documents';
import { many } from '../support/graphql-client';
import { leastMs, msOf } from '../support/quick';
import { Door } from './door';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
});
afterAll(() => door.close());

const nested = (levels: number) => `${'{ memberships { agent '.repeat(levels)}{ id }${' } }'.repeat(levels)}`;

/** For each limit a query that reaches it and one that goes one beyond. */
const CASES: [name: string, fits: string, breaks: string, message: string][] = [
  [
    'depth',
    `{ agents(first: 1) { nodes { memberships(first: 1) { agent { memberships(first: 1) { agent { memberships(first: 1) { agent { memberships(first: 1) { agent { memberships(first: 1) { id } } } } } } } } } } } }`,
    `{ agents(first: 1) { nodes { memberships(first: 1) { agent { memberships(first: 1) { agent { memberships(first: 1) { agent { memberships(first: 1) { agent { memberships(first: 1) { agent { id } } } } } } } } } } } } }`,
    'The query has 13 levels of fields (depth); the limit is 12.',
  ],
  [
    'rootFields',
    `{ ${many(15, (at) => `a${at}: __typename`)} __typename account { id } tags { totalCount } teams { totalCount } feeds { totalCount } }`,
    `{ ${many(15, (at) => `a${at}: __typename`)} __typename account { id } tags { totalCount } teams { totalCount } ...More } fragment More on Query { feeds { totalCount } calls { totalCount } }`,
    'The query has 21 fields at the root (rootFields); the limit is 20.',
  ],
  [
    'aliases',
    `{ account { ${many(15, (at) => `a${at}: __typename`)} } }`,
    `{ account { ...More ${many(8, (at) => `a${at}: name`)} } } fragment More on Account { ${many(8, (at) => `b${at}: __typename`)} }`,
    'The query has 16 aliases (aliases); the limit is 15.',
  ],
  [
    'directives',
    `{ account { id @include(if: true) name @skip(if: false) email @include(if: true) kind @include(if: true) number @include(if: true) } }`,
    `{ account { id @include(if: true) @skip(if: false) name @skip(if: false) email @include(if: true) kind @include(if: true) number @include(if: true) } }`,
    'The query has 6 directives (directives); the limit is 5.',
  ],
  [
    'repeats',
    `{ account { id ${'id '.repeat(10)} ...A ${'...A '.repeat(10)} } } fragment A on Account { id name }`,
    `{ account { id ${'id '.repeat(10)} ...A ${'...A '.repeat(10)} ... on Account { id } } } fragment A on Account { id name }`,
    'The query has 21 fields that stand there already (repeats); the limit is 20.',
  ],
  [
    'inputDepth',
    `{ leads(filter: ${'{not: '.repeat(31)}{}${'}'.repeat(31)}) { totalCount } }`,
    `{ leads(filter: ${'{not: '.repeat(32)}{}${'}'.repeat(32)}) { totalCount } }`,
    'The query has 33 levels of input values (inputDepth); the limit is 32.',
  ],
  [
    'cost',
    '{ leads(first: 100) { nodes { notes(first: 100) { author { id } call { id } lead { id } } } } }',
    '{ leads(first: 100) { nodes { notes(first: 100) { author { id } call { agent { id } team { id } lead { feed { id } } } } } } }',
    'The query could answer 70100 records (cost); the limit is 50000. Ask for smaller pages or fewer relations.',
  ],
];

test.each(CASES)('the limit %s holds to the point', async (_, fits, breaks, message) => {
  expect(await door.send(account.key, fits)).toMatchObject({
    status: 200,
    body: { data: expect.anything() },
  });
  door.statements.length = 0;
  const { status, body } = await door.send(account.key, breaks);
  expect(status).toBe(400);
  expect(body.data).toBeUndefined();
  expect(body.errors).toEqual([
    expect.objectContaining({
      message,
      extensions: expect.objectContaining({ code: 'INVALID', requestId: 'request-1' }),
    }),
  ]);
  expect(door.statements).toEqual([]);
});

test('the limit of tokens holds before anything else is done with a document', async () => {
  const ofSize = (count: number) =>
    `{ leads(filter: { id: { in: [${'1 '.repeat(count)}] } }) { totalCount } }`;
  expect((await door.fail(account.key, ofSize(4_950))).message).toBe(
    'A list in a filter has at most 100 items.',
  );
  expect((await door.fail(account.key, ofSize(5_000))).message).toBe(
    'Syntax Error: Document contains more that 5000 tokens. Parsing aborted.',
  );
});

test('the cost is shown in every answer, also where it is refused', async () => {
  const cost = async (query: string, variables = {}) =>
    (await door.send(account.key, query, variables)).body.extensions?.cost;
  const maximum = LIMITS.cost;
  expect(await cost('{ account { id } }')).toEqual({ requested: 1, maximum });
  expect(await cost('{ leads { nodes { id } } }')).toEqual({ requested: 20, maximum });
  expect(await cost('query Q($n: Int = 30) { leads(first: $n) { edges { node { id } } } }')).toEqual({
    requested: 30,
    maximum,
  });
  expect(await cost('query Q($n: Int = 30) { leads(last: $n) { nodes { feed { id } } } }', { n: 7 })).toEqual(
    { requested: 14, maximum },
  );
  expect(
    await cost('query Q($n: Int) { leads(first: 2) { nodes { notes(first: $n) { id } } } }', { n: 3 }),
  ).toEqual({ requested: 8, maximum });
  expect(await cost('query Q($n: Int) { leads(first: 2) { nodes { notes(first: $n) { id } } } }')).toEqual({
    requested: 42,
    maximum,
  });
  expect(
    await cost(
      '{ leads(first: 100) { nodes { ...F } } } fragment F on Lead { notes(first: 100) { call { agent { id } team { id } lead { feed { id } } } } }',
    ),
  ).toEqual({ requested: 60_100, maximum });
  const inputs = [{ phone: '+12025550101' }, { phone: '+12025550102' }];
  expect(
    await cost(
      'mutation M($inputs: [CreateLeadInput!]!) { createLeads(inputs: $inputs) { outcomes { lead { id } } } }',
      { inputs },
    ),
  ).toEqual({ requested: 2, maximum });
});

test('what a client needs is allowed: 50 leads with everything, and 100 notes on each of 100 leads', async () => {
  const everything = await door.send(account.key, NestedLeadsDocument, { first: 50 });
  expect(everything.body.extensions).toEqual({ cost: { requested: 8_200, maximum: 50_000 } });
  const notes = await door.send(account.key, '{ leads(first: 100) { nodes { notes(first: 100) { id } } } }');
  expect(notes.body.extensions).toEqual({ cost: { requested: 10_100, maximum: 50_000 } });
  expect(everything.body.errors ?? notes.body.errors).toBeUndefined();
});

test('the maximum of the cost can be set', async () => {
  const strict = await Door.open({ maxCost: 10 });
  const { key } = await openTestAccount();
  const error = await strict.fail(key, '{ leads(first: 11) { nodes { id } } }');
  expect(error.message).toBe(
    'The query could answer 11 records (cost); the limit is 10. Ask for smaller pages or fewer relations.',
  );
  expect(await strict.run(key, '{ leads(first: 10) { nodes { id } } }')).toEqual({
    leads: { nodes: [] },
  });
  await strict.close();
});

test('hostile documents are answered within a second each', async () => {
  const fragments = many(
    60,
    (at) => `fragment F${at} on Agent { memberships { agent { ...F${at + 1} ...F${at + 1} } } }`,
  );
  const documents = [
    `{ agents { nodes { ...F0 } } } ${fragments} fragment F60 on Agent { id }`,
    `{ agents { nodes { ...F0 } } } ${fragments} fragment F60 on Agent { ...F0 }`,
    `{ leads { ${'nodes { id } '.repeat(1_200)} } }`,
    `{ leads { ${many(1_600, (at) => `...${at % 2 ? 'A' : 'B'}`)} } } fragment A on LeadConnection { totalCount } fragment B on LeadConnection { totalCount }`,
    `{ ${'__schema { types { fields { type { fields { type { fields { type { name } } } } } } } } '.repeat(100)} }`,
    `{ agents { nodes ${nested(500)} } }`,
  ];
  for (const document of documents) {
    const send = async () => {
      const { status } = await door.send(account.key, document);
      expect([200, 400]).toContain(status);
    };
    expect(await leastMs(1_000, () => msOf(send))).toBeLessThan(1_000);
  }
});
