import { Agent } from '../../src/domain/agent/agent.entity';
import { agents } from '../../src/domain/agent/agent.service';
import { AgentSession } from '../../src/domain/agent/agent-session.entity';
import { issueToken } from '../../src/domain/agent/agent-token';
import { hashPassword } from '../../src/domain/agent/password';
import { audiences } from '../../src/domain/audience/audience.service';
import { audienceGroups } from '../../src/domain/audience/audience-group.service';
import { campaigns } from '../../src/domain/campaign/campaign.service';
import { chats } from '../../src/domain/chat/chat.service';
import type { Context } from '../../src/domain/context';
import { takeInboundMail } from '../../src/domain/email/inbound-take';
import { formPages } from '../../src/domain/form-page/form-page.service';
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

/** Counts pages, whose addresses are unique over all accounts. */
let pages = 0;

/** What cannot be made at a dialect's own door, by the name of the dialect. */
const PREPARATIONS: Record<string, (ctx: Context) => Promise<unknown>> = {
  async furiosa(ctx) {
    const { id: audienceId } = await audiences.create(ctx, { name: 'Newsletter' });
    for (const name of ['Customers', 'Events']) await audienceGroups.create(ctx, { audienceId, name });
    const letter = { subject: 'Spring is here', text: 'Dear {{ first_name }}' };
    await campaigns.create(ctx, { name: 'Spring offer', audienceId, ...letter });
    pages += 1;
    const email = { name: 'email', label: 'E-mail', kind: 'email', isRequired: true, mapsTo: 'email' };
    await formPages.create(ctx, {
      ...{ name: 'Contact us', slug: `contact-us-${Date.now()}${pages}`, status: 'published' },
      ...{ audienceId, fields: [email] },
    });
  },
  async fusedesk(ctx) {
    await agents.create(ctx, {
      ...{ firstName: 'Ann', lastName: 'Lee', username: 'ann', email: 'ann@acme.example' },
    });
    await takeInboundMail(ctx, {
      ...{ hash: 'no toner', messageId: '<toner@example.com>', subject: 'No toner', text: 'It is empty.' },
      ...{ from: { address: 'bill@example.com', name: 'Bill' }, to: ['help@acme.example'], cc: [] },
      ...{ html: null, inReplyTo: null, references: [], replyTo: null, attachments: [], isAutomatic: false },
    });
    const chat = await chats.create(ctx, {
      ...{ title: 'Where is my order?', platform: 'livechat', clientName: 'Bill' },
    });
    await chats.addMessage(ctx, { chatId: chat.id, sender: 'client', body: 'Hello?' });
  },
};

/** An account with what the documented requests of the dialect take for granted. */
export async function openAccountFor(
  server: Pick<TestServer, 'openAccount'>,
  dialect: Dialect,
): Promise<TestAccount> {
  const account = await server.openAccount();
  if (dialect.accessToken) {
    tokenByAccountId.set(account.ctx.account.id, (await signInAgent(account)).token);
  }
  await PREPARATIONS[dialect.name]?.(account.ctx);
  return account;
}

/** The access token of the agent in the account of a key; undefined for a key of no account. */
export function tokenOf(key: string): string | undefined {
  return tokenByAccountId.get(accountIdByKey.get(key) ?? '');
}
