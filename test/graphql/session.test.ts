import { agents } from '../../src/domain/agent/agent.service';
import type { SessionTokens } from '../../src/domain/agent/agent-session.service';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { hireAgent, PASSWORD, signedInAgent } from '../support/agent-session';
import { Door } from './door';

const LOGIN = `mutation M($input: LoginInput!) {
  login(input: $input) { accessToken refreshToken expiresAt agent { id username } } }`;
const REFRESH = `mutation M($token: String!) {
  refreshSession(refreshToken: $token) { accessToken refreshToken expiresAt agent { id } } }`;
const LOGOUT = 'mutation { logout { agentId endedAt endReason } }';
const WHO = '{ agents(first: 1) { totalCount } }';
const WRONG = 'The supplied authentication credentials are invalid.';

type Tokens = Pick<SessionTokens, 'accessToken' | 'refreshToken' | 'expiresAt' | 'agent'>;

// A password takes a quarter of a second to check, and much longer on a busy machine.
jest.setTimeout(60_000);

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  door = await Door.open();
});
beforeEach(async () => {
  account = await openTestAccount({ clock: door.clock });
});
afterAll(() => door.close());

async function login(username: string, { password = PASSWORD, key = account.key } = {}): Promise<Tokens> {
  const data = await door.run<{ login: Tokens }, object>(key, LOGIN, { input: { username, password } });
  return data.login;
}

const failLogin = async (username: string, password = PASSWORD, key = account.key) => {
  const { message, extensions } = await door.fail(key, LOGIN, { input: { username, password } });
  return { message, code: extensions?.code };
};

const refresh = async (token: string): Promise<Tokens> =>
  (await door.run<{ refreshSession: Tokens }, object>(account.key, REFRESH, { token })).refreshSession;

/** What a door that has met nobody yet answers to a token. */
async function answerElsewhere(token: string): Promise<{ status: number; message?: string | undefined }> {
  const elsewhere = await Door.open();
  elsewhere.clock.at = door.clock.at;
  const { status, body } = await elsewhere.send(token, WHO);
  await elsewhere.close();
  return { status, message: body.errors?.[0]?.message };
}

const ENDED = { status: 401, message: 'The session has ended.' };

describe('setAgentPassword', () => {
  const SET =
    'mutation M($id: ID!, $password: String!) { setAgentPassword(id: $id, password: $password) { id } }';

  test('lets an agent sign in, is an event, and shows the password nowhere', async () => {
    const agent = await agents.create(account.ctx, { firstName: 'Ada', username: 'ada' });
    expect(await failLogin('ada')).toEqual({ message: WRONG, code: 'UNAUTHENTICATED' });
    await door.run(account.key, SET, { id: agent.id, password: 'opensesame' });
    expect((await login('ada', { password: 'opensesame' })).agent).toEqual({ id: agent.id, username: 'ada' });
    const [made, set, ...more] = await eventsOf(account, 'agent');
    expect([made?.name, set?.name, more]).toEqual(['agent.created', 'agent.password_set', []]);
    expect(JSON.stringify(set)).not.toMatch(/scrypt|opensesame|assword[^_]/);
  });

  test('takes 8 to 200 characters, from a key that may write agents', async () => {
    const agent = await hireAgent(account, 'ada');
    for (const password of ['1234567', 'x'.repeat(201), '🔑'.repeat(7)]) {
      const error = await withoutChange(account, () =>
        door.fail(account.key, SET, { id: agent.id, password }),
      );
      expect(error.extensions).toMatchObject({
        code: 'INVALID',
        fields: {
          password: [expect.stringMatching(/^Password must be 8 to 200 characters long, not \d+\.$/)],
        },
      });
    }
    for (const password of ['12345678', 'x'.repeat(200), '🔑'.repeat(8)]) {
      await door.run(account.key, SET, { id: agent.id, password });
      await login('ada', { password });
    }
    const reader = await issueKey(account, ['agents:read']);
    const input = { id: agent.id, password: 'opensesame' };
    expect((await door.fail(reader, SET, input)).extensions?.code).toBe('FORBIDDEN');
    const stranger = await openTestAccount();
    expect((await door.fail(stranger.key, SET, input)).extensions?.code).toBe('NOT_FOUND');
  });

  test('ends the sessions that go on', async () => {
    const { accessToken, refreshToken, agent } = await signedInAgent(account, 'ada');
    await door.run(account.key, SET, { id: agent.id, password: 'opensesame' });
    expect(await answerElsewhere(accessToken)).toEqual(ENDED);
    expect((await door.fail(account.key, REFRESH, { token: refreshToken })).message).toBe(ENDED.message);
  });
});

