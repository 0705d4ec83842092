import { agents } from '../../src/domain/agent/agent.service';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { hireAgent, PASSWORD, signedInAgent } from '../support/agent-session';
import { Door } from './door';
import { answerElsewhere, ENDED, LOGIN, REFRESH, type Tokens, WHO } from './signing-in';

const WRONG = 'The supplied authentication credentials are invalid.';

// A password takes a quarter of a second to check, and much longer on a busy machine.
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
    expect(await answerElsewhere(door, accessToken)).toEqual(ENDED);
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
