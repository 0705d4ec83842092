import type { Context } from '../context';
import { type Instant, toInstant } from '../datetime';
import { DomainError } from '../error';
import { TextField } from '../field';
import { parseInput } from '../input';
import type { Page, PageRequest } from '../page';
import type { RateLimit } from '../rate-limit';
import { tableOf } from '../table';
import { Agent } from './agent.entity';
import { AgentSession, type SessionEnd } from './agent-session.entity';
import { issueToken, readToken, TOKEN_SECONDS, type TokenClaims, tokenRefused } from './agent-token';
import { isPassword } from './password';

/** What an agent signs in with. */
export class Credentials {
  @TextField('The username; capitals do not count.', { inputOnly: true, required: true, max: 100 })
  username!: string;

  @TextField('The password.', { inputOnly: true, required: true, max: 200 })
  password!: string;
}

/** What an agent gets at login and at each refresh. */
export interface SessionTokens {
  /** Goes with requests. */
  accessToken: string;
  /** Gets new tokens. */
  refreshToken: string;
  /** When the access token expires. */
  expiresAt: Instant;
  agent: Agent;
}

/** How a session is to be. */
export interface LoginOptions {
  /** Whether each refresh gives a new refresh token, after which the old one ends the session; true when not given. */
  isRotating?: boolean;
}

/** The scope of keys under which agents may sign in. */
export const LOGIN_SCOPE = 'sessions:create';

const TRIES_OF_USERNAME: RateLimit = { bucket: 'login of', limit: 10, windowSeconds: 300 };
const TRIES_OF_ADDRESS: RateLimit = { bucket: 'login from', limit: 60, windowSeconds: 300 };
const KEPT_SECONDS = 30 * 86_400;

const BY_USERNAME = `where "account_id" = $1 and lower("username") = lower($2) and "deleted_at" is null`;
const FORGET = `delete from agent_session where "account_id" = $1 and "agent_id" = $2 and "expires_at" < $3`;
const ADVANCE = `
update agent_session set "refreshes" = "refreshes" + 1, "expires_at" = $3 where "account_id" = $1 and "id" = $2`;
const END = `
update agent_session set "ended_at" = $3, "end_reason" = $4 where "account_id" = $1 and "ended_at" is null`;

/** The agent of a username, capitals aside, or undefined. */
export async function agentByUsername(ctx: Context, username: string): Promise<Agent | undefined> {
  const text = `select ${tableOf(Agent).selectList} from agent ${BY_USERNAME}`;
  const values = [ctx.account.id, username];
  const [agent] = await ctx.query<Agent & Record<string, unknown>>(text, values, 'agent by username');
  return agent;
}

/** Ends all sessions of an agent; their tokens are refused within a second. */
export async function endSessions(ctx: Context, agentId: string, reason: SessionEnd): Promise<void> {
  await ctx.query(`${END} and "agent_id" = $2`, [ctx.account.id, agentId, ctx.instant(), reason]);
}

async function endSession(ctx: Context, id: string, reason: SessionEnd): Promise<void> {
  await ctx.query(`${END} and "id" = $2`, [ctx.account.id, id, ctx.instant(), reason]);
}

function secondsFrom(ctx: Context, seconds: number): Instant {
  return toInstant(new Date(ctx.now().getTime() + seconds * 1000));
}

function tokensOf(ctx: Context, claims: TokenClaims, agent: Agent): SessionTokens {
  const issue = (use: 'access' | 'refresh') => issueToken(ctx.vault, use, claims, ctx.now());
  const expiresAt = secondsFrom(ctx, TOKEN_SECONDS.access);
  return { accessToken: issue('access'), refreshToken: issue('refresh'), expiresAt, agent };
}

