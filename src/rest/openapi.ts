import type { ZodObject } from 'zod';
import { DomainError } from '../domain/error';
import type { RateLimit } from '../domain/rate-limit';
import type { BodyFormat, Credential, Dialect, Example, Route } from './dialect';
import { anyOf, jsonContent, Responses } from './openapi-responses';
import { type Json, jsonSchema } from './openapi-schema';

function parameters(schema: ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'address') as {
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

const SAMPLE_IDS: Record<Dialect['ids'], string> = {
  uuid: 'f1c2d3e4-5b6a-7c8d-9e0f-1a2b3c4d5e6f',
  integer: '123',
};

/** A documented body with sample ids where the example means the id of a record. */
function withSampleIds(body: unknown, { ids }: Dialect): unknown {
  return JSON.parse(JSON.stringify(body).replace(/\{id of [^}]+\}/g, SAMPLE_IDS[ids]));
}

const FORM_TYPES: [format: BodyFormat, type: string][] = [
  ['urlencoded', 'application/x-www-form-urlencoded'],
  ['multipart', 'multipart/form-data'],
];

function bodyOf(dialect: Dialect, variants: Route[], examples: readonly Example[]): Json | undefined {
  const bodies = new Set(variants.flatMap(({ body }) => body ?? []));
  if (bodies.size === 0) return undefined;
  const { status: refusedFor } = dialect.errors.INVALID(new DomainError('INVALID', 'sample'));
  const given = examples.filter(
    ({ request, response }) => request.body !== undefined && response.status !== refusedFor,
  );
  const schema = anyOf([...bodies].map((one) => jsonSchema(one, 'body')));
  const shown = given.map(({ title, request }) => [title, withSampleIds(request.body, dialect)] as const);
  const forms = FORM_TYPES.filter(([format]) => dialect.bodies?.includes(format));
  return {
    required: true,
    content: {
      'application/json': jsonContent(schema, shown),
      ...Object.fromEntries(forms.map(([, type]) => [type, { schema }])),
    },
  };
}

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Names the request: sent again within 72 hours it is not done again, and has the first answer with the header Idempotency-Replayed.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[ -~]+$' },
};

function describeLimit({ limit, windowSeconds }: RateLimit): string {
  return `At most ${limit} requests in ${windowSeconds} seconds, counted together with others of the same limit.`;
}

function descriptionOf(dialect: Dialect, [first, ...others]: Route[]): string {
  const summaries = [first, ...others].map((one) => `${one?.summary}.`).join(' Or: ');
  const isSignedIn = dialect.accessToken && !first?.isWithoutSession;
  const session = isSignedIn ? [' It needs the access token of an agent besides the key.'] : [];
  return [summaries, ` ${describeLimit(first?.rateLimit ?? dialect.rateLimit)}`, ...session].join('');
}

function parametersOf(variants: Route[]): Json[] {
  const all: Json[] = variants.flatMap(({ params, query }) => [
    ...parameters(params, 'path'),
    ...parameters(query, 'query'),
  ]);
  // What one of the operations needs may be what tells it from the others: optional unless all need it.
  const isAlwaysRequired = (name: unknown) =>
    all.filter((one) => one.name === name && one.required).length === variants.length;
  const byName = new Map<unknown, Json>(
    all.map((one) => [one.name, { ...one, required: isAlwaysRequired(one.name) }]),
  );
  return [...byName.values()];
}

function operationOf(dialect: Dialect, variants: Route[], responses: Responses): Json {
  const operations = variants.map(({ operation }) => operation);
  const examples = dialect.examples.filter(({ operation }) => operations.includes(operation));
  const isRead = variants[0]?.method === 'GET';
  const requestBody = bodyOf(dialect, variants, examples);
  return {
    operationId: operations.join('_or_'),
    summary: variants.map(({ summary }) => summary).join(' / '),
    description: descriptionOf(dialect, variants),
    tags: [dialect.title],
    parameters: [...parametersOf(variants), ...(isRead ? [] : [IDEMPOTENCY_KEY])],
    ...(requestBody && { requestBody }),
    responses: responses.of(variants, examples),
  };
}

/** How a credential is sent; undefined for one in the body, which OpenAPI has no word for. */
function securityScheme(credential: Credential): Json | undefined {
  if (credential.in === 'bearer') return { type: 'http', scheme: 'bearer' };
  const { in: place, name } = credential;
  return place === 'body' ? undefined : { type: 'apiKey', in: place, name };
}

function schemesOf(credentials: readonly Credential[]): Json[] {
  return credentials.map(securityScheme).filter((scheme) => scheme !== undefined);
}

function aboutOf({ about, credentials }: Dialect): string {
  const inBody = credentials.flatMap((one) => (one.in === 'body' ? [one.name] : []));
  return [about, ...inBody.map((name) => `The key may also be the field ${name} of the body.`)].join(' ');
}

/** Where the document comes from, which is what the request builder talks to; and any installation. */
const SERVERS = [
  {
    url: '/',
    description: 'The installation that serves this document, usually in production.',
    'x-internal': false,
  },
  {
    url: 'https://{host}',
    description: 'Any installation, in production or for staging.',
    'x-internal': false,
    variables: { host: { default: 'switchboard.test', description: 'Where it is reached.' } },
  },
];

/** The OpenAPI 3.1 document of a dialect, made from its declaration alone. */
export function openApiOf(dialect: Dialect): Json {
  const paths: Record<string, Json> = {};
  const responses = new Responses(dialect);
  for (const { path, method } of dialect.routes) {
    const variants = dialect.routes.filter((one) => one.path === path && one.method === method);
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(dialect, variants, responses) };
  }
  const schemes = schemesOf(dialect.credentials).map((scheme, at) => [`key${at + 1}`, scheme] as const);
  const tokens = schemesOf(dialect.accessToken ?? []).map((scheme) => ['accessToken', scheme] as const);
  const besides = Object.fromEntries(tokens.map(([name]) => [name, []]));
  const description = aboutOf(dialect);
  return {
    openapi: '3.1.0',
    info: {
      ...{ title: dialect.title, version: dialect.version, description },
      contact: { name: 'Whoever runs the installation' },
    },
    externalDocs: { url: dialect.documentation },
    servers: SERVERS,
    security: schemes.map(([name]) => ({ [name]: [], ...besides })),
    tags: [{ name: dialect.title, description }],
    paths,
    components: {
      securitySchemes: Object.fromEntries([...schemes, ...tokens]),
      ...responses.components(),
    },
  };
}
