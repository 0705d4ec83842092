import { z } from 'zod';
import type { Dialect } from '../../src/rest/dialect';
import { openApiOf } from '../../src/rest/openapi';
import { routeTable } from '../../src/rest/route-table';
import { EACH_DIALECT } from '../support/dialect-client';

type Json = Record<string, unknown>;

const text = z.string().min(1);
const media = z.strictObject({
  schema: z.looseObject({}),
  examples: z.record(text, z.strictObject({ value: z.unknown() })).optional(),
});
const form = z.strictObject({ schema: z.looseObject({}) });
const content = z.strictObject({
  'application/json': media,
  'application/x-www-form-urlencoded': form.optional(),
  'multipart/form-data': form.optional(),
});
const ref = (kind: string) => z.strictObject({ $ref: z.string().startsWith(`#/components/${kind}/`) });
const response = z.strictObject({
  description: text,
  headers: z.record(text, ref('headers')),
  content: z.strictObject({ 'application/json': media }),
});
const operation = z.strictObject({
  operationId: text,
  summary: text,
  description: text,
  tags: z.array(text).min(1),
  parameters: z.array(
    z.strictObject({
      name: text,
      in: z.enum(['path', 'query', 'header']),
      required: z.boolean(),
      description: text,
      schema: z.looseObject({}),
    }),
  ),
  requestBody: z.strictObject({ required: z.literal(true), content }).optional(),
  responses: z.record(z.string().regex(/^[2-5]\d\d$/), z.union([response, ref('responses')])),
});
const securityScheme = z.union([
  z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer') }),
  z.strictObject({ type: z.literal('apiKey'), in: z.enum(['header', 'query']), name: text }),
]);
// The parts of https://spec.openapis.org/oas/v3.1.0 that the documents use.
const documentShape = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    ...{ title: text, version: text, description: text },
    contact: z.strictObject({ name: text }),
  }),
  externalDocs: z.strictObject({ url: z.url() }),
  servers: z.array(z.looseObject({ url: text, description: text, 'x-internal': z.boolean() })).min(1),
  security: z.array(z.record(text, z.array(text))),
  tags: z.array(z.strictObject({ name: text, description: text })),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation),
  ),
  components: z.strictObject({
    securitySchemes: z.record(text, securityScheme),
    headers: z.record(text, z.strictObject({ description: text, schema: z.looseObject({}) })),
    responses: z.record(text, response),
  }),
});

/** Rows for `test.each`: every operation of a dialect's document. */
function operationsOf(dialect: Dialect) {
  const { paths, components } = documentShape.parse(openApiOf(dialect));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => {
      const responses = Object.entries(one.responses).map(([status, part]) => {
        const own = '$ref' in part ? components.responses[part.$ref.split('/').at(-1) as string] : part;
        return [status, own as z.infer<typeof response>] as const;
      });
      const resolved = { ...one, responses: Object.fromEntries(responses) };
      return [`${method.toUpperCase()} ${path}`, path, resolved] as const;
    }),
  );
}

