import { Agent } from '../../src/domain/agent/agent.entity';
import { agents } from '../../src/domain/agent/agent.service';
import { AgentSession } from '../../src/domain/agent/agent-session.entity';
import { issueToken } from '../../src/domain/agent/agent-token';
import { hashPassword } from '../../src/domain/agent/password';
import type { Dialect } from '../../src/rest/dialect';
import { accountIdByKey, type TestAccount } from './account';
import type { TestServer } from './server';

/** The agent of documented requests. */
export const SAMPLE_AGENT = { username: 'binuser', password: 'a password that is long' };

const tokenByAccountId = new Map<string, string>();
let passwordHash: Promise<string> | undefined;

/** An agent with a username, its password, and an access token; the password is hashed once for all. */
export async function signInAgent(
  { ctx }: TestAccount,
  { username = SAMPLE_AGENT.username, role = 'admin' }: { username?: string; role?: Agent['role'] } = {},
): Promise<{ agent: Agent; token: string }> {
  passwordHash ??= hashPassword(SAMPLE_AGENT.password);
  const hash = await passwordHash;
  const agent = await agents.create(ctx, { firstName: username, username, role });
  const session = await ctx.transaction(async (tx) => {
    await tx.repo(Agent).update(agent.id, { passwordHash: hash });
    const expiresAt = new Date(ctx.now().getTime() + 7 * 86_400_000).toISOString();
    return tx.repo(AgentSession).insert({ agentId: agent.id, isRotating: false, refreshes: 0, expiresAt });
  });
  const claims = { accountId: ctx.account.id, agentId: agent.id, sessionId: session.id, refreshes: 0 };
  return { agent, token: issueToken(ctx.vault, 'access', claims, ctx.now()) };
}

/** An account with what the documented requests of the dialect take for granted. */
export async function openAccountFor(server: TestServer, dialect: Dialect): Promise<TestAccount> {
  const account = await server.openAccount();
  if (dialect.accessToken) {
    tokenByAccountId.set(account.ctx.account.id, (await signInAgent(account)).token);
  }
  return account;
}

/** The access token of the agent in the account of a key; undefined for a key of no account. */
export function tokenOf(key: string): string | undefined {
  return tokenByAccountId.get(accountIdByKey.get(key) ?? '');
}
