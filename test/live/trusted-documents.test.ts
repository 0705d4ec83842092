import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocuments } from '../../src/graphql/documents/document-manifest';
import { buildApiSchema } from '../../src/graphql/schema';
import { openTestAccount, type TestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { cursorNow } from '../support/change-log';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { RawSocket } from '../support/raw-socket';

const ACCOUNT = 'query Account { account { id } }';
const CREATE_TAG = 'mutation CreateTag($name: String!) { createTag(input: { name: $name }) { name } }';
const TAG_CREATED = 'subscription TagCreated($since: String) { tagCreated(since: $since) { tag { name } } }';
const OTHER = 'query Account { account { name } }';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
let account: TestAccount;
/** Serves registered documents only. */
let closed: LiveServer;
/** Knows the same documents, and serves others too. */
let open: LiveServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-documents-'));
  const manifests = join(folder, 'manifests');
  await mkdir(manifests);
  await writeFile(join(manifests, 'web.json'), JSON.stringify({ [sha256(ACCOUNT)]: ACCOUNT }));
  await writeFile(
    join(manifests, 'app.json'),
    JSON.stringify({
      ...{ format: 'apollo-persisted-query-manifest', version: 1 },
      operations: [{ id: 'create-tag', name: 'CreateTag', type: 'mutation', body: CREATE_TAG }],
    }),
  );
  await writeFile(join(manifests, 'tag-created.graphql'), TAG_CREATED);
  await writeFile(join(manifests, 'notes.txt'), 'not a document');
  const settings = { PERSISTED_DOCUMENTS: manifests };
  closed = await startLiveServer({ settings: { ...settings, PERSISTED_ONLY: 'true' } });
  open = await startLiveServer({ settings });
  account = await openTestAccount();
});

afterAll(async () => {
  await Promise.all([closed.close(), open.close()]);
  await rm(folder, { recursive: true });
});

interface Answer {
  status?: number;
  data?: unknown;
  errors?: { message: string; extensions: object }[];
}

type Send = (server: LiveServer, request: Record<string, unknown>) => Promise<Answer>;

const post: Send = async ({ port }, request) => {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    ...{ method: 'POST', body: JSON.stringify(request) },
    headers: { 'content-type': 'application/json', 'x-api-key': account.key },
  });
  return { status: response.status, ...((await response.json()) as object) };
};

const get: Send = async ({ port }, request) => {
  const parameters = Object.entries(request).map(([name, value]) => [
    ...[name, typeof value === 'string' ? value : JSON.stringify(value)],
  ]);
  const response = await fetch(`http://127.0.0.1:${port}/graphql?${new URLSearchParams(parameters)}`, {
    headers: { 'apollo-require-preflight': '1', 'x-api-key': account.key },
  });
  return { status: response.status, ...((await response.json()) as object) };
};

/** The protocol wants a query, which is empty where a document is named otherwise. */
const overSocket: Send = async ({ port }, request) => {
  const socket = await RawSocket.signedIn(port, account.key);
  socket.send({ type: 'subscribe', id: '1', payload: { query: '', ...request } });
  const { type, payload } = await socket.take();
  await socket.close();
  return type === 'error' ? { errors: payload as Answer['errors'] } : (payload as Answer);
};

const apq = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

const TRANSPORTS: [name: string, send: Send][] = [
  ['POST', post],
  ['GET', get],
  ['a socket', overSocket],
];

