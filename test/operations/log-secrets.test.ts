import { once } from 'node:events';
import { connect } from 'node:net';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import {
  issueKey,
  openTestAccount,
  type TestAccount,
  TestClock,
  testSecret,
  testStore,
} from '../support/account';
import { testDatabaseUrl } from '../support/database';
import { openAccountFor, SAMPLE_AGENT, signInAgent, tokenOf } from '../support/dialect-account';
import { callOf, EACH_DIALECT, noteIds, send } from '../support/dialect-client';
import { postGraphql } from '../support/graphql-client';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { emptyQueues } from '../support/queues';
import { RawSocket } from '../support/raw-socket';
import { Receiver } from '../support/receiver';
import { EXAMPLE_NUMBER } from '../support/server';
import { TcpGate } from '../support/tcp-gate';

const clock = new TestClock();
/** Everything that must not be found in the log. */
const secrets = new Set<string>();
let marks = 0;

/** A text that is sent, and must not be found again. */
function secret(text?: string): string {
  marks += 1;
  const sent = text ?? `marked-${process.pid}-${marks}-text`;
  secrets.add(sent);
  return sent;
}

let gate: TcpGate;
let server: LiveServer;
let provider: Receiver;
let account: TestAccount;

async function openAccount(): Promise<TestAccount> {
  const opened = await openTestAccount({ kind: 'agency', clock });
  await phoneNumbers.create(opened.ctx, { phone: EXAMPLE_NUMBER });
  secret(opened.key);
  return opened;
}

beforeAll(async () => {
  secret(testSecret);
  secret(SAMPLE_AGENT.password);
  await emptyQueues();
  gate = await TcpGate.before(await testDatabaseUrl());
  // It says back what it is told, as an error.
  provider = await Receiver.start(({ headers, body }) => ({
    ...{ status: 401, headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ error: body, reason: headers.authorization, message: body }),
  }));
  server = await startLiveServer({
    ...{ logLevel: 'trace', databaseUrl: gate.url, now: clock.now },
    settings: {
      ...{ ROLE: 'all', WEBHOOK_ALLOW: '127.0.0.1/32', METRICS_TOKEN: secret() },
      ...{ ZOOM_OAUTH_URL: provider.url, ZOOM_API_URL: provider.url },
      ...{ GOOGLE_OAUTH_URL: provider.url, GOOGLE_API_URL: provider.url },
    },
  });
  account = await openAccount();
});

afterAll(async () => {
  await server.close();
  await gate.shut();
});

const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;

async function graphql(query: string, variables: object = {}, key = account.key) {
  const response = await postGraphql(server, key, query, variables);
  return (await response.json()) as {
    data?: Record<string, never>;
    errors?: { extensions: { code: string; requestId: string } }[];
  };
}

/** Texts of a body that say something. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 8 ? [value] : [];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
}

/** Looks through all that was logged; a line is JSON, so what it quotes is looked for as JSON has it. */
function expectNoSecret(): void {
  const log = server.logged.map((line) => JSON.stringify(line)).join('\n');
  const found = [...secrets].filter((text) => log.includes(JSON.stringify(text).slice(1, -1)));
  expect(found).toEqual([]);
}

describe.each(EACH_DIALECT)('%s', (_, dialect) => {
  test('documented requests leave no trace of keys, tokens and bodies', async () => {
    const owner = await openAccountFor({ openAccount }, dialect);
    const ids = new Map<string, string>();
    secret(tokenOf(owner.key) ?? owner.key);
    for (const example of dialect.examples) {
      const call = callOf(dialect, example, ids);
      for (const text of textsOf(call.body)) secret(text);
      for (const credential of dialect.credentials) {
        if (credential.in === 'body' && call.method === 'GET') continue;
        const response = await send(server.app, dialect, call, owner.key, credential);
        noteIds(example, response.json(), ids);
      }
      const payload = `{"name": "${secret()}", ${secret()}`;
      await send(server.app, dialect, { ...call, payload }, owner.key);
      await send(server.app, dialect, { ...call, payload }, secret());
    }
    await send(
      server.app,
      dialect,
      { method: 'GET', path: `${dialect.bases[0]}/${secret()}?q=${secret()}` },
      owner.key,
    );
    const answered = server.logged.filter(({ msg }) => msg === 'answered');
    expect(answered.length).toBeGreaterThan(dialect.examples.length);
    expectNoSecret();
  });
});