describe('login', () => {
  test('gives tokens; the access token alone signs in, and the change log says who acted', async () => {
    const agent = await hireAgent(account, 'Ada', { lastName: 'Moreno', role: 'admin' });
    const tokens = await login('aDA');
    expect(tokens.expiresAt).toBe(new Date(door.clock.at.getTime() + 900_000).toISOString());
    const create = 'mutation { createTag(input: { name: "vip" }) { name } }';
    await door.run(tokens.accessToken, create);
    const changes = '{ changes(names: ["tag.created"]) { nodes { actor { kind id name } } } }';
    expect(await door.run(tokens.accessToken, changes)).toEqual({
      changes: { nodes: [{ actor: { kind: 'AGENT', id: agent.id, name: 'Ada Moreno' } }] },
    });
  });

  test('tells no difference between a wrong password, an unknown name and an agent of others', async () => {
    const stranger = await openTestAccount();
    await hireAgent(stranger, 'bob');
    const gone = await hireAgent(account, 'gone');
    await agents.delete(account.ctx, gone.id);
    await hireAgent(account, 'ada');
    const refused = { message: WRONG, code: 'UNAUTHENTICATED' };
    expect(await failLogin('ada', 'wrong password')).toEqual(refused);
    for (const username of ['nobody', 'bob', 'gone', '']) expect(await failLogin(username)).toEqual(refused);
    const { status } = await door.send(account.key, LOGIN, { input: { username: 'ada', password: '' } });
    expect(status).toBe(401);
  });

  test('tells an agent who is not active so, but only with the right password', async () => {
    await hireAgent(account, 'ada', { isActive: false });
    expect(await failLogin('ada')).toEqual({
      message: 'No active account found with the given credentials',
      code: 'UNAUTHENTICATED',
    });
    expect(await failLogin('ada', 'wrong password')).toEqual({ message: WRONG, code: 'UNAUTHENTICATED' });
  });

  test('needs a key with the scope sessions:create, which is enough', async () => {
    await hireAgent(account, 'ada');
    const narrow = await issueKey(account, ['sessions:create']);
    const { accessToken } = await login('ada', { key: narrow });
    expect((await door.fail(narrow, WHO)).extensions?.code).toBe('FORBIDDEN');
    expect(await door.run(accessToken, WHO)).toEqual({ agents: { totalCount: 1 } });
    const other = await issueKey(account, ['leads:read']);
    expect(await failLogin('ada', PASSWORD, other)).toEqual({
      message: 'This key lacks the scope sessions:create.',
      code: 'FORBIDDEN',
    });
  });

  test('forgets the wrong tries before it', async () => {
    await hireAgent(account, 'ada');
    for (let at = 0; at < 9; at += 1) await failLogin('ada', 'wrong password');
    await login('ada');
    expect(await failLogin('ada', 'wrong password')).toEqual({ message: WRONG, code: 'UNAUTHENTICATED' });
    await login('ada');
  });

  test('is refused after ten wrong tries of a username in five minutes, capitals or not', async () => {
    await hireAgent(account, 'ada');
    for (let at = 0; at < 10; at += 1) await failLogin(at % 2 ? 'ADA' : 'ada', 'wrong password');
    door.clock.advance(60_000);
    const { status, headers, body } = await door.send(account.key, LOGIN, {
      input: { username: 'ada', password: PASSWORD },
    });
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 429, retryAfter: '240' });
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: 240 });
    // Others are not held up.
    expect(await failLogin('bob')).toEqual({ message: WRONG, code: 'UNAUTHENTICATED' });
    door.clock.advance(240_000);
    await login('ada');
  });

  test('is refused after sixty tries from an address, of whatever names and accounts', async () => {
    const quiet = await Door.open();
    const input = { username: 'ada', password: 'wrong password' };
    // The tries that are refused for the username count for the address all the same.
    for (let at = 0; at < 60; at += 1) await quiet.fail(account.key, LOGIN, { input });
    const other = await openTestAccount({ clock: quiet.clock });
    expect((await quiet.fail(other.key, LOGIN, { input })).extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 300,
    });
    await quiet.close();
  });

  test('a name or a password that nobody can have is wrong input', async () => {
    const input = { username: 'x'.repeat(101), password: 'x'.repeat(201) };
    expect((await door.fail(account.key, LOGIN, { input })).extensions).toMatchObject({
      code: 'INVALID',
      fields: { username: [expect.any(String)], password: [expect.any(String)] },
    });
  });
});

