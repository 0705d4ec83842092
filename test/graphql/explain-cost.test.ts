import { print } from 'graphql';
import { openTestAccount, type TestAccount } from '../support/account';
import { NestedLeadsDocument } from '../support/documents';
import { Door } from './door';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
});
afterAll(() => door.close());

interface Explanation {
  requested: number;
  maximum: number;
  isAllowed: boolean;
  limits: { name: string; count: number; maximum: number }[];
  parts: { path: string; records: number }[];
}

const EXPLAIN = `query ($document: String!, $operationName: String, $variables: JSONObject) {
  explainCost(document: $document, operationName: $operationName, variables: $variables) {
    requested maximum isAllowed limits { name count maximum } parts { path records }
  }
}`;

async function explain(document: string, more: object = {}, where = door): Promise<Explanation> {
  const answer = await where.run<{ explainCost: Explanation }, object>(account.key, EXPLAIN, {
    document,
    ...more,
  });
  return answer.explainCost;
}

test('it names what each part costs, and what is used of each limit', async () => {
  const document = `query Q($n: Int = 30) {
    leads(first: $n) { nodes { ...F owner: assignee { id } } totalCount }
    account { id }
  }
  fragment F on Lead { notes(first: 10) { author { id } } ... on Lead { team { id } } }`;
  expect(await explain(document, { variables: { n: 5 } })).toEqual({
    ...{ requested: 116, maximum: 50_000, isAllowed: true },
    parts: [
      { path: 'leads.nodes.notes', records: 50 },
      { path: 'leads.nodes.notes.author', records: 50 },
      { path: 'leads.nodes', records: 5 },
      { path: 'leads.nodes.team', records: 5 },
      { path: 'leads.nodes.owner', records: 5 },
      { path: 'account', records: 1 },
    ],
    limits: [
      { name: 'cost', count: 116, maximum: 50_000 },
      { name: 'depth', count: 5, maximum: 12 },
      { name: 'rootFields', count: 2, maximum: 20 },
      { name: 'aliases', count: 1, maximum: 15 },
      { name: 'directives', count: 0, maximum: 5 },
      { name: 'repeats', count: 0, maximum: 20 },
      { name: 'explanations', count: 0, maximum: 1 },
      { name: 'inputDepth', count: 0, maximum: 32 },
    ],
  });
  expect((await explain(document)).requested).toBe(30 * 23 + 1);
});

test('it says what the operation itself is told, also of one that would be refused', async () => {
  const nested = print(NestedLeadsDocument);
  const variables = { first: 50 };
  const { body } = await door.send(account.key, nested, variables);
  const { requested, maximum, parts } = await explain(nested, { variables });
  expect(body.extensions?.cost).toEqual({ requested, maximum });
  expect(parts.reduce((sum, { records }) => sum + records, 0)).toBe(requested);
  const levels = 8;
  const deep = `{ agents(first: 100) { nodes ${'{ memberships(first: 100) { agent '.repeat(levels)}{ id }${' } }'.repeat(levels)} } }`;
  const explained = await explain(deep);
  expect(explained).toMatchObject({ isAllowed: false });
  expect(explained.limits.filter(({ count, maximum: most }) => count > most)).toEqual([
    { name: 'cost', count: explained.requested, maximum: 50_000 },
    { name: 'depth', count: 19, maximum: 12 },
  ]);
  expect(explained.requested).toBeGreaterThan(100 ** levels);
});

test('nothing of the operation is executed', async () => {
  const before = await account.ctx.query('select count(*) from tag', []);
  door.statements.length = 0;
  const document = 'query A { leads { nodes { id } } } mutation B { createTag(input: { name: "a" }) { id } }';
  expect((await explain(document, { operationName: 'B' })).parts).toEqual([
    { path: 'createTag', records: 1 },
  ]);
  expect((await explain(document, { operationName: 'A' })).parts).toEqual([
    { path: 'leads.nodes', records: 20 },
  ]);
  expect(door.statements).toEqual([]);
  expect(await account.ctx.query('select count(*) from tag', [])).toEqual(before);
});

test.each([
  ['{ leads { nodes ', 'Syntax Error: Expected Name, found <EOF>.'],
  ['{ account { nme } }', 'Cannot query field "nme" on type "Account". Did you mean "name"?'],
  ['query A { account { id } } query B { account { id } }', 'The document has no operation of this name.'],
  [
    `{ account { ${'id '.repeat(5_000)} } }`,
    'Syntax Error: Document contains more that 5000 tokens. Parsing aborted.',
  ],
  [
    `{ agents { nodes { ...F0 } } } ${Array.from({ length: 40 }, (_, at) => `fragment F${at} on Agent { memberships { agent { ...F${at + 1} } } teams: memberships { agent { ...F${at + 1} } } }`).join(' ')} fragment F40 on Agent { id }`,
    `An operation of ${5 * 2 ** 40 - 2} fields is too large to explain; the limit is 1000.`,
  ],
])('a document that cannot be explained says why (%#)', async (document, message) => {
  const error = await door.fail(account.key, EXPLAIN, { document });
  expect(error).toMatchObject({ message, extensions: { code: 'INVALID' } });
});

test('in production it suggests no names and explains no introspection', async () => {
  const production = await Door.open({ isProduction: true, maxCost: 10 });
  const failure = async (document: string) =>
    (await production.fail(account.key, EXPLAIN, { document })).message;
  expect(await failure('{ account { nme } }')).toBe('Cannot query field "nme" on type "Account".');
  expect(await failure('{ __schema { types { name } } }')).toMatch(
    /^GraphQL introspection has been disabled/,
  );
  expect(await explain('{ leads { nodes { id } } }', {}, production)).toMatchObject({
    ...{ requested: 20, maximum: 10, isAllowed: false },
  });
  await production.close();
});

test('it can be asked once per operation', async () => {
  const query =
    '{ a: explainCost(document: "{ a }") { requested } ...B } fragment B on Query { b: explainCost(document: "{ b }") { requested } }';
  expect((await door.fail(account.key, query)).message).toBe(
    'The query has 2 questions for a cost (explanations); the limit is 1.',
  );
});
