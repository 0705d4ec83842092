import * as fc from 'fast-check';
import { ERROR_CODES } from '../../src/domain/error';
import { buildApiSchema } from '../../src/graphql/schema';
import { Door } from '../graphql/door';
import { openTestAccount } from '../support/account';
import { endChildren } from '../support/child';
import { RawSocket } from '../support/raw-socket';
import { type WholeAccount, wholeAccount } from '../support/whole-account';
import { failureOf, faultOf, MARK } from './answer.rules';
import { fuzz, REQUESTS, sayOf } from './fuzz-run';
import { type Operation, operationsOf } from './graphql-operation';
import { oddText, oddValue } from './odd-values';
import { type Answer, Target } from './target';
import { type Request, wellFormed } from './wire-request';

/** A fifth of the requests are GraphQL's. */
const SHARE = Math.ceil(REQUESTS * 0.2);
const OVER_SOCKETS = Math.ceil(SHARE / 5);
const CODES: ReadonlySet<string> = new Set(ERROR_CODES);
/** Rows that the account cannot do without: its key would be revoked before long. */
const KEPT = ['api_key', 'account'];

jest.setTimeout(30 * 60_000);

let target: Target;
let account: WholeAccount;
let operations: fc.Arbitrary<Operation>;

const idsOf = ({ idsByTable }: WholeAccount) =>
  [...idsByTable].flatMap(([table, ids]) => (KEPT.includes(table) ? [] : ids.slice(0, 3)));

beforeAll(async () => {
  target = await Target.start();
  const door = await Door.open();
  account = await wholeAccount(door, 'own', await openTestAccount());
  const other = await wholeAccount(door, MARK);
  await door.close();
  const ids = [...idsOf(account), ...idsOf(other).slice(0, 10), '0190a000-0000-7000-8000-000000000000', '1'];
  operations = operationsOf(buildApiSchema(), { ids });
});
afterAll(async () => {
  target.close();
  await endChildren();
});

const posted = ({ query, variables }: Operation): Request => ({
  ...{ method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json' } },
  body: Buffer.from(JSON.stringify({ query, variables }) ?? ''),
});

const escaped = (text: string) => encodeURIComponent(wellFormed(text)).slice(0, 5_000);

const gotten = ({ query, variables }: Operation): Request => {
  const path = `/graphql?query=${escaped(query)}&variables=${escaped(JSON.stringify(variables) ?? '')}`;
  return { method: 'GET', path, headers: { 'apollo-require-preflight': '1' } };
};

const TYPES = [
  'text/plain',
  'application/json; charset=utf-16',
  'multipart/form-data; boundary=x',
  'application/graphql',
  '',
  ';',
];

const requests = (): fc.Arbitrary<Request> => {
  const odd = fc
    .record({
      query: fc.oneof(oddValue, fc.constant('{ account { id } }')),
      more: fc.dictionary(
        fc.constantFrom('operationName', 'variables', 'extensions', 'documentId', 'query'),
        oddValue,
      ),
    })
    .map(({ query, more }) => ({
      ...posted({ query: '', variables: {} }),
      body: Buffer.from(JSON.stringify({ query, ...more })),
    }));
  const raw = oddText.map((text) => ({ ...posted({ query: '', variables: {} }), body: Buffer.from(text) }));
  const typed = fc
    .tuple(
      operations,
      fc.constantFrom(...TYPES),
      fc.constantFrom('POST', 'PUT', 'GET', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE'),
    )
    .map(([operation, type, method]) => ({
      ...posted(operation),
      method,
      headers: { 'content-type': type },
    }));
  return fc.oneof(
    { weight: 20, arbitrary: operations.map(posted) },
    { weight: 3, arbitrary: operations.map(gotten) },
    odd,
    raw,
    typed,
  );
};

/** What is wrong with a result; undefined when it is as the door documents it. */
function resultFaultOf(text: string): string | undefined {
  const { data, errors } = JSON.parse(text) as {
    data?: unknown;
    errors?: { extensions?: { code?: string } }[];
  };
  if (errors === undefined) return data === undefined ? 'it has neither data nor errors' : undefined;
  const codes = errors.map(({ extensions }) => extensions?.code ?? 'none');
  const unknown = codes.find((code) => !CODES.has(code) || code === 'INTERNAL');
  return unknown && `an error has the code ${unknown}`;
}

/** Answers to methods that GraphQL has no use for are the server's own. */
function graphqlFaultOf({ method }: Request, answer: Answer): string | undefined {
  const isGraphql = method === 'POST' || (method === 'GET' && answer.text !== '');
  return faultOf(answer) ?? (isGraphql ? resultFaultOf(answer.text) : undefined);
}

test('GraphQL answers odd requests', async () => {
  await fuzz(requests(), SHARE, async (request) => {
    const signed = { ...request, headers: { authorization: `Bearer ${account.key}`, ...request.headers } };
    const answer = await target.send(signed);
    const fault = answer && graphqlFaultOf(signed, answer);
    if (fault) throw failureOf(signed, answer, fault);
  });
  sayOf('GraphQL', target.statuses);
  expect(target.errors).toEqual([]);
});

/** A socket that is opened again when what it was sent has ended it. */
class Line {
  private socket: RawSocket | undefined;
  private operations = 0;

  async ask({ query, variables }: Operation): Promise<string> {
    this.socket ??= await RawSocket.signedIn(target.gateway.port, account.key);
    this.operations += 1;
    const id = String(this.operations);
    this.socket.send({ type: 'subscribe', id, payload: { query, variables } });
    const texts: string[] = [];
    while (!(await this.socket.isAtEnd())) {
      const { type, payload } = await this.socket.take();
      if (type === 'complete') return texts.join('\n');
      if (type === 'ping') continue;
      texts.push(JSON.stringify(type === 'error' ? { errors: payload } : payload));
      if (type === 'error') return texts.join('\n');
    }
    const { code, reason } = await this.socket.closed;
    this.socket = undefined;
    return JSON.stringify({
      errors: [{ message: reason, extensions: { code: code === 1011 ? 'INTERNAL' : 'INVALID' } }],
    });
  }

  close(): void {
    this.socket?.socket.terminate();
  }
}

test('GraphQL over WebSocket answers odd operations', async () => {
  // A line is asked one thing at a time, so each lane of the run takes one that is free.
  const free = Array.from({ length: 4 }, () => new Line());
  const asked = operations.filter(({ query }) => !query.startsWith('subscription'));
  await fuzz(asked, OVER_SOCKETS, async (operation) => {
    const line = free.pop() ?? new Line();
    const text = await line.ask(operation);
    free.push(line);
    const answer = { status: 200, headers: {}, text };
    const fault = faultOf(answer) ?? resultFaultOf(text);
    if (fault) throw failureOf(posted(operation), answer, fault);
  });
  for (const line of free) line.close();
  expect(target.errors).toEqual([]);
});
