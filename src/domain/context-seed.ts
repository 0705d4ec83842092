import type { AccountKind } from './account/account.entity';
import type { AgentRole } from './agent/agent.entity';
import type { Providers } from './integration/provider';
import type { RateLimiter } from './rate-limit';
import type { Store } from './store';
import type { Vault } from './vault';

/** The account that a request acts for. */
export interface AccountScope {
  id: string;
  number: number;
  timeZone: string;
  defaultCountry: string;
  kind: AccountKind;
  /** The feed of leads that name none. */
  defaultFeedId: string;
}

/** Who acts: a key, an agent who has signed in, or the program itself. */
export interface Actor {
  kind: 'key' | 'agent' | 'system';
  id: string | null;
  name: string;
}

/** The agent who has signed in, and in which session. */
export interface SignedInAgent {
  id: string;
  role: AgentRole;
  sessionId: string;
}

/** What a request is made of, besides its input. */
export interface ContextSeed {
  store: Store;
  account: AccountScope;
  actor: Actor;
  /** The agent who acts; a key and the program itself are none. */
  agent?: SignedInAgent | undefined;
  /** The scopes of the key or of the agent's role; null is full access. */
  scopes: ReadonlySet<string> | null;
  /** Scopes that a caller knows by another name. */
  scopeNames?: Readonly<Record<string, string>> | undefined;
  /** The scopes of the key beside which the agent acts; null is full access, undefined is no key. */
  keyScopes?: ReadonlySet<string> | null | undefined;
  requestId: string;
  /** The network address that the request came from. */
  address?: string | undefined;
  /** Counts tries; without one nothing is limited. */
  rateLimiter?: RateLimiter | undefined;
  vault: Vault;
  /** The providers of meetings and calendars; without them what they are to do is left to a worker. */
  providers?: Providers | undefined;
  now: () => Date;
  /** Hears of every commit that appended to the change log. */
  onChange?: (() => void) | undefined;
}