/** Every schema in a schema, itself included. */
function schemasIn(schema: Json): Json[] {
  const { properties = {}, items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  const parts = [...Object.values(properties as Json), items, additionalProperties].filter(
    (part) => typeof part === 'object' && Object.keys(part as Json).length > 0,
  );
  const inner = [...parts, ...(anyOf as Json[]), ...(oneOf as Json[])] as Json[];
  return [schema, ...inner.flatMap(schemasIn)];
}

function check(schema: Json, value: unknown): unknown {
  return z.fromJSONSchema(schema as never).safeParse(value).error?.issues;
}

describe.each(EACH_DIALECT)('%s', (_, dialect) => {
  test('the document is OpenAPI 3.1, and its operations have names of their own', () => {
    const ids = operationsOf(dialect).map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('every route is in the document, and nothing else', () => {
    const documented = operationsOf(dialect).map(([name]) => name);
    expect(documented.toSorted()).toEqual(
      [...new Set(dialect.routes.map(({ method, path }) => `${method} ${path}`))].toSorted(),
    );
    const names = operationsOf(dialect).flatMap(([, , { operationId }]) => operationId.split('_or_'));
    expect(names.toSorted()).toEqual(dialect.routes.map(({ operation: name }) => name).toSorted());
  });

  test('every place of a key is a security scheme, or told of where OpenAPI has no word for it', () => {
    const { info, security, components } = documentShape.parse(openApiOf(dialect));
    const schemes = Object.keys(components.securitySchemes).filter((name) => name !== 'accessToken');
    const besides = dialect.accessToken ? { accessToken: [] } : {};
    const inBody = dialect.credentials.filter((one) => one.in === 'body');
    expect(schemes).toHaveLength(dialect.credentials.length - inBody.length);
    for (const { name } of inBody) expect(info.description).toContain(`the field ${name} of the body`);
    expect(security).toEqual(schemes.map((name) => ({ [name]: [], ...besides })));
    expect('accessToken' in components.securitySchemes).toBe(dialect.accessToken !== undefined);
  });

  test.each(operationsOf(dialect))(
    '%s: parameters are those of the path and the schemas',
    (__, path, one) => {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parameters = one.parameters.filter((parameter) => parameter.in === 'path');
      expect(parameters.map(({ name, required }) => ({ name, required }))).toEqual(
        inPath.map((name) => ({ name, required: true })),
      );
      const variants = dialect.routes.filter(({ operation: name }) =>
        one.operationId.split('_or_').includes(name),
      );
      const inQuery = variants.flatMap(({ query }) => Object.keys(query?.shape ?? {}));
      expect(one.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)).toEqual([
        ...new Set(inQuery),
      ]);
    },
  );

  test.each(operationsOf(dialect))('%s: writes have an Idempotency-Key, reads have none', (name, __, one) => {
    const headers = one.parameters.filter((parameter) => parameter.in === 'header');
    const isRead = name.startsWith('GET ');
    expect(headers.map((header) => header.name)).toEqual(isRead ? [] : ['Idempotency-Key']);
  });

  test.each(operationsOf(dialect))('%s: every schema says what it is of', (__, ___, one) => {
    const contents = [one.requestBody, ...Object.values(one.responses)].flatMap(
      (part) => part?.content ?? [],
    );
    const schemas = [
      ...one.parameters.map(({ schema }) => schema),
      ...contents.map((part) => part['application/json'].schema),
    ].flatMap(schemasIn);
    expect(
      schemas.filter(({ type, anyOf, oneOf, enum: words }) => !(type ?? anyOf ?? oneOf ?? words)),
    ).toEqual([]);
  });

  test.each(operationsOf(dialect))('%s: the examples are of their schemas', (__, ___, one) => {
    const request = one.requestBody?.content['application/json'];
    for (const { value } of Object.values(request?.examples ?? {})) {
      expect(check(request?.schema as Json, value)).toBeUndefined();
    }
    const isShown = dialect.examples.some(
      ({ operation: name, response: { status } }) =>
        status < 400 && one.operationId.split('_or_').includes(name),
    );
    for (const [status, { content: answer }] of Object.entries(one.responses)) {
      const { schema, examples = {} } = answer['application/json'];
      expect(Object.keys(examples).length > 0).toBe(status !== '200' || isShown);
      for (const { value } of Object.values(examples)) {
        expect({ value, issues: check(schema, value) }).toEqual({ value, issues: undefined });
      }
    }
  });

  test('the table of routes names every operation', () => {
    const table = routeTable([dialect]);
    for (const { method, path, operation: name } of dialect.routes) {
      expect(table).toMatch(
        new RegExp(`^\\| ${method} \\| \`${path.replace(/[{}]/g, '\\$&')}\` \\|.*\\| ${name} \\|$`, 'm'),
      );
    }
  });
});
