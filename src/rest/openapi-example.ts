import type { Json } from './openapi-schema';

const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const SAMPLES: Record<string, string> = {
  uuid: '0190a000-0000-7000-8000-000000000000',
  date: '2026-01-31',
  'date-time': '2026-01-31T22:00:00.000Z',
};

/** What a field that a vendor's example leaves out may be: nothing where it can be nothing. */
function sampleOf(schema: Json): unknown {
  const {
    anyOf = [],
    const: only,
    enum: [first] = [],
    examples: [shown] = [],
    type,
    format = '',
    minimum,
  } = schema as {
    anyOf?: Json[];
    const?: unknown;
    enum?: unknown[];
    examples?: unknown[];
    type?: string;
    format?: string;
    minimum?: number;
  };
  const known = only ?? first ?? shown;
  if (known !== undefined) return known;
  if (anyOf.length > 0) return anyOf.some((one) => one.type === 'null') ? null : sampleOf(anyOf[0] as Json);
  if (type === 'object') return completed(schema, {});
  if (type === 'array') return [];
  if (type === 'boolean') return false;
  if (type === 'integer' || type === 'number') return Math.max(0, minimum ?? 0);
  return type === 'string' ? (SAMPLES[format] ?? '') : null;
}

function completedObject({ properties = {}, required = [], additionalProperties }: Json, value: Json): Json {
  const schemas = properties as Record<string, Json>;
  const given = Object.entries(value).map(([name, one]) => {
    const schema = schemas[name] ?? additionalProperties;
    return [name, isObject(schema) ? completed(schema, one) : one] as const;
  });
  const left = (required as string[]).filter((name) => !(name in value));
  const samples = left.map((name) => [name, sampleOf(schemas[name] as Json)] as const);
  return { ...Object.fromEntries(given), ...Object.fromEntries(samples) };
}

/** How well a schema knows a value: by the fields in it that it knows, less those that it does not. */
function fitOf(schema: unknown, value: unknown): number {
  if (!isObject(schema)) return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + fitOf(schema.items, item), 0);
  if (!isObject(value)) return 0;
  const { properties = {} } = schema as { properties?: Json };
  return Object.entries(value).reduce(
    (sum, [name, one]) => sum + (name in properties ? 1 + fitOf(properties[name], one) : -1),
    0,
  );
}

/** The alternative of a schema that a value is of. */
function alternativeOf(schemas: Json[], value: unknown): Json | undefined {
  if (Array.isArray(value)) return schemas.find(({ type }) => type === 'array');
  if (!isObject(value)) return undefined;
  const ofObjects = schemas.filter(({ type }) => type === 'object');
  return ofObjects.toSorted((a, b) => fitOf(b, value) - fitOf(a, value))[0];
}

/** A documented answer with the fields that it leaves out although every answer has them. */
export function completed(schema: Json, value: unknown): unknown {
  const { anyOf, oneOf = anyOf, items } = schema;
  if (oneOf !== undefined) {
    const one = alternativeOf(oneOf as Json[], value);
    return one ? completed(one, value) : value;
  }
  if (Array.isArray(value)) return isObject(items) ? value.map((item) => completed(items, item)) : value;
  return isObject(value) && schema.type === 'object' ? completedObject(schema, value) : value;
}
