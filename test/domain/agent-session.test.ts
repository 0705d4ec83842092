import { agents } from '../../src/domain/agent/agent.service';
import { AgentSession } from '../../src/domain/agent/agent-session.entity';
import { agentSessions } from '../../src/domain/agent/agent-session.service';
import { isTokenRefusal } from '../../src/domain/agent/agent-token';
import type { Context } from '../../src/domain/context';
import { Authenticator } from '../../src/server/auth';
import { MemoryRateLimiter } from '../../src/server/rate-limit';
import { openTestAccount, type TestAccount, testStore, testVault } from '../support/account';
import { hireAgent, PASSWORD, signedInAgent } from '../support/agent-session';

const DAY_MS = 86_400_000;

let account: TestAccount;

beforeEach(async () => {
  account = await openTestAccount();
});

const signInWith = async (token: string, key?: string): Promise<Context> => {
  const { signIn } = new Authenticator({
    store: await testStore(),
    vault: testVault,
    now: account.clock.now,
    rateLimiter: new MemoryRateLimiter(),
  });
  return signIn({ key, token, requestId: 'test', address: '203.0.113.7' });
};

const sessionsOf = ({ ctx }: TestAccount) => ctx.repo(AgentSession).slice({ limit: 100, offset: 0 });

test('of two refreshes with one token at the same moment one wins, and the session ends', async () => {
  const { refreshToken } = await signedInAgent(account, 'ada');
  const results = await Promise.allSettled(
    [1, 2, 3].map(() => agentSessions.refresh(account.ctx, refreshToken)),
  );
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
  for (const result of results) {
    if (result.status === 'rejected') expect(isTokenRefusal(result.reason)).toBe(true);
    else await expect(signInWith(result.value.accessToken)).rejects.toThrow('The session has ended.');
  }
  expect(await sessionsOf(account)).toMatchObject([{ refreshes: 1, endReason: 'reused' }]);
});

test('a session that does not rotate gives access with the same refresh token, until its seven days are over', async () => {
  const { refreshToken } = await signedInAgent(account, 'ada', { isRotating: false });
  for (const days of [3, 3]) {
    account.clock.advance(days * DAY_MS);
    const tokens = await agentSessions.refresh(account.ctx, refreshToken);
    expect(tokens.refreshToken).toBe(refreshToken);
    expect((await signInWith(tokens.accessToken, account.key)).agent?.role).toBe('agent');
  }
  account.clock.advance(DAY_MS);
  await expect(agentSessions.refresh(account.ctx, refreshToken)).rejects.toThrow(
    'The refresh token has expired.',
  );
  const { refreshToken: other } = await agentSessions.login(
    account.ctx,
    { username: 'ada', password: PASSWORD },
    { isRotating: false },
  );
  const [session] = await sessionsOf(account);
  expect(session).toMatchObject({ isRotating: false, refreshes: 0, endedAt: null });
  await agents.delete(account.ctx, String(session?.agentId));
  await expect(agentSessions.refresh(account.ctx, other)).rejects.toThrow('The session has ended.');
});

test('a context of a session says who acts, from where, and what is seen', async () => {
  const { accessToken, agent } = await signedInAgent(account, 'ada', { lastName: 'Moreno' });
  const ctx = await signInWith(accessToken, account.key);
  expect(ctx.actor).toEqual({ kind: 'agent', id: agent.id, name: 'ada Moreno' });
  expect(ctx.agent).toEqual({ id: agent.id, role: 'agent', sessionId: expect.any(String) });
  expect(ctx.address).toBe('203.0.113.7');
  expect(ctx.view).toEqual({ accountId: account.ctx.account.id, agentId: agent.id });
  expect(ctx.forAccount().view).toEqual({ accountId: account.ctx.account.id, agentId: undefined });
  expect(ctx.asSystem('test')).toMatchObject({ agent: undefined, view: { agentId: undefined } });
  expect(ctx.scopeText).not.toBe(ctx.forAccount().scopeText);
  expect(() => ctx.actingFor(account.ctx.account)).toThrow('Account not found');
  await ctx.transaction(async (tx) => expect(tx.view).toEqual(ctx.view));
  const admin = await signedInAgent(account, 'boss', { role: 'admin' });
  const asAdmin = await signInWith(admin.accessToken);
  expect(asAdmin.view.agentId).toBeUndefined();
  expect(asAdmin.scopeText).toBe(account.ctx.scopeText);
});

test('a refused token is told from every other refusal', async () => {
  const { accessToken } = await signedInAgent(account, 'ada');
  account.clock.advance(900_000);
  const expired = await signInWith(accessToken, account.key).catch((error) => error);
  expect(expired).toMatchObject({ code: 'UNAUTHENTICATED', message: 'The access token has expired.' });
  expect(isTokenRefusal(expired)).toBe(true);
  const stranger = await openTestAccount({ clock: account.clock });
  const [fresh, other] = [await signedInAgent(account, 'bob'), await signedInAgent(stranger, 'eve')];
  for (const token of [fresh.accessToken, other.accessToken]) {
    const mixed = await signInWith(token, token === fresh.accessToken ? stranger.key : account.key).catch(
      (e) => e,
    );
    expect(mixed).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(isTokenRefusal(mixed)).toBe(false);
  }
});

test('sessions that are long over are forgotten at the next login of the agent', async () => {
  await signedInAgent(account, 'ada');
  await hireAgent(account, 'bob');
  account.clock.advance(36 * DAY_MS);
  const input = { username: 'ada', password: PASSWORD };
  await agentSessions.login(account.ctx, input);
  expect(await sessionsOf(account)).toHaveLength(2);
  account.clock.advance(2 * DAY_MS);
  await agentSessions.login(account.ctx, { ...input, username: 'bob' });
  expect(await sessionsOf(account)).toHaveLength(3);
  await agentSessions.login(account.ctx, input);
  expect(await sessionsOf(account)).toHaveLength(3);
});

test('a username is found whatever its capitals, in its account alone', async () => {
  const stranger = await openTestAccount();
  const { agent } = await signedInAgent(stranger, 'Zoe');
  expect(agent.username).toBe('Zoe');
  await expect(
    agentSessions.login(account.ctx, { username: 'Zoe', password: PASSWORD }),
  ).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  await agentSessions.login(stranger.ctx, { username: 'zOE', password: PASSWORD });
});
