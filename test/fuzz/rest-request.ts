import * as fc from 'fast-check';
import { oddText, oddValue } from './odd-values';
import { changedExample, type Pool, type Schema, valuesOf } from './schema-values';

/** A request as it goes over the wire. */
export interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
  /** Path of the document that it was made of; undefined for what is no operation. */
  operation?: string;
}

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

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'LOCK',
];
const TYPES = [
  ...[
    'application/json',
    'application/json; charset=utf-16',
    'application/json;charset=latin1',
    'text/plain',
  ],
  ...[
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=koi8-r',
    'application/xml',
  ],
  ...[
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary="x',
    'multipart/mixed; boundary=x',
  ],
  ...[
    '',
    '/',
    ';',
    'application/',
    'application/vnd.api+json',
    'APPLICATION/JSON',
    'a/b; c=d; c=e',
    '*/*',
    'ä/ö',
  ],
];
const PATH_TAILS = [
  '',
  '/',
  '//',
  '/..',
  '/../',
  '/%2e%2e/',
  '/%',
  '/%zz',
  '/%C3%28',
  '/%00',
  ';a=b',
  '/.',
  '.json',
  '%2F',
  '/\\',
  '/a/b',
  '?',
  '#x',
  '/%ff',
];
const HEADERS: [string, string][] = [
  ...['', '0', ' ', 'x'.repeat(256), 'x'.repeat(255), 'ä', '\t', 'same'].map(
    (key) => ['idempotency-key', key] as [string, string],
  ),
  ...['', 'a b', 'x'.repeat(101), 'ok-1', "'"].map((id) => ['x-request-id', id] as [string, string]),
  ...['gzip', 'br', 'identity', 'nonsense', 'gzip, gzip'].map(
    (coding) => ['content-encoding', coding] as [string, string],
  ),
  ...['*/*', 'text/html', 'application/xml', 'x'.repeat(3_000), ''].map(
    (type) => ['accept', type] as [string, string],
  ),
  ...([
    ['host', 'fusedesk.example.com'],
    ['host', ''],
    ['host', 'epixel'],
    ['host', '[::1'],
    ['host', 'a b'],
    ['host', 'x:99999'],
  ] as [string, string][]),
  ...([
    ['x-account-id', '1'],
    ['x-account-id', 'x'],
    ['x-forwarded-for', 'x, y'],
    ['x-forwarded-host', 'a'],
    ['range', 'bytes=0-'],
  ] as [string, string][]),
  ...([
    ['x-http-method-override', 'DELETE'],
    ['origin', 'null'],
    ['origin', 'https://evil.example'],
    ['if-none-match', '*'],
  ] as [string, string][]),
  ...([
    ['expect', '100-continue'],
    ['expect', 'nonsense'],
    ['cookie', 'a=b; =; ;;'],
    ['access-control-request-method', 'PATCH'],
  ] as [string, string][]),
  ...([
    ['authorization', 'Bearer'],
    ['authorization', 'Basic YTpi'],
    ['authorization', 'Bearer a b'],
    ['apikey', '\t'],
  ] as [string, string][]),
  ...([
    ['traceparent', '00-0-0-0'],
    ['traceparent', 'x'],
    ['accept-encoding', 'gzip;q=x'],
    ['accept-language', 'x'.repeat(500)],
  ] as [string, string][]),
];

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
/** The text with a sign for each lone half of a surrogate pair. */
export const wellFormed = (text: string) =>
  text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
const escaped = (text: string) => encodeURIComponent(wellFormed(text)).slice(0, 6_000);

/** Pairs of a form, with lists and objects in PHP's brackets. */
function pairsOf(value: unknown, name: string, depth = 0): [string, string][] {
  if (value === null || typeof value !== 'object' || depth > 7) return [[name, textOf(value)]];
  return Object.entries(value)
    .slice(0, 1_200)
    .flatMap(([key, item]) => pairsOf(item, name === '' ? key : `${name}[${key}]`, depth + 1));
}

const queryOf = (pairs: [string, string][]) =>
  pairs
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .join('&')
    .slice(0, 9_000);

