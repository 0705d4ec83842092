import { type ZodType, z } from 'zod';
import { BODY_MAX_BYTES } from './body';

/** A part of an OpenAPI document. */
export type Json = Record<string, unknown>;

/** Where a value stands. */
export type Side = 'address' | 'body' | 'answer';

/** Most characters of any text there: of a request line and its headers, or of a body. */
const TEXT_MAX: Record<Side, number> = { address: 16_384, body: BODY_MAX_BYTES, answer: BODY_MAX_BYTES };
/** Most items of any list there: of `a=&a=…`, of `[1,1,…]`, or as many records as there are numbers for. */
const LIST_MAX: Record<Side, number> = {
  address: TEXT_MAX.address / 3,
  body: BODY_MAX_BYTES / 2,
  answer: 2_147_483_647,
};
const LENGTH_BY_FORMAT: Record<string, number> = { uuid: 36, date: 10, email: 254 };
/** No text has a NUL: PostgreSQL can store none. */
const WITHOUT_NUL = '^[^\\u0000]*$';
const INT32_MAX = 2_147_483_647;

function boundText(schema: Json, side: Side): void {
  if (schema.enum !== undefined || schema.const !== undefined) return;
  schema.maxLength ??= LENGTH_BY_FORMAT[schema.format as string] ?? TEXT_MAX[side];
  if (schema.format === undefined) schema.pattern ??= WITHOUT_NUL;
}

function boundInteger(schema: Json): void {
  // What a query leaves out is read as the text that a client would send.
  if (typeof schema.default === 'string') schema.default = Number(schema.default);
  schema.minimum ??= Number.MIN_SAFE_INTEGER;
  schema.maximum ??= Number.MAX_SAFE_INTEGER;
  const isSmall = Number(schema.minimum) >= -INT32_MAX - 1 && Number(schema.maximum) <= INT32_MAX;
  schema.format ??= isSmall ? 'int32' : 'int64';
}

/** Says of a schema what holds for every value at its place. */
export function bound(schema: Json, side: Side): void {
  // A declared type is the form that documents tell of; further forms that are taken too are for old clients.
  if (typeof schema.type === 'string') delete schema.anyOf;
  if (schema.type === 'string') {
    delete schema.properties;
    boundText(schema, side);
  }
  if (schema.type === 'integer') boundInteger(schema);
  if (schema.type === 'array') schema.maxItems ??= Math.floor(LIST_MAX[side]);
}

/** The JSON Schema of what a side takes or answers. */
export function jsonSchema(schema: ZodType, side: Side): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    ...{ io: 'input', unrepresentable: 'any' },
    override: ({ jsonSchema: one }) => bound(one as Json, side),
  });
  return rest as Json;
}

const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** The field that samples of refusals blame: it stands for any. */
export const SAMPLE_FIELD = 'field';

function schemaOfObjects(objects: Json[]): Json {
  if (objects.some((one) => SAMPLE_FIELD in one)) {
    return {
      type: 'object',
      additionalProperties: schemaOfSamples(objects.flatMap((one) => Object.values(one))),
    };
  }
  const names = [...new Set(objects.flatMap((one) => Object.keys(one)))];
  const valuesOf = (name: string) => objects.filter((one) => name in one).map((one) => one[name]);
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, schemaOfSamples(valuesOf(name))])),
    required: names.filter((name) => objects.every((one) => name in one)),
  };
}

/** The JSON Schema that samples of an answer have in common. */
export function schemaOfSamples(samples: readonly unknown[]): Json {
  const kinds = [...new Set(samples.map(kindOf))].map((kind) => {
    const same = samples.filter((one) => kindOf(one) === kind);
    const schema: Json =
      kind === 'object'
        ? schemaOfObjects(same.filter(isObject))
        : { type: kind, ...(kind === 'array' && { items: schemaOfSamples(same.flat()) }) };
    bound(schema, 'answer');
    return schema;
  });
  return kinds.length === 1 ? (kinds[0] as Json) : { anyOf: kinds };
}
