import * as fc from 'fast-check';
import { methodOf, oddHeaders, oddType, pathTail, queryTail } from './odd-http';
import { oddText, oddValue } from './odd-values';
import { bodyOf, pairsOf } from './request-body';
import { changedExample, type Pool, type Schema, valuesOf } from './schema-values';
import { escaped, type Request } from './wire-request';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}

interface Operation {
  parameters: Parameter[];
  requestBody?: {
    content: Record<string, { schema: Schema; examples?: Record<string, { value: unknown }> }>;
  };
}

/** The parts of an OpenAPI document that requests are made of. */
export interface RestDocument {
  paths: Record<string, Record<string, Operation>>;
}

/** How a key is sent. */
export type Signing = (request: Request) => Request;

const queryOf = (pairs: [string, string][]) =>
  pairs
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .join('&')
    .slice(0, 9_000);

const nothing = fc.constant(undefined);

interface Material {
  /** What to name in paths. */
  pool: Pool;
  /** How the request gets a key, mostly a good one. */
  signing: fc.Arbitrary<Signing>;
}

function pathOf(template: string, parameters: Parameter[], pool: Pool): fc.Arbitrary<string> {
  const names = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const value = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...pool.ids) },
    { weight: 2, arbitrary: oddText },
  );
  return fc
    .tuple(...names.map(() => value))
    .map((values) =>
      names.reduce(
        (path, name, at) => path.replace(`{${name}}`, () => escaped(values[at] as string) || '%20'),
        template,
      ),
    );
}

function queryFor(parameters: Parameter[], pool: Pool): fc.Arbitrary<string> {
  const inQuery = parameters.filter((one) => one.in === 'query');
  const object: Schema = {
    type: 'object',
    properties: Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])),
    required: inQuery.filter(({ required }) => required).map(({ name }) => name),
  };
  return fc
    .tuple(valuesOf(object, pool), queryTail)
    .map(([given, tail]) => queryOf(pairsOf(given, '').filter(([name]) => name !== '')) + tail);
}

/** Requests of an operation, some of them with a part that is odd. */
function requestOf(
  template: string,
  method: string,
  operation: Operation,
  { pool, signing }: Material,
): fc.Arbitrary<Request> {
  const { parameters, requestBody } = operation;
  const [content] = Object.values(requestBody?.content ?? {});
  const examples = Object.values(content?.examples ?? {}).map(({ value }) => value);
  const likely = examples.length > 0 && content ? [changedExample(examples, content.schema, pool)] : [];
  const body = content
    ? fc.oneof(
        ...likely.map((one) => ({ weight: 20, arbitrary: bodyOf(one) })),
        { weight: 10, arbitrary: bodyOf(valuesOf(content.schema, pool)) },
        bodyOf(oddValue),
        nothing,
      )
    : fc.oneof({ weight: 9, arbitrary: nothing }, bodyOf(oddValue));
  const parts = fc.record({
    path: pathOf(template, parameters, pool),
    tail: pathTail,
    query: queryFor(parameters, pool),
    body,
    headers: oddHeaders,
    type: oddType,
    method: methodOf(method.toUpperCase()),
    sign: signing,
  });
  return parts.map((given) => {
    const address = given.path + given.tail + (given.query === '' ? '' : `?${given.query}`);
    const type = given.type ?? given.body?.type;
    // A host may be another dialect's.
    const isAsDeclared =
      given.tail === '' &&
      given.method === method.toUpperCase() &&
      given.headers.every(([name]) => name !== 'host');
    return given.sign({
      method: given.method,
      path: address,
      headers: { ...(type !== undefined && { 'content-type': type }), ...Object.fromEntries(given.headers) },
      ...(given.body && { body: given.body.body }),
      ...(isAsDeclared && { operation: template }),
    });
  });
}

/** Requests of every operation of a document. */
export function requestsOf({ paths }: RestDocument, material: Material): fc.Arbitrary<Request> {
  return fc.oneof(
    ...Object.entries(paths).flatMap(([template, methods]) =>
      Object.entries(methods).map(([method, operation]) => requestOf(template, method, operation, material)),
    ),
  );
}
