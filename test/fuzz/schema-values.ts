import * as fc from 'fast-check';
import { oddText, oddValue } from './odd-values';

/** A JSON Schema, as OpenAPI documents have them. */
export interface Schema {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  [more: string]: unknown;
}

/** What there is to name: ids of records, by whom they are. */
export interface Pool {
  ids: readonly string[];
}

const EXAMPLES: Record<string, fc.Arbitrary<unknown>> = {
  date: fc.constantFrom('2026-01-31', '2024-02-29', '1999-12-31'),
  'date-time': fc.constantFrom(
    '2026-03-02T10:00:00Z',
    '2026-03-02T12:00:00+02:00',
    '2030-01-01T00:00:00.000Z',
  ),
  email: fc.constantFrom('jo@example.com', 'JO@Example.com', "o'hara+tag@sub.example.org"),
  uri: fc.constantFrom('https://example.com/hook', 'https://example.com/hook?a=b'),
};

const WORDS = fc.constantFrom(
  ...['Jo', 'John Doe', 'Acme & Sons', '+12345678900', '2345678900', 'lead.created', 'a,b', '1', '0', 'yes'],
  ...[
    '2026-03-02 10:00',
    '2026-03-02 10:00:00',
    '03/02/2026',
    'https://example.com/x',
    'jo@example.com',
    'UTC',
    '09:00',
  ],
);

function ofText({ format = '', maxLength }: Schema, { ids }: Pool): fc.Arbitrary<unknown> {
  const long =
    maxLength && maxLength < 100_000 ? [maxLength, maxLength + 1].map((length) => 'x'.repeat(length)) : [];
  return fc.oneof(
    { weight: 6, arbitrary: EXAMPLES[format] ?? WORDS },
    { weight: 4, arbitrary: fc.constantFrom(...ids) },
    ...(long.length > 0 ? [{ weight: 1, arbitrary: fc.constantFrom(...long) }] : []),
    { weight: 2, arbitrary: oddText },
  );
}

function ofNumber({ minimum = -2, maximum = 2_000 }: Schema, { ids }: Pool): fc.Arbitrary<unknown> {
  const edges = [minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1];
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...ids.map(Number).filter(Number.isSafeInteger), 1) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 120 }) },
    { weight: 2, arbitrary: fc.constantFrom(...edges) },
  );
}

function ofObject(
  { properties = {}, required = [], additionalProperties }: Schema,
  pool: Pool,
): fc.Arbitrary<unknown> {
  const entries = Object.entries(properties).map(([name, schema]) => {
    const given = valuesOf(schema, pool).map((value) => [[name, value]]);
    const isRequired = required.includes(name);
    return fc.oneof(
      { weight: isRequired ? 40 : 3, arbitrary: given },
      { weight: isRequired ? 1 : 5, arbitrary: fc.constant([]) },
    );
  });
  const free = typeof additionalProperties === 'object' ? valuesOf(additionalProperties, pool) : oddValue;
  const isOpen = typeof additionalProperties === 'object';
  const more = fc.oneof(
    { weight: isOpen ? 2 : 20, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fc.oneof(WORDS, oddText), free), { maxLength: 3 }) },
  );
  // By pairs: a key like __proto__ must become one of the object's own.
  return fc.tuple(...entries, more).map((parts) => Object.fromEntries(parts.flat() as [string, unknown][]));
}

function ofType(schema: Schema, type: string | undefined, pool: Pool): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return ofText(schema, pool);
    case 'integer':
    case 'number':
      return ofNumber(schema, pool);
    case 'boolean':
      return fc.constantFrom<unknown>(true, false, 0, 1, 'true', '0');
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, pool), { maxLength: 3 });
    case 'object':
      return ofObject(schema, pool);
    case 'null':
      return fc.constant(null);
    default:
      return fc.oneof(WORDS, oddValue);
  }
}

function expected(schema: Schema, pool: Pool): fc.Arbitrary<unknown> {
  const { anyOf, oneOf = anyOf, type } = schema;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (oneOf) return fc.oneof(...oneOf.map((one) => expected(one, pool)));
  const types = Array.isArray(type) ? type : [type];
  return fc.oneof(...types.map((one) => ofType(schema, one, pool)));
}

/** Values of a schema, a few of them odd ones. */
export function valuesOf(schema: Schema, pool: Pool): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: expected(schema, pool) }, { weight: 1, arbitrary: oddValue });
}

const SAMPLE_ID = /^(123|f1c2d3e4-.*)$/;

/** The documented value with ids that there are where it has sample ids. */
function withIds(value: unknown, id: string): unknown {
  const text = JSON.stringify(value, (_, part) => (SAMPLE_ID.test(String(part)) ? id : part));
  return JSON.parse(text);
}

/** A documented object in which a few fields are changed, missing or new. */
export function changedExample(
  examples: readonly unknown[],
  schema: Schema,
  pool: Pool,
): fc.Arbitrary<unknown> {
  const branches = [schema, ...(schema.oneOf ?? schema.anyOf ?? [])];
  const properties = Object.assign({}, ...branches.map((one) => one.properties ?? {})) as Record<
    string,
    Schema
  >;
  const fields = Object.entries(properties).map(([name, one]) =>
    valuesOf(one, pool).map((value) => [name, value]),
  );
  const field = fc.oneof(...fields, fc.tuple(oddText, oddValue));
  const parts = fc.record({
    ...{ example: fc.constantFrom(...examples), id: fc.constantFrom(...pool.ids) },
    changes: fc.array(field, { maxLength: 2 }),
    left: fc.option(fc.nat(20)),
  });
  return parts.map(({ example, id, changes, left }) => {
    if (example === null || typeof example !== 'object' || Array.isArray(example)) return example;
    const kept = Object.entries(withIds(example, id) as object).filter((_, at) => at !== left);
    return Object.fromEntries([...kept, ...changes] as [string, unknown][]);
  });
}