/** The agent of the credentials. Throws RATE_LIMITED, and UNAUTHENTICATED that does not tell what was wrong. */
async function identify(ctx: Context, { username, password }: Credentials): Promise<Agent> {
  if (ctx.address !== undefined) await ctx.limit(ctx.address, TRIES_OF_ADDRESS);
  // Counted before the password is looked at, so that tries at the same moment cannot pass the limit together.
  const who = `${ctx.account.id} ${username.toLowerCase()}`;
  await ctx.limit(who, TRIES_OF_USERNAME);
  const agent = await agentByUsername(ctx, username);
  const isRight = await isPassword(password, agent?.passwordHash);
  if (!agent || !isRight) {
    throw new DomainError('UNAUTHENTICATED', 'The supplied authentication credentials are invalid.');
  }
  if (!agent.isActive) {
    throw new DomainError('UNAUTHENTICATED', 'No active account found with the given credentials');
  }
  await ctx.forgetTries(who, TRIES_OF_USERNAME);
  return agent;
}

/** Takes the next step of a live session; undefined when there is none, also because the token comes a second time. */
async function advance(ctx: Context, claims: TokenClaims): Promise<AgentSession | undefined> {
  const session = await ctx.repo(AgentSession).lockIfThere(claims.sessionId);
  if (!session || session.endedAt) return undefined;
  if (!session.isRotating) return session;
  if (session.refreshes !== claims.refreshes) {
    await endSession(ctx, session.id, 'reused');
    return undefined;
  }
  await ctx.query(ADVANCE, [ctx.account.id, session.id, secondsFrom(ctx, TOKEN_SECONDS.refresh)]);
  return { ...session, refreshes: session.refreshes + 1 };
}

/** Sessions of agents: who signs in with a password gets tokens and acts in the agent's own name. */
export const agentSessions = {
  /**
   * Begins a session of the agent with this username and password. Throws UNAUTHENTICATED when they are wrong or the
   * agent is not active, RATE_LIMITED after 10 tries of a username since the last that was right, or 60 from an
   * address, in 5 minutes.
   */
  async login(ctx: Context, input: object, { isRotating = true }: LoginOptions = {}): Promise<SessionTokens> {
    ctx.require(LOGIN_SCOPE);
    const credentials = parseInput(ctx, Credentials, 'create', input) as unknown as Credentials;
    const agent = await identify(ctx, credentials);
    const session = await ctx.transaction(async (tx) => {
      await tx.query(FORGET, [tx.account.id, agent.id, secondsFrom(tx, -KEPT_SECONDS)]);
      const expiresAt = secondsFrom(tx, TOKEN_SECONDS.refresh);
      const address = tx.address ?? null;
      return tx
        .repo(AgentSession)
        .insert({ agentId: agent.id, address, isRotating, refreshes: 0, expiresAt });
    });
    const claims = { accountId: ctx.account.id, agentId: agent.id, sessionId: session.id, refreshes: 0 };
    return tokensOf(ctx, claims, agent);
  },

  /**
   * New tokens for a refresh token; a session that does not rotate keeps its refresh token. A token that was used
   * already ends its session. Throws UNAUTHENTICATED, which `isTokenRefusal` tells from other refusals.
   */
  async refresh(ctx: Context, refreshToken: string): Promise<SessionTokens> {
    const claims = readToken(ctx.vault, 'refresh', refreshToken, ctx.now());
    if (claims.accountId !== ctx.account.id) throw tokenRefused('The refresh token is not valid.');
    const session = await ctx.transaction((tx) => advance(tx, claims));
    const agent = session && (await ctx.repo(Agent).find(session.agentId));
    if (!session || !agent?.isActive) throw tokenRefused('The session has ended.');
    const tokens = tokensOf(ctx, { ...claims, refreshes: session.refreshes }, agent);
    return session.isRotating ? tokens : { ...tokens, refreshToken };
  },

  /** Ends the session of the request; its tokens are refused within a second. Throws FORBIDDEN for an API key. */
  async logout(ctx: Context): Promise<AgentSession> {
    if (!ctx.agent) throw new DomainError('FORBIDDEN', 'Only an agent who has signed in can log out.');
    const { sessionId } = ctx.agent;
    await endSession(ctx, sessionId, 'logout');
    return ctx.repo(AgentSession).get(sessionId);
  },

  /** One page by cursors. Throws INVALID. */
  async page(ctx: Context, request: PageRequest): Promise<Page<AgentSession>> {
    ctx.require('agentSessions:read');
    return ctx.repo(AgentSession).page(request);
  },
};