test('GraphQL: sign-in, passwords, webhooks with secrets, credentials of providers, mails, refused inputs', async () => {
  const { agent } = await signInAgent(account);
  const password = secret();
  await graphql(
    'mutation ($id: ID!, $password: String!) { setAgentPassword(id: $id, password: $password) { id } }',
    {
      ...{ id: agent.id, password },
    },
  );
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken } }';
  await graphql(login, { input: { username: SAMPLE_AGENT.username, password: secret() } });
  const { data } = await graphql(login, { input: { username: SAMPLE_AGENT.username, password } });
  const { accessToken, refreshToken } = (data as unknown as { login: Record<string, string> }).login;
  await graphql('{ account { name } }', {}, secret(accessToken));
  await graphql('mutation ($t: String!) { refreshSession(refreshToken: $t) { refreshToken } }', {
    t: secret(refreshToken),
  });
  const receiver = await Receiver.start(() => ({ status: 500, body: secret() }));
  const webhook = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret } }';
  const chosen = secret(`whsec_${Buffer.from(secret().padEnd(32, '.')).toString('base64')}`);
  const made = await graphql(webhook, {
    input: {
      name: 'hook',
      url: `${receiver.url}?token=${secret()}`,
      events: ['note.*', 'lead.*'],
      secret: chosen,
    },
  });
  expect(made.errors).toBeUndefined();
  const zoom = { provider: 'ZOOM', accountId: secret(), clientId: secret(), clientSecret: secret() };
  const google = {
    provider: 'GOOGLE_CALENDAR',
    clientId: secret(),
    clientSecret: secret(),
    refreshToken: secret(),
  };
  for (const input of [zoom, google]) {
    const { errors } = await graphql(
      'mutation ($input: ConnectIntegrationInput!) { connectIntegration(input: $input) { id } }',
      { input },
    );
    expect(errors?.[0]?.extensions.code).toBe('INVALID');
  }
  expect(provider.received.length).toBeGreaterThanOrEqual(2);
  const create = 'mutation ($input: CreateLeadInput!) { createLead(input: $input) { id } }';
  const lead = { name: secret(), phone: '+12025550161', comments: secret() };
  await graphql(create, { input: lead });
  expect((await graphql(create, { input: lead })).errors?.[0]?.extensions.code).toBe('CONFLICT');
  await graphql(create, { input: { ...lead, phone: secret() } });
  await graphql(create, { input: { ...lead, unknown: secret() } });
  await graphql(
    `{ leads(filter: { firstName: { eq: "${secret()}" } }) { ${secret().replaceAll('-', '_')} } }`,
  );
  const mail = { to: ['someone@example.com'], subject: secret(), text: secret() };
  await graphql('mutation ($input: SendEmailInput!) { sendEmail(input: $input) { id } }', { input: mail });
  await graphql('mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }', {
    input: { name: secret() },
  });
  await receiver.has(1);
  expectNoSecret();
});

test('an error of the program is logged with its request id, and without the row that PostgreSQL quotes', async () => {
  const store = await testStore();
  await store.acrossAccounts.query(
    `alter table phone_number add constraint unforeseen check (number < 0) not valid`,
    [],
  );
  try {
    const query = 'mutation ($input: CreatePhoneNumberInput!) { createPhoneNumber(input: $input) { id } }';
    const { errors } = await graphql(query, { input: { phone: secret('+12025550169'), name: secret() } });
    expect(errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', requestId: expect.any(String) });
    const requestId = errors?.[0]?.extensions.requestId;
    const [line] = server.logged.filter((one) => one.requestId === requestId && one.level === 50);
    expect(line).toMatchObject({ err: { code: '23514', constraint: 'unforeseen' } });
    expect(JSON.stringify(line)).toMatch(/violates check constraint/);
  } finally {
    await store.acrossAccounts.query('alter table phone_number drop constraint unforeseen', []);
  }
  expectNoSecret();
});

test('sockets: keys, operations and broken messages', async () => {
  const key = await issueKey(account);
  const client = server.client(secret(key));
  await client
    .iterate({ query: `{ leads(filter: { firstName: { eq: "${secret()}" } }) { totalCount } }` })
    .next();
  await client
    .iterate({ query: `{ ${secret().replaceAll('-', '_')} }` })
    .next()
    .catch(() => {});
  for (const payload of [{ apiKey: secret() }, { authorization: `Bearer ${secret()}` }]) {
    const socket = await RawSocket.open(server.port);
    socket.send({ type: 'connection_init', payload });
    await socket.closed;
  }
  const broken = await RawSocket.open(server.port, { headers: { authorization: `Bearer ${key}` } });
  broken.socket.send(`{"type": "${secret()}`);
  await broken.closed;
  expectNoSecret();
});

test('pages, files and addresses that hold tokens; requests that are none', async () => {
  for (const path of ['/u/', '/feedback/', '/p/', '/mail/inbound/', '/imports/'])
    for (const method of ['GET', 'POST'])
      await fetch(at(`${path}${secret()}?token=${secret()}`), {
        ...{ method, headers: { authorization: `Bearer ${secret()}`, cookie: `session=${secret()}` } },
        ...(method === 'POST' && { body: secret() }),
      });
  await fetch(at('/exports/leads.csv?feed=1'), { headers: { authorization: `Bearer ${secret()}` } });
  await fetch(at('/metrics'), { headers: { authorization: `Bearer ${secret()}` } });
  await fetch(at('/graphql'), { method: 'POST', headers: { 'content-type': 'text/plain' }, body: secret() });
  await fetch(at(`/graphql?query=${secret()}`));
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.resume().write(`GET / HTTP/1.1\r\nauthorization: Bearer ${secret()}\r\nno header\r\n\r\n`);
  await once(socket, 'close');
  const [refused] = server.logged.filter(({ msg }) => String(msg).startsWith('client '));
  expect(refused).toMatchObject({ err: { code: expect.stringMatching(/^HPE_/) } });
  expect(JSON.stringify(refused)).not.toMatch(/rawPacket|Buffer/);
  expectNoSecret();
});

test('an outage', async () => {
  const key = secret(await issueKey(account));
  await gate.shut();
  for (const [, dialect] of EACH_DIALECT) {
    const [example] = dialect.examples;
    if (example) await send(server.app, dialect, callOf(dialect, example), key);
  }
  await graphql(`{ leads(filter: { firstName: { eq: "${secret()}" } }) { totalCount } }`, {}, key);
  expect(server.logged.some(({ msg }) => msg === 'The database cannot be reached at the moment.')).toBe(true);
  await gate.reopen();
  expectNoSecret();
});

test('every line of a request has its id, and no line tells of two', () => {
  const ofRequests = server.logged.filter((line) => 'method' in line || 'route' in line);
  expect(ofRequests.length).toBeGreaterThan(30);
  expect(ofRequests.filter(({ requestId }) => typeof requestId !== 'string')).toEqual([]);
  expect(server.logged.filter((line) => 'reqId' in line)).toEqual([]);
});