function multipartOf(value: unknown, boundary: string): string {
  const parts = pairsOf(value, '').map(([name, text]) => {
    const quoted = wellFormed(name).replace(/["\r\n]/g, '_');
    return `--${boundary}\r\nContent-Disposition: form-data; name="${quoted}"\r\n\r\n${wellFormed(text)}\r\n`;
  });
  return `${parts.join('')}--${boundary}--\r\n`;
}

const ENCODINGS: Record<string, (value: unknown) => { type: string; body: string }> = {
  json: (value) => ({ type: 'application/json', body: JSON.stringify(value) ?? '' }),
  urlencoded: (value) => ({
    type: 'application/x-www-form-urlencoded',
    body: pairsOf(value, '')
      .map(
        ([name, text]) => `${encodeURIComponent(wellFormed(name))}=${encodeURIComponent(wellFormed(text))}`,
      )
      .join('&'),
  }),
  multipart: (value) => ({ type: 'multipart/form-data; boundary=x-y', body: multipartOf(value, 'x-y') }),
};

const mutation: fc.Arbitrary<(body: Buffer) => Buffer> = fc.oneof(
  { weight: 24, arbitrary: fc.constant((body: Buffer) => body) },
  fc.nat(60).map((at) => (body: Buffer) => body.subarray(0, at)),
  fc.tuple(fc.nat(60), fc.uint8Array({ minLength: 1, maxLength: 4 })).map(
    ([at, bytes]) =>
      (body: Buffer) =>
        Buffer.concat([body.subarray(0, at), bytes, body.subarray(at)]),
  ),
  fc.constant((body: Buffer) => Buffer.from(body.toString('utf8'), 'utf16le')),
  fc.constant((body: Buffer) => Buffer.concat([Buffer.from('\ufeff'), body])),
  // Deeper than what walks by recursion can go.
  fc.constantFrom(['[', ']'], ['{"a":', '}']).map(
    ([open = '', close = '']) =>
      (body: Buffer) =>
        Buffer.from(
          body
            .toString('utf8')
            .replace(/:("[^"]*"|-?\d+)/, () => `:${open.repeat(50_000)}1${close.repeat(50_000)}`),
        ),
  ),
  // The same key twice.
  fc.constant((body: Buffer) =>
    Buffer.from(body.toString('utf8').replace(/^\{(?=")/, '{"name":1,"name":"x",')),
  ),
  fc.constant((body: Buffer) => Buffer.concat([body, body])),
);

const bodyOf = (value: fc.Arbitrary<unknown>) =>
  fc
    .tuple(
      value,
      fc.oneof({ weight: 8, arbitrary: fc.constant('json') }, fc.constantFrom('urlencoded', 'multipart')),
      mutation,
    )
    .map(([given, encoding, mutate]) => {
      const { type, body } = (ENCODINGS[encoding] as (value: unknown) => { type: string; body: string })(
        given,
      );
      return { type, body: mutate(Buffer.from(body, 'utf8')) };
    });

const nothing = fc.constant(undefined);
const headers: fc.Arbitrary<[string, string][]> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<[string, string][]>([]) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...HEADERS), { maxLength: 3 }) },
);

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
    .tuple(
      valuesOf(object, pool),
      fc.oneof(
        { weight: 10, arbitrary: fc.constant('') },
        fc.constantFrom(
          '&',
          '&=',
          '&a[]=1&a[]=2',
          '&%',
          '&a[b][c][d][e][f]=1',
          '&page=1&page=2',
          '&__proto__[x]=1',
        ),
      ),
    )
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
    tail: fc.oneof({ weight: 30, arbitrary: fc.constant('') }, fc.constantFrom(...PATH_TAILS)),
    query: queryFor(parameters, pool),
    body,
    headers,
    type: fc.oneof({ weight: 20, arbitrary: nothing }, fc.constantFrom(...TYPES)),
    method: fc.oneof(
      { weight: 30, arbitrary: fc.constant(method.toUpperCase()) },
      fc.constantFrom(...METHODS),
    ),
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
