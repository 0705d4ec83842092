import { Agent } from '../../src/domain/agent/agent.entity';
import { agents } from '../../src/domain/agent/agent.service';
import {
  agentSessions,
  type LoginOptions,
  type SessionTokens,
} from '../../src/domain/agent/agent-session.service';
import { hashPassword } from '../../src/domain/agent/password';
import type { TestAccount } from './account';

/** The password of every agent in tests. */
export const PASSWORD = 'correct horse battery staple';

let hashing: Promise<string> | undefined;

/** An agent who has the password; it is hashed once for all, because that takes its time. */
export async function hireAgent({ ctx }: TestAccount, username: string, values: object = {}): Promise<Agent> {
  hashing ??= hashPassword(PASSWORD);
  const passwordHash = await hashing;
  const agent = await agents.create(ctx, { firstName: username, username, ...values });
  return ctx.transaction((tx) => tx.repo(Agent).update(agent.id, { passwordHash }));
}

/** An agent who has signed in. */
export async function signedInAgent(
  account: TestAccount,
  username: string,
  { isRotating = true, ...values }: LoginOptions & Record<string, unknown> = {},
): Promise<SessionTokens> {
  await hireAgent(account, username, values);
  return agentSessions.login(account.ctx, { username, password: PASSWORD }, { isRotating });
}
