import { type ZodObject, type ZodType, z } from 'zod';
import { DomainError, ERROR_CODES, type ErrorCode } from '../domain/error';
import type { Credential, Dialect, Example, RateLimit, Route } from './dialect';

type Json = Record<string, unknown>;

function jsonSchema(schema: ZodType): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest as Json;
}

function parameters(schema: ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    description,
    schema: rest,
  }));
}

function jsonContent(schemas: ZodType[], examples: (readonly [title: string, value: unknown])[]): Json {
  const [schema, ...others] = [...new Set(schemas)].map((one) => jsonSchema(one));
  const named = examples.map(([title, value]) => [title, { value }]);
  return {
    'application/json': {
      schema: others.length > 0 ? { oneOf: [schema, ...others] } : (schema ?? { type: 'object' }),
      examples: Object.fromEntries(named),
    },
  };
}

const SAMPLE_IDS: Record<Dialect['ids'], string> = {
  uuid: 'f1c2d3e4-5b6a-7c8d-9e0f-1a2b3c4d5e6f',
  integer: '123',
};

/** A documented body with sample ids where the example means the id of a record. */
function withSampleIds(body: unknown, { ids }: Dialect): unknown {
  return JSON.parse(JSON.stringify(body).replace(/\{id of [^}]+\}/g, SAMPLE_IDS[ids]));
}

function bodyOf(dialect: Dialect, variants: Route[], examples: readonly Example[]): Json | undefined {
  const schemas = variants.flatMap(({ body }) => body ?? []);
  if (schemas.length === 0) return undefined;
  const { status: refusedFor } = dialect.errors.INVALID(new DomainError('INVALID', 'sample'));
  const given = examples.filter(
    ({ request, response }) => request.body !== undefined && response.status !== refusedFor,
  );
  return {
    required: true,
    content: jsonContent(
      schemas,
      given.map(({ title, request }) => [title, withSampleIds(request.body, dialect)]),
    ),
  };
}

// Some dialects answer a body that cannot be read and fields that are wrong differently.
const REFUSALS = [
  ...ERROR_CODES.map((code) => new DomainError(code, code.toLowerCase().replaceAll('_', ' '))),
  new DomainError('INVALID', 'invalid', { fields: { field: ['What is wrong with it.'] } }),
];

/** What only writes are refused for. */
const OF_KEYS: ReadonlySet<ErrorCode> = new Set(['KEY_IN_USE', 'KEY_REUSED']);

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Names the request: sent again within 72 hours it is not done again, and has the first answer with the header Idempotency-Replayed.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
};

function refusalsOf(
  dialect: Dialect,
  { limit }: RateLimit,
  examples: readonly Example[],
  isRead: boolean,
): Record<string, Json> {
  const responses: Record<string, Json> = {};
  const quota = { isAllowed: false, limit, remaining: 0, resetAtMs: 0 };
  for (const refusal of REFUSALS.filter(({ code }) => !(isRead && OF_KEYS.has(code)))) {
    const { status, body } = dialect.errors[refusal.code](refusal, quota);
    const documented = examples.filter(({ response }) => response.status === status);
    const content = jsonContent(
      [],
      [[refusal.message, body], ...documented.map(({ title, response }) => [title, response.body] as const)],
    );
    responses[status] ??= { description: refusal.message, content };
  }
  return responses;
}

function answersOf(variants: Route[], examples: readonly Example[]): Record<string, Json> {
  const done = examples.filter(({ response }) => response.status < 400);
  const responses: Record<string, Json> = {};
  for (const status of new Set(done.map(({ response }) => response.status))) {
    const same = done.filter(({ response }) => response.status === status);
    const answering = variants.filter((one) => same.some(({ operation }) => operation === one.operation));
    const content = jsonContent(
      answering.map(({ answer }) => answer),
      same.map(({ title, response }) => [title, response.body]),
    );
    responses[status] = { description: 'Done.', content };
  }
  return responses;
}

function operationOf(dialect: Dialect, variants: Route[]): Json {
  const operations = variants.map(({ operation }) => operation);
  const examples = dialect.examples.filter(({ operation }) => operations.includes(operation));
  const parametersOfAll = variants.flatMap(({ params, query }) => [
    ...parameters(params, 'path'),
    ...parameters(query, 'query'),
  ]);
  // What one of the operations needs may be what tells it from the others: optional unless all need it.
  const isAlwaysRequired = (name: unknown) =>
    parametersOfAll.filter((one) => one.name === name && one.required).length === variants.length;
  const byName = new Map(
    parametersOfAll.map((one) => [one.name, { ...one, required: isAlwaysRequired(one.name) }]),
  );
  const isRead = variants[0]?.method === 'GET';
  const requestBody = bodyOf(dialect, variants, examples);
  return {
    operationId: operations.join('_or_'),
    summary: variants.map(({ summary }) => summary).join(' / '),
    tags: [dialect.title],
    parameters: [...byName.values(), ...(isRead ? [] : [IDEMPOTENCY_KEY])],
    ...(requestBody && { requestBody }),
    responses: {
      ...answersOf(variants, examples),
      ...refusalsOf(dialect, variants[0]?.rateLimit ?? dialect.rateLimit, examples, isRead),
    },
  };
}

function securityScheme(credential: Credential): Json {
  if (credential.in === 'bearer') return { type: 'http', scheme: 'bearer' };
  const { in: place, name } = credential;
  return { type: 'apiKey', in: place === 'body' ? 'query' : place, name };
}

/** The OpenAPI 3.1 document of a dialect, made from its declaration alone. */
export function openApiOf(dialect: Dialect): Json {
  const paths: Record<string, Json> = {};
  for (const { path, method } of dialect.routes) {
    const variants = dialect.routes.filter((one) => one.path === path && one.method === method);
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(dialect, variants) };
  }
  const schemes = dialect.credentials.map(
    (credential, at) => [`key${at + 1}`, securityScheme(credential)] as const,
  );
  const tokens = (dialect.accessToken ?? []).map((place) => ['accessToken', securityScheme(place)] as const);
  const besides = Object.fromEntries(tokens.map(([name]) => [name, []]));
  return {
    openapi: '3.1.0',
    info: { title: dialect.title, version: dialect.version, description: dialect.about },
    externalDocs: { url: dialect.documentation },
    servers: [{ url: '/' }],
    security: schemes.map(([name]) => ({ [name]: [], ...besides })),
    paths,
    components: { securitySchemes: Object.fromEntries([...schemes, ...tokens]) },
  };
}
