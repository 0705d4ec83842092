import { hash } from 'node:crypto';
import DataLoader from 'dataloader';
import { Account } from '../domain/account/account.entity';
import { accounts } from '../domain/account/account.service';
import type { AgentRole } from '../domain/agent/agent.entity';
import { SCOPES_OF_ROLE } from '../domain/agent/agent-scopes';
import { readToken, tokenRefused } from '../domain/agent/agent-token';
import { ApiKey } from '../domain/api-key/api-key.entity';
import { isWellFormedKey } from '../domain/api-key/api-key.rules';
import { Context } from '../domain/context';
import type { AccountScope, ContextSeed } from '../domain/context-seed';
import { DomainError } from '../domain/error';
import { subjectOf } from '../domain/event';
import { Feed } from '../domain/feed/feed.entity';
import type { Providers } from '../domain/integration/provider';
import { joinName } from '../domain/lead/lead.rules';
import type { RateLimiter } from '../domain/rate-limit';
import type { SignIn, SignInRequest } from '../domain/sign-in';
import type { Store } from '../domain/store';
import type { Vault } from '../domain/vault';
import { KnownRows } from './known-rows';
import { LOOK_EVERY_MS, LogVersion } from './log-version';

interface KeyRow extends AccountScope {
  hash: string;
  keyId: string;
  keyName: string;
  scopes: string[] | null;
  expiresAt: string | null;
}

type Caller = Pick<ContextSeed, 'account' | 'actor' | 'agent' | 'scopes'>;

/** A key that is good until then. */
interface KnownKey {
  id: string;
  caller: Caller;
  expiresAtMs: number;
}

interface SessionRow extends AccountScope {
  sessionId: string;
  agentId: string;
  firstName: string;
  lastName: string;
  role: AgentRole;
}

const SCOPE = `account.id, account.number, account.kind, account.time_zone as "timeZone",
  account.default_country as "defaultCountry", feed.id as "defaultFeedId"`;

const ACCOUNT_OF = (table: string) => `
join account on account.id = ${table}.account_id and account.is_active
join feed on feed.account_id = account.id and feed.is_default and feed.deleted_at is null`;

const KEYS_BY_HASH = `
select api_key.hash, api_key.id as "keyId", api_key.name as "keyName", api_key.scopes, api_key.expires_at as "expiresAt", ${SCOPE}
from api_key ${ACCOUNT_OF('api_key')}
where api_key.hash = any($1) and api_key.revoked_at is null`;

/** What the rows of keys are made of. */
const KEY_SUBJECTS = [ApiKey, Account, Feed].map(subjectOf);

const SESSION_BY_ID = `
select session.id as "sessionId", agent.id as "agentId", agent.first_name as "firstName",
  agent.last_name as "lastName", agent.role, ${SCOPE}
from agent_session session
join agent on agent.account_id = session.account_id and agent.id = session.agent_id
  and agent.is_active and agent.deleted_at is null ${ACCOUNT_OF('session')}
where session.account_id = $1 and session.id = $2 and session.ended_at is null`;

const NOTE_USE = `
update api_key set last_used_at = $3
where account_id = $1 and id = $2
  and (last_used_at is null or last_used_at < $3::timestamptz - interval '1 minute')`;

const USES_MAX = 10_000;
const USE_NOTED_EVERY_MS = 60_000;

interface AuthOptions {
  store: Store;
  vault: Vault;
  now: () => Date;
  /** Counts logins. */
  rateLimiter: RateLimiter;
  /** The providers of meetings and calendars. */
  providers?: Providers | undefined;
  /** Hears of every commit that appended to the change log. */
  onChange?: () => void;
}

function refuse(message = 'Invalid or missing API key'): DomainError {
  return new DomainError('UNAUTHENTICATED', message);
}

function knownKeyOf({ hash: _, keyId, keyName, scopes, expiresAt, ...account }: KeyRow): KnownKey {
  const actor = { kind: 'key' as const, id: keyId, name: keyName };
  return {
    id: keyId,
    caller: { account, actor, scopes: scopes && new Set(scopes) },
    expiresAtMs: expiresAt ? Date.parse(expiresAt) : Number.POSITIVE_INFINITY,
  };
}

