import { createHash } from 'node:crypto';
import {
  buildSchema,
  execute,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLScalarType,
  getIntrospectionQuery,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import { DomainError } from '../../src/domain/error';
import { formatError } from '../../src/graphql/errors';
import { COMPILED_MAX, CompiledQueries } from '../../src/graphql/execution/execute';

const schema = buildSchema(`
  enum Color { RED GREEN }
  scalar Json
  input Point { x: Int!, y: Int = 7, label: String, color: Color, path: [Point!] }
  type Item {
    id: ID! name: String color: Color must: String! size: Int isNew: Boolean! data: Json
    child: Item later: Item laterStrict: Item! items(first: Int = 2): [Item!]! loose: [Item]
    words: [String!]! maybeWords: [String] fails: String failsStrict: String! failsLater: Item
    grid: [[Int!]!]
  }
  type Query {
    item(id: ID = "a"): Item
    strict: Item!
    items(first: Int = 2): [Item!]!
    loose: [Item]
    echo(text: String = "none", count: Int, ratio: Float, on: Boolean, color: Color, colors: [Color!], id: ID, ids: [ID], point: Point, data: Json): String
    fails: String
  }
  type Mutation { change(name: String): Item }
`);

const later = <T>(value: T) => Promise.resolve().then(() => value);
const refuse = (): never => {
  throw new DomainError('CONFLICT', 'No such luck.', { fields: { name: ['No.'] } });
};

/** Rows as the program has them: plain values, one of them with what must not be. */
function row(id: string, extra: object = {}): Record<string, unknown> {
  const base = {
    id,
    name: `item ${id}`,
    color: 'GREEN',
    must: 'is',
    size: 3,
    isNew: true,
    data: { a: [1, null] },
  };
  return { ...base, words: ['b', 'a'], maybeWords: ['x', null], grid: [[1], [], [2, 3]], ...extra };
}

const rows: Record<string, Record<string, unknown>> = {
  a: row('a'),
  hole: row('hole', { name: null, color: null, must: null, words: ['x', null], size: 2 ** 40 }),
  empty: row('empty', { name: '', size: 0, isNew: false, data: {}, words: [], maybeWords: null, grid: null }),
};

type Resolvers = Record<
  string,
  (row: unknown, args: Record<string, unknown>, context: unknown, info: GraphQLResolveInfo) => unknown
>;

const RESOLVERS: Record<string, Resolvers> = {
  Query: {
    item: (_, { id }) => later(rows[String(id)] ?? null),
    strict: () => later(rows.a),
    items: (_, { first }) => later([rows.a, rows.empty, rows.a].slice(0, Number(first))),
    loose: () => [rows.a, null, rows.hole],
    echo: (_, args) => JSON.stringify(args),
    fails: refuse,
  },
  Mutation: { change: (_, { name }) => row('new', { name }) },
  Item: {
    child: (item) => (item === rows.a ? rows.hole : null),
    later: () => later(rows.empty),
    laterStrict: (item) => later(item === rows.a ? null : rows.a),
    items: (_, { first }) => [rows.a, rows.empty, rows.hole].slice(0, Number(first)),
    loose: () => later([rows.hole, null, rows.a]),
    fails: refuse,
    failsStrict: refuse,
    failsLater: () => later(null).then(refuse),
  },
};

for (const [typeName, resolvers] of Object.entries(RESOLVERS)) {
  const fields = (schema.getType(typeName) as GraphQLObjectType).getFields();
  for (const [name, resolve] of Object.entries(resolvers)) Object.assign(fields[name] ?? {}, { resolve });
}
(schema.getType('Json') as GraphQLScalarType).parseLiteral = () => ({ from: 'literal' });

function requestOf(query: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error(`no operation in ${query}`);
  const hash = createHash('sha256').update(query).digest('hex');
  return { hash, document, operation, variables, context: {} as never };
}

async function compare(queries: CompiledQueries, request: ReturnType<typeof requestOf>) {
  const { document, variables, operation } = request;
  const operationName = operation.name?.value;
  const expected = await execute({
    schema,
    document,
    variableValues: variables,
    operationName,
    contextValue: {},
  });
  const result = await queries.run(request);
  const plain = ({ data, errors }: typeof expected) =>
    JSON.stringify({ data, errors: errors?.map(formatError) });
  if (result) expect(plain(result)).toBe(plain(expected));
  return { isCompiled: result !== undefined, errors: expected.errors?.length ?? 0 };
}

type Case = [query: string, ...variables: Record<string, unknown>[]];

/** Answers without an error, or with one: compiled queries answer them themselves. */
const COMPILED: Case[] = [
  ['{ __typename item { __typename id } }'],
  ['{ items { id name color must size isNew data words maybeWords grid } }'],
  ['{ item(id: "none") { id } echo }'],
  ['{ z: item { y: name x: id } a: echo(text: "t") item(id: "empty") { id child { id } } }'],
  ['{ items(first: 3) { later { id laterStrict { id } items(first: 1) { id later { name } } } } }'],
  [
    '{ item { ...F child { id ...F } } } fragment F on Item { name later { ...G } } fragment G on Item { id size: name }',
  ],
  ['{ item { id } item { name child { id } } ... on Query { item { child { name } } } }'],
  ['query Q($first: Int) { items(first: $first) { id } }', {}, { first: 1 }, { first: null }, { first: 0 }],
  [
    'query Q($first: Int = 3) { items(first: $first) { id items(first: $first) { id must } } }',
    { first: 2 },
    {},
  ],
  [
    'query Q($a: Boolean!) { item { id @include(if: $a) name @skip(if: $a) size } }',
    { a: true },
    { a: false },
  ],
  [
    'query Q($a: Boolean = true, $b: Boolean!) { item { ...F @include(if: $a) ...F @include(if: $b) size } } fragment F on Item { id name }',
    { b: true },
    { a: false, b: true },
    { a: false, b: false },
  ],
  [
    'query Q($a: Boolean!, $b: Boolean!) { ... @include(if: $a) { item { id } } ... @skip(if: $b) { item { name child { id } } } echo }',
    { a: true, b: true },
    { a: false, b: false },
    { a: false, b: true },
  ],
  [
    'query Q($a: Boolean!) { item { later { ...F } } other: item { later { ...F @include(if: $a) size } } } fragment F on Item { id name @skip(if: $a) }',
    { a: true },
    { a: false },
  ],
  [
    'query Q($t: String, $n: Int, $r: Float, $o: Boolean, $i: ID) { echo(text: $t, count: $n, ratio: $r, on: $o, id: $i) }',
    {},
    { t: 'ä"\\\n\u2028', n: -5, r: 1.5, o: false, i: 7 },
    { t: null, n: null, r: 2, o: null, i: 'x' },
  ],
  [
    'query Q($c: Color, $cs: [Color!], $ids: [ID]) { echo(color: $c, colors: $cs, ids: $ids) }',
    {},
    { c: 'RED', cs: ['RED', 'GREEN'], ids: ['1', null, 2] },
    { cs: 'RED', ids: 'one' },
    { c: null, cs: [], ids: null },
  ],
  [
    'query Q($p: Point) { echo(point: $p) }',
    {},
    { p: { x: 1 } },
    { p: { x: 1, y: null, label: null, color: 'RED', path: [{ x: 2, y: 3 }] } },
    { p: { x: 1, path: { x: 2 } } },
  ],
  [
    'query Q($x: Int!, $y: Int, $l: String, $ps: [Point!]) { echo(point: { x: $x, y: $y, label: $l, path: $ps }) }',
    { x: 1 },
    { x: 1, y: 2, l: 'l', ps: [] },
    { x: 1, y: null, l: null, ps: null },
  ],
  [
    'query Q($y: Int = 4, $i: ID) { echo(point: { x: 1, y: $y, path: [{ x: 2, y: $y }] }, ids: [$i, "b"]) }',
    {},
    { y: 5, i: 'i' },
  ],
  [
    'query Q($a: Boolean!) { item { id @include(if: $a) } items { ...F @skip(if: $a) } } fragment F on Item { id }',
    { a: false },
    { a: true },
  ],
  ['{ echo(text: null, ids: [null, "a"], point: { x: 1, y: null, path: [] }) item(id: null) { id } }'],
  ['query Q($d: Json) { echo(data: $d, text: "block") }', {}, { d: { a: [1, { b: null }] } }, { d: null }],
  [
    '{ echo(text: """block\n  text""", count: 3, ratio: 2, on: true, color: RED, colors: RED, id: 5, ids: "a", data: { a: 1 }) }',
  ],
  ['query A { item { id } } query B { echo(text: "b") }'],
  ['{ fails item { id } }'],
  ['{ item { id fails name } }'],
  ['{ items(first: 1) { id failsLater { id } } }'],
  ['{ item { child { id must } } }'],
  ['{ item { id child { later { id failsStrict } } } }'],
  ['{ item(id: "hole") { id words } echo }'],
  ['{ item(id: "hole") { id size } }'],
  ['{ strict { laterStrict { id } } }'],
  ['{ items(first: 1) { failsStrict } }'],
];

/** Answers with several errors, and what graphql-jit does not take: graphql-js answers them. */
const LEFT_TO_GRAPHQL_JS: Case[] = [
  ['{ loose { id must words } }'],
  ['{ fails item { fails } }'],
  ['mutation { change(name: "n") { id name } }'],
  ['query Q($c: Color!) { echo(color: $c) }', { c: 'BLUE' }, {}, { c: 3 }],
  [
    'query Q($p: Point) { echo(point: $p) }',
    { p: { y: 1 } },
    { p: { x: '1' } },
    { p: { x: 1, z: 1 } },
    { p: 5 },
  ],
  ['query Q($a: Boolean = true) { item { id @include(if: $a) } }', { a: null }, { a: 'yes' }],
  ['query Q($n: Int) { echo(count: $n) }', { n: 2 ** 31 }, { n: '1' }, { n: 1.5 }],
];

const nameOf = ([query]: Case) => query.slice(0, 100);

describe('compiled queries answer what graphql-js answers', () => {
  test.each(COMPILED.map((one) => [nameOf(one), one] as const))('%s', async (_, [query, ...variables]) => {
    const queries = new CompiledQueries(schema);
    for (const values of variables.length > 0 ? variables : [{}]) {
      const request = requestOf(query, values, query.includes('query B') ? 'B' : undefined);
      await compare(queries, request);
      expect((await compare(queries, request)).isCompiled).toBe(true);
    }
    // Mixed up, one document for all of them.
    for (const values of variables.toReversed()) await compare(queries, requestOf(query, values));
  });

  test.each(LEFT_TO_GRAPHQL_JS.map((one) => [nameOf(one), one] as const))(
    'not: %s',
    async (_, [query, ...variables]) => {
      const queries = new CompiledQueries(schema);
      for (const values of variables.length > 0 ? variables : [{}]) {
        for (const _time of [1, 2, 3]) {
          expect((await compare(queries, requestOf(query, values))).isCompiled).toBe(false);
        }
      }
    },
  );

  test('also for introspection', async () => {
    const queries = new CompiledQueries(schema);
    for (const _time of [1, 2]) await compare(queries, requestOf(getIntrospectionQuery()));
  });
});

test('a text never becomes code, not even one that graphql-jit would take for its own mark', async () => {
  const marker = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
  const text = `${marker}(globalThis.isBroken = true)`;
  const queries = new CompiledQueries(schema);
  for (const query of [`{ echo(text: "${text}") }`, `{ echo(text: "\\u005f${text.slice(1)}") }`]) {
    for (const _time of [1, 2, 3]) expect((await compare(queries, requestOf(query))).isCompiled).toBe(false);
  }
  for (const _time of [1, 2]) {
    await compare(queries, requestOf('query Q($t: String = "x") { echo(text: $t) }', { t: text }));
    await compare(queries, requestOf(`query Q($t: String = "${text}") { echo(text: $t) }`));
  }
  expect(globalThis).not.toHaveProperty('isBroken');
});

test('ten thousand different documents leave the cache bounded, and those in use in it', async () => {
  const queries = new CompiledQueries(schema);
  const hot = requestOf('{ item { id name } }');
  await compare(queries, hot);
  const other = requestOf('{ __typename }');
  for (let at = 0; at < 10_000; at += 1) {
    await queries.run({ ...other, hash: `document ${at}` });
    if (at % 100 === 0) expect((await compare(queries, hot)).isCompiled).toBe(true);
  }
  expect(queries.size).toBe(COMPILED_MAX);
});