describe('tokens', () => {
  test('an access token is good for 15 minutes', async () => {
    const { accessToken } = await signedInAgent(account, 'ada');
    door.clock.advance(899_000);
    await door.run(accessToken, WHO);
    door.clock.advance(1_000);
    const { status, body } = await door.send(accessToken, WHO);
    expect({ status, message: body.errors?.[0]?.message }).toEqual({
      status: 401,
      message: 'The access token has expired.',
    });
  });

  test('beside a key, the agent acts within the scopes of the key, which must be good and of the same account', async () => {
    const { accessToken, refreshToken, agent } = await signedInAgent(account, 'ada');
    const stranger = await openTestAccount({ clock: door.clock });
    const reader = await issueKey(account, ['agents:read', 'apiKeys:read']);
    const send = (key: string, token = accessToken) =>
      door.send(token, '{ agents { nodes { id } } }', {}, { 'x-api-key': key });
    expect((await send(reader)).body.data).toEqual({ agents: { nodes: [{ id: agent.id }] } });
    const narrow = await issueKey(account, ['leads:read']);
    for (const key of [narrow, reader]) {
      const text = key === narrow ? '{ agents { totalCount } }' : '{ apiKeys { totalCount } }';
      const { body } = await door.send(accessToken, text, {}, { 'x-api-key': key });
      expect(body.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
    const refusals: [string, string, string][] = [
      [stranger.key, accessToken, 'The API key and the access token are of different accounts.'],
      ['sb_live_nonsense', accessToken, 'Invalid or missing API key'],
      [account.key, refreshToken, 'The access token is not valid.'],
    ];
    for (const [key, token, message] of refusals) {
      const { status, body } = await send(key, token);
      expect({ status, message: body.errors?.[0]?.message }).toEqual({ status: 401, message });
    }
  });

  test('no longer work within a second when the agent is switched off, also when switched on again', async () => {
    const { accessToken, refreshToken, agent } = await signedInAgent(account, 'ada');
    await agents.update(account.ctx, agent.id, { isActive: false });
    expect(await answerElsewhere(accessToken)).toEqual(ENDED);
    await agents.update(account.ctx, agent.id, { isActive: true });
    expect(await answerElsewhere(accessToken)).toEqual(ENDED);
    expect((await door.fail(account.key, REFRESH, { token: refreshToken })).message).toBe(ENDED.message);
  });

  test('no longer work when the agent is deleted', async () => {
    const { accessToken, agent } = await signedInAgent(account, 'ada');
    await agents.delete(account.ctx, agent.id);
    expect(await answerElsewhere(accessToken)).toEqual(ENDED);
  });

  test('tell whether it is the key or the agent that lacks a scope', async () => {
    const { accessToken } = await signedInAgent(account, 'ada');
    const narrow = await issueKey(account, ['leads:read', 'webhooks:read']);
    const said = async (query: string) => {
      const { body } = await door.send(accessToken, query, {}, { 'x-api-key': narrow });
      return body.errors?.map(({ message }) => message);
    };
    expect(await said('{ leads { totalCount } }')).toBeUndefined();
    expect(await said('{ notes { totalCount } }')).toEqual(['This key lacks the scope notes:read.']);
    expect(await said('{ webhooks { totalCount } }')).toEqual(['This agent lacks the scope webhooks:read.']);
  });

  test('follow the role of the agent', async () => {
    const { accessToken, agent } = await signedInAgent(account, 'ada');
    expect((await door.fail(accessToken, '{ account { id } }')).message).toBe(
      'This agent lacks the scope accounts:read.',
    );
    await agents.update(account.ctx, agent.id, { role: 'admin' });
    const elsewhere = await Door.open();
    await elsewhere.run(accessToken, '{ account { id } }');
    await elsewhere.close();
  });
});

describe('refreshSession', () => {
  test('gives new tokens for seven days more, under any key of the account', async () => {
    const first = await signedInAgent(account, 'ada');
    door.clock.advance(6 * 86_400_000);
    const narrow = await issueKey(account, ['tags:read']);
    const data = await door.run<{ refreshSession: Tokens }, object>(narrow, REFRESH, {
      token: first.refreshToken,
    });
    const second = data.refreshSession;
    expect(second.agent.id).toBe(first.agent.id);
    await door.run(second.accessToken, WHO);
    door.clock.advance(6 * 86_400_000);
    const third = await refresh(second.refreshToken);
    door.clock.advance(7 * 86_400_000);
    expect((await door.fail(account.key, REFRESH, { token: third.refreshToken })).message).toBe(
      'The refresh token has expired.',
    );
  });

  test('a refresh token that comes a second time ends the session, the latest tokens included', async () => {
    const first = await signedInAgent(account, 'ada');
    const second = await refresh(first.refreshToken);
    expect((await door.fail(account.key, REFRESH, { token: first.refreshToken })).message).toBe(
      ENDED.message,
    );
    expect(await answerElsewhere(second.accessToken)).toEqual(ENDED);
    expect((await door.fail(account.key, REFRESH, { token: second.refreshToken })).message).toBe(
      ENDED.message,
    );
    const list = '{ agentSessions { nodes { agentId refreshes endReason agent { username } } } }';
    expect(await door.run(account.key, list)).toEqual({
      agentSessions: {
        nodes: [{ agentId: first.agent.id, refreshes: 1, endReason: 'REUSED', agent: { username: 'ada' } }],
      },
    });
  });

  test('takes no access token, no token of another account, and no nonsense', async () => {
    const { accessToken, refreshToken } = await signedInAgent(account, 'ada');
    const stranger = await openTestAccount({ clock: door.clock });
    for (const [key, token] of [
      [account.key, accessToken],
      [stranger.key, refreshToken],
      [account.key, 'nonsense'],
    ] as const) {
      const { message, extensions } = await door.fail(key, REFRESH, { token });
      expect({ message, code: extensions?.code }).toEqual({
        message: 'The refresh token is not valid.',
        code: 'UNAUTHENTICATED',
      });
    }
    await refresh(refreshToken);
  });
});

describe('logout', () => {
  test('ends the session at every door, and other sessions go on', async () => {
    const { accessToken, refreshToken, agent } = await signedInAgent(account, 'ada');
    const other = await login('ada');
    expect(await door.run(accessToken, LOGOUT)).toEqual({
      logout: { agentId: agent.id, endedAt: door.clock.at.toISOString(), endReason: 'LOGOUT' },
    });
    expect(await answerElsewhere(accessToken)).toEqual(ENDED);
    expect((await door.fail(account.key, REFRESH, { token: refreshToken })).message).toBe(ENDED.message);
    expect(await answerElsewhere(other.accessToken)).toEqual({ status: 200 });
  });

  test('is for agents who have signed in', async () => {
    expect((await door.fail(account.key, LOGOUT)).message).toBe(
      'Only an agent who has signed in can log out.',
    );
  });
});

describe('an agency', () => {
  test('signs agents of its clients in; an admin of its own acts for clients, other agents do not', async () => {
    const agency = await openTestAccount({ kind: 'agency', clock: door.clock });
    const data = await door.run<{ createClientAccount: { id: string } }, object>(
      agency.key,
      'mutation { createClientAccount(input: { name: "Client" }) { id } }',
    );
    const clientId = data.createClientAccount.id;
    const forClient = { 'x-account-id': clientId };
    const [admin, worker] = [
      await signedInAgent(agency, 'admin', { role: 'admin' }),
      await signedInAgent(agency, 'worker'),
    ];
    const account = await door.send(admin.accessToken, '{ account { id } }', {}, forClient);
    expect(account.body.data).toEqual({ account: { id: clientId } });
    const make = 'mutation { createLead(input: { phone: "+12025550100" }) { ownerId tags { name } } }';
    const made = await door.send(admin.accessToken, make, {}, forClient);
    expect(made.body.data).toEqual({ createLead: { ownerId: null, tags: [] } });
    const refused = await door.send(worker.accessToken, '{ leads { totalCount } }', {}, forClient);
    expect(refused).toMatchObject({ status: 404, body: { errors: [{ message: 'Account not found' }] } });

    const hire = 'mutation { createAgent(input: { firstName: "C", username: "c" }) { id } }';
    const hired = await door.send<{ createAgent: { id: string } }>(agency.key, hire, {}, forClient);
    const set = `mutation { setAgentPassword(id: "${hired.body.data?.createAgent.id}", password: "${PASSWORD}") { id } }`;
    await door.send(agency.key, set, {}, forClient);
    const input = { username: 'c', password: PASSWORD };
    const tokens = await door.send<{ login: Tokens }>(agency.key, LOGIN, { input }, forClient);
    const token = String(tokens.body.data?.login.accessToken);
    expect(await door.run(token, '{ leads { totalCount } }')).toEqual({ leads: { totalCount: 0 } });
    const both = await door.send(token, WHO, {}, { 'x-api-key': agency.key, ...forClient });
    expect(both.body.data).toEqual({ agents: { totalCount: 1 } });
    const apart = await door.send(token, WHO, {}, { 'x-api-key': agency.key });
    expect(apart.status).toBe(401);
  });
});