describe.each(TRANSPORTS)('over %s', (name, send) => {
  const isHttp = name !== 'a socket';

  test.each([
    ['by its hash', apq(sha256(ACCOUNT))],
    ['by its hash and its text', { query: ACCOUNT, ...apq(sha256(ACCOUNT)) }],
    ['by its id', { documentId: sha256(ACCOUNT) }],
    ['by its id with the prefix', { documentId: `sha256:${sha256(ACCOUNT)}` }],
    ['by its text', { query: ACCOUNT }],
    ['by its id, and its operation by name', { documentId: sha256(ACCOUNT), operationName: 'Account' }],
  ])('a registered document is served %s', async (_, request) => {
    for (const server of [closed, open]) {
      expect(await send(server, request)).toEqual({
        ...(isHttp && { status: 200 }),
        data: { account: { id: account.ctx.account.id } },
        extensions: { cost: { requested: 1, maximum: 50_000 } },
      });
    }
  });

  const unknown = (id: string) => `No document is registered with the id ${id}.`;

  const UNREGISTERED: [name: string, request: Record<string, unknown>, message: string][] = [
    ['a text', { query: OTHER }, 'Only registered documents are served, and this one is not registered.'],
    [
      'a registered text but for a space',
      { query: `${ACCOUNT} ` },
      'Only registered documents are served, and this one is not registered.',
    ],
    [
      'a text that would register itself',
      { query: OTHER, ...apq(sha256(OTHER)) },
      'Only registered documents are served, and this one is not registered.',
    ],
    ['a hash', apq(sha256(OTHER)), unknown(sha256(OTHER))],
    ['an id', { documentId: 'other' }, unknown('other')],
    ['an id of every object', { documentId: 'constructor' }, unknown('constructor')],
    [
      'another text under a registered id',
      { query: OTHER, documentId: 'create-tag' },
      'The query is not the document with the id create-tag.',
    ],
    [
      'a write',
      { query: 'mutation { createTag(input: { name: "attack" }) { id } }' },
      'Only registered documents are served, and this one is not registered.',
    ],
    [
      'a write under a registered id',
      { query: 'mutation { createTag(input: { name: "attack" }) { id } }', documentId: 'create-tag' },
      'The query is not the document with the id create-tag.',
    ],
    ['no document', { variables: {} }, 'query must be a text that holds a GraphQL operation.'],
    [
      'a hash that is none',
      apq({ a: 1 }),
      'extensions.persistedQuery must be an object with a text sha256Hash.',
    ],
    [
      'nonsense',
      { query: '{ nonsense' },
      'Only registered documents are served, and this one is not registered.',
    ],
  ];

  test('what is not registered is refused, and writes nothing', () =>
    withoutChange(account, async () => {
      for (const [what, request, message] of UNREGISTERED) {
        const { status, data, errors } = await send(closed, request);
        expect({ what, status, data, errors }).toEqual({
          ...{ what, status: isHttp ? 400 : undefined, data: undefined },
          errors: [{ message, extensions: expect.objectContaining({ code: 'INVALID' }) }],
        });
      }
    }));

  test('where others are served too, an unknown hash is answered as Apollo’s clients expect, and never registers', async () => {
    const notFound = {
      ...(isHttp && { status: 400 }),
      errors: [
        {
          message: 'PersistedQueryNotFound',
          extensions: {
            ...{ code: 'INVALID', reason: 'PERSISTED_QUERY_NOT_FOUND', requestId: expect.any(String) },
          },
        },
      ],
    };
    expect(await send(open, apq(sha256(OTHER)))).toEqual(notFound);
    expect(await send(open, { query: OTHER, ...apq(sha256(OTHER)) })).toMatchObject({
      data: { account: { name: 'Test account' } },
    });
    expect(await send(open, apq(sha256(OTHER)))).toEqual(notFound);
  });
});

test('a write by its id works by POST and on sockets, and not by GET', async () => {
  const request = (name: string) => ({ documentId: 'create-tag', variables: { name } });
  expect(await post(closed, request('one'))).toMatchObject({ data: { createTag: { name: 'one' } } });
  expect(await overSocket(closed, request('two'))).toMatchObject({ data: { createTag: { name: 'two' } } });
  const refused = await withoutChange(account, () => get(closed, request('three')));
  expect(refused).toMatchObject({ status: 405, errors: [{ extensions: { code: 'INVALID' } }] });
});

