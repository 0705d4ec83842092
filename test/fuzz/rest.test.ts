import * as fc from 'fast-check';
import { openApiOf } from '../../src/rest/openapi';
import { endChildren } from '../support/child';
import { Conformance } from '../support/conformance';
import { EACH_DIALECT } from '../support/dialect-client';
import { failureOf, MARK, restFaultOf } from './answer.rules';
import { fuzz, REQUESTS, sayOf } from './fuzz-run';
import { RestAccount, signed } from './rest-account';
import { type RestDocument, requestsOf, type Signing } from './rest-request';
import { Target } from './target';

/** Four fifths of the requests are the dialects'. */
const SHARE = Math.ceil((REQUESTS * 0.8) / EACH_DIALECT.length);
const NUMBERS = ['0', '-1', '1', '2147483647', '2147483648', '9999999999'];

jest.setTimeout(30 * 60_000);

let target: Target;

beforeAll(async () => {
  target = await Target.start();
});
afterAll(async () => {
  target.close();
  await endChildren();
});

test.each(EACH_DIALECT)('%s answers odd requests', async (name, dialect) => {
  const account = await RestAccount.open(target, dialect, { requests: SHARE });
  const other = await RestAccount.open(target, dialect, { requests: 1, mark: MARK });
  const signing = fc.oneof(
    { weight: 30, arbitrary: fc.constant<Signing>((request) => signed(dialect, request, account.next())) },
    fc.constantFrom<Signing>(
      (request) => request,
      (request) => signed(dialect, request, { key: 'nonsense' }),
    ),
  );
  const pool = { ids: [...account.ids, ...other.ids.slice(0, 5), ...NUMBERS] };
  const document = openApiOf(dialect) as unknown as RestDocument;
  const conformance = new Conformance(dialect);
  target.statuses.clear();
  await fuzz(requestsOf(document, { pool, signing }), SHARE, async (request) => {
    const answer = await target.send(request);
    const fault = answer && restFaultOf(request, answer, conformance);
    if (fault) throw failureOf(request, answer, fault);
  });
  sayOf(name, target.statuses);
  expect(target.requests).toBeGreaterThanOrEqual(SHARE);
  expect(target.errors).toEqual([]);
});