/** Signs requests in by API keys, by the access tokens of agents, or by both. */
export class Authenticator {
  /** By another hash than the stored one, which is slower; both are of 192 random bits. */
  private readonly keysByDigest: KnownRows<KnownKey>;
  private readonly keys = new DataLoader<string, KnownKey | undefined>((hashes) => this.readKeys(hashes), {
    cache: false,
    // One statement for all the requests that have come in meanwhile.
    batchScheduleFn: setImmediate,
  });
  /** No events tell of sessions. */
  private readonly sessionsById = new KnownRows<SessionRow>(() => 0, LOOK_EVERY_MS);
  private readonly usedAtByKeyId = new Map<string, number>();

  constructor(private readonly options: AuthOptions) {
    this.keysByDigest = new KnownRows(new LogVersion(options.store, KEY_SUBJECTS).current);
  }

  /** See {@link SignIn}. */
  readonly signIn: SignIn = async (request) => {
    const { key, token } = request;
    if (token === undefined) return this.signInKey(key, request);
    const session = await this.sessionContext(token, request);
    if (key === undefined) return actingFor(session, request);
    const keyContext = await this.signInKey(key, request);
    if (keyContext.account.id === session.account.id) return session.within(keyContext);
    throw refuse('The API key and the access token are of different accounts.');
  };

  private async signInKey(key: string | undefined, request: SignInRequest): Promise<Context> {
    if (!key || !isWellFormedKey(key)) throw refuse();
    const { vault, now } = this.options;
    const known = await this.keysByDigest.find(hash('sha256', key), () => this.keys.load(vault.hash(key)));
    if (!known || known.expiresAtMs <= now().getTime()) throw refuse();
    this.noteUse(known);
    return actingFor(this.context(request, known.caller), request);
  }

  private async readKeys(hashes: readonly string[]): Promise<(KnownKey | undefined)[]> {
    const { store } = this.options;
    const rows = await store.acrossAccounts.query<KeyRow & object>(KEYS_BY_HASH, [hashes], 'keys by hash');
    const keysByHash = new Map(rows.map((row) => [row.hash, knownKeyOf(row)]));
    return hashes.map((one) => keysByHash.get(one));
  }

  private async sessionContext(token: string, request: SignInRequest): Promise<Context> {
    const { store, vault, now } = this.options;
    const claims = readToken(vault, 'access', token, now());
    const ids = [claims.accountId, claims.sessionId];
    const row = await this.sessionsById.find(ids.join(' '), async () => {
      const sessions = store.acrossAccounts.query<SessionRow & object>(SESSION_BY_ID, ids, 'session by id');
      return (await sessions)[0];
    });
    if (!row) throw tokenRefused('The session has ended.');
    const { sessionId, agentId, firstName, lastName, role, ...account } = row;
    const actor = { kind: 'agent' as const, id: agentId, name: joinName({ firstName, lastName }) };
    const agent = { id: agentId, role, sessionId };
    return this.context(request, { account, actor, agent, scopes: SCOPES_OF_ROLE[role] });
  }

  private context({ requestId, address }: SignInRequest, { account, actor, agent, scopes }: Caller): Context {
    const { store, vault, now, onChange, rateLimiter, providers } = this.options;
    // All that a seed can have, and nothing spread: so every one has the same shape, also those that are made from it.
    return new Context({
      store,
      vault,
      now,
      onChange,
      rateLimiter,
      providers,
      requestId,
      address,
      account,
      actor,
      agent,
      scopes,
      scopeNames: undefined,
      keyScopes: undefined,
    });
  }

  private noteUse({ id: keyId, caller: { account } }: KnownKey): void {
    const at = this.options.now();
    if (at.getTime() - (this.usedAtByKeyId.get(keyId) ?? 0) < USE_NOTED_EVERY_MS) return;
    if (this.usedAtByKeyId.size >= USES_MAX) this.usedAtByKeyId.clear();
    this.usedAtByKeyId.set(keyId, at.getTime());
    // The answer does not wait for this note, and losing it loses nothing.
    this.options.store.acrossAccounts
      .query(NOTE_USE, [account.id, keyId, at.toISOString()], 'note key use')
      .catch(() => {});
  }
}

async function actingFor(ctx: Context, { accountId }: SignInRequest): Promise<Context> {
  if (!accountId || accountId === ctx.account.id) return ctx;
  return ctx.actingFor(await accounts.clientScope(ctx, accountId));
}