test('a subscription runs by its id', async () => {
  const socket = await RawSocket.signedIn(closed.port, account.key);
  const { data } = await overSocket(closed, { documentId: 'create-tag', variables: { name: 'first' } });
  expect(data).toEqual({ createTag: { name: 'first' } });
  const documentId = sha256(TAG_CREATED);
  // The subscription and the write race: by the cursor it is told whichever of them is first.
  const since = await cursorNow(account.ctx);
  socket.send({
    ...{ type: 'subscribe', id: 'watch', payload: { query: '', documentId, variables: { since } } },
  });
  socket.send({
    ...{ type: 'subscribe', id: 'make' },
    payload: { query: '', documentId: 'create-tag', variables: { name: 'second' } },
  });
  const messages = [await socket.take(), await socket.take(), await socket.take()];
  expect(messages).toContainEqual({
    ...{ type: 'next', id: 'watch', payload: { data: { tagCreated: { tag: { name: 'second' } } } } },
  });
  await socket.close();
});

test('the rest of the server is as ever', async () => {
  const at = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${closed.port}${path}`, { headers });
  expect((await at('/healthz')).status).toBe(200);
  expect(await (await at('/graphql', { accept: 'text/html' })).text()).toContain('Switchboard GraphiQL');
  const leads = await at('/api/leads/external/v1/leads', { authorization: `Bearer ${account.key}` });
  expect(leads.status).toBe(200);
});

describe('what is registered is checked at the start', () => {
  const write = async (name: string, content: unknown) => {
    const file = join(folder, name);
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const read = (path: string, isProduction = false) =>
    readDocuments(path, { schema: buildApiSchema(), isProduction });

  test.each([
    ['{ account { nme } }', 'Cannot query field "nme" on type "Account". Did you mean "name"?'],
    ['{ account {', 'Syntax Error: Expected Name, found <EOF>.'],
    [
      `{ account { ${'id '.repeat(30)} } }`,
      'The query has 29 fields that stand there already (repeats); the limit is 20.',
    ],
  ])('a document that would be refused stops it by name: %s', async (text, reason) => {
    const file = await write('bad.json', { good: ACCOUNT, bad: text });
    await expect(read(file)).rejects.toThrow(
      new Error(`PERSISTED_DOCUMENTS: the document bad in ${file} cannot be served: ${reason}`),
    );
  });

  test.each([
    ['{'],
    ['[]'],
    [{ a: 1 }],
    [{ format: 'apollo-persisted-query-manifest', version: 2, operations: [] }],
  ])('%j is no manifest', async (content) => {
    const file = await write('odd.json', content);
    await expect(read(file)).rejects.toThrow(
      `PERSISTED_DOCUMENTS: ${file} must be JSON that maps ids to documents, or an Apollo persisted query manifest.`,
    );
  });

  test('introspection is no document of production', async () => {
    const file = await write('types.json', { types: '{ __schema { types { name } } }' });
    expect((await read(file)).size).toBe(1);
    await expect(read(file, true)).rejects.toThrow('the document types in');
  });

  test('an id stands for one document, and there must be one', async () => {
    const twice = join(folder, 'twice');
    await mkdir(twice);
    await expect(read(twice)).rejects.toThrow(`PERSISTED_DOCUMENTS: there is no document in ${twice}.`);
    await write('twice/a.json', { same: ACCOUNT });
    await write('twice/b.json', { same: ACCOUNT });
    expect([...(await read(twice))]).toEqual([['same', ACCOUNT]]);
    const file = await write('twice/c.json', { 'sha256:same': OTHER });
    await expect(read(twice)).rejects.toThrow(
      `PERSISTED_DOCUMENTS: the document same in ${file} has the id of another document.`,
    );
    await expect(read(join(folder, 'none'))).rejects.toThrow(
      `PERSISTED_DOCUMENTS: there is no file or folder ${join(folder, 'none')}.`,
    );
  });

  test('a server does not start with less', async () => {
    const settings = { PERSISTED_DOCUMENTS: await write('broken.json', { broken: '{' }) };
    await expect(startLiveServer({ settings })).rejects.toThrow('PERSISTED_DOCUMENTS: the document broken');
  });
});
