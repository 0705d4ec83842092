import * as fc from 'fast-check';

const METHODS = [
  ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'],
  ...['PROPFIND', 'QUERY', 'LOCK'],
];

const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'application/json;charset=latin1',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=koi8-r',
  'application/xml',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  'multipart/form-data; boundary="x',
  'multipart/mixed; boundary=x',
  ...['', '/', ';', 'application/', 'application/vnd.api+json', 'APPLICATION/JSON'],
  ...['a/b; c=d; c=e', '*/*', 'ä/ö'],
];

const PATH_TAILS = [
  ...['', '/', '//', '/..', '/../', '/%2e%2e/', '/%', '/%zz', '/%C3%28', '/%00', ';a=b', '/.', '.json'],
  ...['%2F', '/\\', '/a/b', '?', '#x', '/%ff'],
];

const QUERY_TAILS = [
  ...['&', '&=', '&a[]=1&a[]=2', '&%'],
  ...['&a[b][c][d][e][f]=1', '&page=1&page=2', '&__proto__[x]=1'],
];

const VALUES_BY_HEADER = {
  'idempotency-key': ['', '0', ' ', 'x'.repeat(256), 'x'.repeat(255), 'ä', '\t', 'same'],
  'x-request-id': ['', 'a b', 'x'.repeat(101), 'ok-1', "'"],
  'content-encoding': ['gzip', 'br', 'identity', 'nonsense', 'gzip, gzip'],
  accept: ['*/*', 'text/html', 'application/xml', 'x'.repeat(3_000), ''],
  host: ['fusedesk.example.com', '', 'epixel', '[::1', 'a b', 'x:99999'],
  'x-account-id': ['1', 'x'],
  'x-forwarded-for': ['x, y'],
  'x-forwarded-host': ['a'],
  range: ['bytes=0-'],
  'x-http-method-override': ['DELETE'],
  origin: ['null', 'https://evil.example'],
  'if-none-match': ['*'],
  expect: ['100-continue', 'nonsense'],
  cookie: ['a=b; =; ;;'],
  'access-control-request-method': ['PATCH'],
  authorization: ['Bearer', 'Basic YTpi', 'Bearer a b'],
  apikey: ['\t'],
  traceparent: ['00-0-0-0', 'x'],
  'accept-encoding': ['gzip;q=x'],
  'accept-language': ['x'.repeat(500)],
};
const HEADERS = Object.entries(VALUES_BY_HEADER).flatMap(([name, values]) =>
  values.map((value): [string, string] => [name, value]),
);

/** Mostly the method that is declared. */
export const methodOf = (declared: string): fc.Arbitrary<string> =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(declared) }, fc.constantFrom(...METHODS));

/** Mostly undefined, which is the type of the body. */
export const oddType: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 20, arbitrary: fc.constant(undefined) },
  fc.constantFrom(...TYPES),
);

/** What stands behind a path, mostly nothing. */
export const pathTail: fc.Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: fc.constant('') },
  fc.constantFrom(...PATH_TAILS),
);

/** What stands behind a query, mostly nothing. */
export const queryTail: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: fc.constant('') },
  fc.constantFrom(...QUERY_TAILS),
);

/** A few headers that mean something to somebody, mostly none. */
export const oddHeaders: fc.Arbitrary<[string, string][]> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<[string, string][]>([]) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...HEADERS), { maxLength: 3 }) },
);
