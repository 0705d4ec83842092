import { agentSessions } from '../../src/domain/agent/agent-session.service';
import { leads } from '../../src/domain/lead/lead.service';
import { openTestAccount, type TestAccount, TestClock } from '../support/account';
import { hireAgent, PASSWORD, signedInAgent } from '../support/agent-session';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { leastMs, msOf } from '../support/quick';
import { RawSocket } from '../support/raw-socket';

const clock = new TestClock();
const FORBIDDEN = { code: 4403, reason: 'Forbidden' };
const MINUTE_MS = 60_000;

let server: LiveServer;
let account: TestAccount;

beforeAll(async () => {
  server = await startLiveServer({ now: clock.now });
});
beforeEach(async () => {
  account = await openTestAccount({ clock });
});
afterAll(() => server.close());

/** Opens a socket that says this of itself. */
async function open(payload: object, headers: Record<string, string> = {}): Promise<RawSocket> {
  const socket = await RawSocket.open(server.port, { headers });
  socket.send({ type: 'connection_init', payload });
  return socket;
}

async function letIn(payload: object, headers?: Record<string, string>): Promise<RawSocket> {
  const socket = await open(payload, headers);
  expect(await socket.take()).toEqual({ type: 'connection_ack' });
  return socket;
}

async function ask(socket: RawSocket, query: string): Promise<unknown> {
  socket.subscribe('ask', query);
  const { type, payload } = await socket.take();
  if (type !== 'next') return payload;
  await socket.take();
  const { data, errors } = payload as { data: unknown; errors?: unknown };
  return { data, errors };
}

test('a socket signs in with an access token, wherever a key may stand, and sees what the agent sees', async () => {
  const { accessToken, agent } = await signedInAgent(account, 'ann');
  await leads.create(account.ctx, { phone: '+12025550100', firstName: 'Own', ownerId: agent.id });
  await leads.create(account.ctx, { phone: '+12025550101', firstName: 'Others' });
  const authorization = `Bearer ${accessToken}`;
  for (const socket of [
    await letIn({ authorization }),
    await letIn({ apiKey: accessToken }),
    await letIn({ apiKey: account.key, authorization }),
    await letIn({}, { authorization }),
  ]) {
    expect(await ask(socket, 'query { leads { totalCount nodes { firstName } } }')).toEqual({
      data: { leads: { totalCount: 1, nodes: [{ firstName: 'Own' }] } },
    });
    await socket.close();
  }
});

test('a key of another account beside the token is refused', async () => {
  const { accessToken } = await signedInAgent(account, 'ann');
  const { key } = await openTestAccount({ clock });
  const socket = await open({ apiKey: key, authorization: `Bearer ${accessToken}` });
  expect(await socket.closed).toEqual(FORBIDDEN);
});

test('an admin subscribes; to other agents all subscriptions are refused', async () => {
  const [worker, admin] = [
    await signedInAgent(account, 'worker'),
    await signedInAgent(account, 'admin', { role: 'admin' }),
  ];
  const [limited, whole] = [
    await RawSocket.signedIn(server.port, worker.accessToken),
    await RawSocket.signedIn(server.port, admin.accessToken),
  ];
  const error = {
    message: 'The change log is for API keys and for agents of the role admin.',
    extensions: { code: 'FORBIDDEN', requestId: expect.any(String) },
  };
  for (const text of [
    'subscription { leadCreated { cursor } }',
    'subscription { noteCreated(since: "0") { cursor } }',
    'subscription { changes(names: ["lead.created"]) { cursor } }',
  ]) {
    expect(await ask(limited, text)).toEqual([error]);
  }
  const page = (await ask(whole, 'query { changes(first: 100) { endCursor } }')) as {
    data: { changes: { endCursor: string } };
  };
  const { endCursor } = page.data.changes;
  whole.subscribe(
    'watch',
    `subscription { leadCreated(since: "${endCursor}") { actor { kind } lead { phone } } }`,
  );
  const create = 'mutation { createLead(input: { phone: "+12025550100" }) { id } }';
  limited.subscribe('make', create);
  expect(await whole.takeResults(1)).toEqual([{ actor: { kind: 'AGENT' }, lead: { phone: '+12025550100' } }]);
  expect((await limited.take()).type).toBe('next');
  expect(limited.received.filter(({ id }) => id !== 'make')).toEqual([]);
  await Promise.all([limited.close(), whole.close()]);
});

test('logging out closes the sockets of the session with 4403 within a second, and no others', async () => {
  await signedInAgent(account, 'ann');
  const logIn = () => agentSessions.login(account.ctx, { username: 'ann', password: PASSWORD });
  const staying = await letIn({ apiKey: (await logIn()).accessToken });
  const closedAfter = async () => {
    const { accessToken } = await logIn();
    const ending = [await letIn({ apiKey: accessToken }), await letIn({ apiKey: accessToken })];
    return msOf(async () => {
      ending[0]?.subscribe('out', 'mutation { logout { endReason } }');
      expect(await Promise.all(ending.map(({ closed }) => closed))).toEqual([FORBIDDEN, FORBIDDEN]);
    });
  };
  expect(await leastMs(2_000, closedAfter)).toBeLessThan(2_000);
  expect(await ask(staying, 'query { leads { totalCount } }')).toEqual({
    data: { leads: { totalCount: 0 } },
  });
  await staying.close();
});

test('a socket lives as long as its access token', async () => {
  const { accessToken } = await signedInAgent(account, 'ann');
  const socket = await letIn({ apiKey: accessToken });
  clock.advance(15 * MINUTE_MS);
  expect(await socket.closed).toEqual(FORBIDDEN);
  expect(await (await open({ apiKey: accessToken })).closed).toEqual(FORBIDDEN);
});

test('a login over a socket counts for the address it came from', async () => {
  await hireAgent(account, 'ann');
  const socket = await letIn({ apiKey: account.key });
  const login = `mutation { login(input: { username: "ann", password: "${PASSWORD}" }) { agent { username } } }`;
  expect(await ask(socket, login)).toEqual({ data: { login: { agent: { username: 'ann' } } } });
  const [session] = (await agentSessions.page(account.ctx, {})).rows;
  expect(session?.address).toMatch(/127\.0\.0\.1$/);
  await socket.close();
});
