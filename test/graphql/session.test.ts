import { agents } from '../../src/domain/agent/agent.service';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { PASSWORD, signedInAgent } from '../support/agent-session';
import { Door } from './door';
import { answerElsewhere, ENDED, LOGIN, REFRESH, type Tokens, WHO } from './signing-in';

const LOGOUT = 'mutation { logout { agentId endedAt endReason } }';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  door = await Door.open();
});

beforeEach(async () => {
  account = await openTestAccount({ clock: door.clock });
});

afterAll(() => door.close());

const refresh = async (token: string): Promise<Tokens> =>
  (await door.run<{ refreshSession: Tokens }, object>(account.key, REFRESH, { token })).refreshSession;

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
    expect(await answerElsewhere(door, accessToken)).toEqual(ENDED);
    await agents.update(account.ctx, agent.id, { isActive: true });
    expect(await answerElsewhere(door, accessToken)).toEqual(ENDED);
    expect((await door.fail(account.key, REFRESH, { token: refreshToken })).message).toBe(ENDED.message);
  });

  test('no longer work when the agent is deleted', async () => {
    const { accessToken, agent } = await signedInAgent(account, 'ada');
    await agents.delete(account.ctx, agent.id);
    expect(await answerElsewhere(door, accessToken)).toEqual(ENDED);
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
    expect(await answerElsewhere(door, second.accessToken)).toEqual(ENDED);
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
    const input = { username: 'ada', password: PASSWORD };
    const { login: other } = await door.run<{ login: Tokens }, object>(account.key, LOGIN, { input });
    expect(await door.run(accessToken, LOGOUT)).toEqual({
      logout: { agentId: agent.id, endedAt: door.clock.at.toISOString(), endReason: 'LOGOUT' },
    });
    expect(await answerElsewhere(door, accessToken)).toEqual(ENDED);
    expect((await door.fail(account.key, REFRESH, { token: refreshToken })).message).toBe(ENDED.message);
    expect(await answerElsewhere(door, other.accessToken)).toEqual({ status: 200 });
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
