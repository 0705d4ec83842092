import * as fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { oddText, oddValue } from './odd-values';
import { type Pool, type Schema, valuesOf } from './schema-values';

/** An operation as a client sends it. */
export interface Operation {
  query: string;
  variables: unknown;
}

const DEPTH_MAX = 3;
const SCALARS: Record<string, Schema> = {
  ...{
    Int: { type: 'integer' },
    Float: { type: 'number' },
    Boolean: { type: 'boolean' },
    ID: { type: 'string' },
  },
  ...{ DateTime: { type: 'string', format: 'date-time' }, JSON: {}, JSONObject: { type: 'object' } },
};

/** The type of an input as a JSON Schema. */
function schemaOf(type: GraphQLInputType, depth = 0): Schema {
  if (isNonNullType(type)) return schemaOf(type.ofType, depth);
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, depth) };
  if (isEnumType(type)) return { enum: type.getValues().map(({ name }) => name) };
  if (!isInputObjectType(type)) return SCALARS[type.name] ?? { type: 'string' };
  const fields = Object.values(type.getFields()).filter(
    (field) => depth < DEPTH_MAX || isNonNullType(field.type),
  );
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ name, type: inner }) => [name, schemaOf(inner, depth + 1)])),
    required: fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name),
  };
}

const selections = new Map<string, fc.Arbitrary<string>>();

/** Some of the fields of a type, and of what they lead to. */
function selectionsOf(type: GraphQLOutputType, depth = 0): fc.Arbitrary<string> {
  const named = getNamedType(type);
  if (!isObjectType(named)) return fc.constant('');
  const name = `${named.name} ${depth}`;
  const known = selections.get(name) ?? selectionOf(Object.values(named.getFields()), depth);
  selections.set(name, known);
  return known;
}

function selectionOf(all: GraphQLField<unknown, unknown>[], depth: number): fc.Arbitrary<string> {
  const fields = all.filter((field) => !field.args.some(isRequiredArgument));
  const simple = fields.filter((field) => !isObjectType(getNamedType(field.type))).map(({ name }) => name);
  const deeper = depth < DEPTH_MAX ? fields.filter((field) => isObjectType(getNamedType(field.type))) : [];
  const inner = deeper.map((field) =>
    selectionsOf(field.type, depth + 1).map((selection) => `${field.name} ${selection}`),
  );
  const names = fc.subarray(simple, { maxLength: Math.min(6, simple.length) });
  const more = fc.array(inner.length > 0 ? fc.oneof(...inner) : fc.constant(''), { maxLength: 2 });
  return fc.tuple(names, more).map((parts) => `{ __typename ${parts.flat().join(' ')} }`);
}

function operationOf(
  root: string,
  { name, type, args }: GraphQLField<unknown, unknown>,
  pool: Pool,
): fc.Arbitrary<Operation> {
  const object: Schema = {
    type: 'object',
    properties: Object.fromEntries(args.map((one) => [one.name, schemaOf(one.type)])),
    required: args.filter(isRequiredArgument).map((one) => one.name),
  };
  return fc.tuple(valuesOf(object, pool), selectionsOf(type)).map(([variables, selection]) => {
    const declared = args.map((one) => `$${one.name}: ${one.type}`).join(', ');
    const passed = args.map((one) => `${one.name}: $${one.name}`).join(', ');
    const text = args.length > 0 ? `(${declared}) { ${name}(${passed})` : ` { ${name}`;
    return { query: `${root} Q${text} ${selection} }`, variables };
  });
}

const FRAGMENTS = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '$',
    '@',
    '...',
    '!',
    ':',
    '"',
    '"""',
    '#',
    '\\',
    '&',
    '|',
    '\ufeff',
    '\0',
  ],
  ...[
    '@skip(if: true)',
    '@include(if: $x)',
    '@deprecated',
    '@defer',
    '...F',
    '...on Lead { id }',
    'fragment F on Lead { ...F }',
  ],
  ...[
    '__typename',
    '__schema { types { name } }',
    '__type(name: "Lead") { name }',
    'a: __typename',
    '$x: Int = 9',
    '(first: -1)',
  ],
  ...[
    '"\\u{110000}"',
    '"\\ud800"',
    '1e999',
    '-',
    '00',
    '99999999999999999999',
    'null',
    '{a: {a: {a: 1}}}',
    '[[[[1]]]]',
  ],
];

/** The text with something cut out, put in or doubled. */
const mutation: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc.tuple(fc.nat(400), fc.nat(30)).map(
    ([at, length]) =>
      (text: string) =>
        text.slice(0, at) + text.slice(at + length),
  ),
  fc.tuple(fc.nat(400), fc.oneof(fc.constantFrom(...FRAGMENTS), oddText)).map(
    ([at, more]) =>
      (text: string) =>
        text.slice(0, at) + more + text.slice(at),
  ),
  fc.constantFrom<(text: string) => string>(
    (text) => `${text} ${text}`,
    (text) => text.replace(/\{/g, '{ a: __typename a: __typename'),
    (text) => text.replace(/\$(\w+): [\w[\]!]+/g, '$$$1: Lead'),
    (text) => text.replace(/\$(\w+)\b(?=[,)])/g, 'nothing'),
    (text) => text.replace(/^\w+/, 'subscription'),
    (text) => text.replace(/\{/g, '{'.repeat(3_000)),
    (text) => text.replace('{', `{ ${'__typename '.repeat(6_000)}`),
    () => '',
  ),
);

/** Operations of every field of the roots, most of them valid, their variables odd in places. */
export function operationsOf(schema: GraphQLSchema, pool: Pool): fc.Arbitrary<Operation> {
  const operations = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map((field) =>
      operationOf(type?.name.toLowerCase() as string, field, pool),
    ),
  );
  const valid = fc.oneof(...operations);
  return fc.oneof(
    { weight: 8, arbitrary: valid },
    {
      weight: 2,
      arbitrary: fc
        .tuple(valid, mutation)
        .map(([{ query, variables }, mutate]) => ({ query: mutate(query), variables })),
    },
    { weight: 1, arbitrary: fc.record({ query: oddText, variables: oddValue }) },
  );
}
