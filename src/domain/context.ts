import type { QueryResultRow } from 'pg';
import type { AccountScope, Actor, ContextSeed, SignedInAgent } from './context-seed';
import { type Instant, toInstant } from './datetime';
import type { AccountRow } from './entity';
import { DomainError, notFound } from './error';
import { appendStatement, type EventDraft } from './event';
import type { Providers } from './integration/provider';
import type { RateLimit } from './rate-limit';
import { Repository } from './repository';
import type { BoundStore, Statement } from './store';
import { tableOf } from './table';
import { Unit, type UnitScope } from './unit';
import type { Vault } from './vault';
import type { View } from './view';

/** First argument of every service method: the account, who acts, what is allowed, and the only way to a table. */
export class Context {
  /** The rows that repositories and relations show: the account's, or those of an agent who is no admin. */
  readonly view: View;

  constructor(
    private readonly seed: ContextSeed,
    private readonly unit?: Unit,
    isForAccount = false,
  ) {
    const { account, agent } = seed;
    const isLimited = agent?.role === 'agent' && !isForAccount;
    this.view = { accountId: account.id, agentId: isLimited ? agent.id : undefined };
  }

  get account(): AccountScope {
    return this.seed.account;
  }

  get actor(): Actor {
    return this.seed.actor;
  }

  /** The agent who has signed in; undefined for a key and the program itself. */
  get agent(): SignedInAgent | undefined {
    return this.seed.agent;
  }

  /** The network address that the request came from; undefined where it came over no network. */
  get address(): string | undefined {
    return this.seed.address;
  }

  /** Hashes of keys, and what is stored encrypted. */
  get vault(): Vault {
    return this.seed.vault;
  }

  /** The providers of meetings and calendars, where this process reaches any. */
  get providers(): Providers | undefined {
    return this.seed.providers;
  }

  /** The providers, where a request may turn to them once it has committed. */
  get providersAfterCommit(): Providers | undefined {
    return this.unit && this.unit.scope !== 'write' ? undefined : this.seed.providers;
  }

  /** Whether a transaction is open, in which nothing outside of the database may be waited for. */
  get isInTransaction(): boolean {
    return this.unit !== undefined;
  }

  get requestId(): string {
    return this.seed.requestId;
  }

  /** The time of day, from the one clock that tests can set. */
  now(): Date {
    return this.seed.now();
  }

  /** The time of day as an instant. */
  instant(): Instant {
    return toInstant(this.seed.now());
  }

  /** Whether the key or the agent may do what the scope names. */
  can(scope: string): boolean {
    const { scopes } = this.seed;
    return scopes === null || scopes.has(scope) || scopes.has(this.nameOf(scope));
  }

  private nameOf(scope: string): string {
    return this.seed.scopeNames?.[scope] ?? scope;
  }

  /** Scopes and view as one text, equal for callers who may do the same and see the same. */
  get scopeText(): string {
    const scopes = this.seed.scopes === null ? '*' : [...this.seed.scopes].sort().join(' ');
    return this.view.agentId === undefined ? scopes : `${scopes} of ${this.view.agentId}`;
  }

  /** Throws FORBIDDEN that names the scope when the caller lacks it. */
  require(scope: string): void {
    if (this.can(scope)) return;
    const { agent, keyScopes } = this.seed;
    const caller = agent && (keyScopes?.has(scope) ?? true) ? 'This agent' : 'This key';
    const name = this.nameOf(scope);
    throw new DomainError('FORBIDDEN', `${caller} lacks the scope ${name}.`, { scope: name });
  }

  /** Throws FORBIDDEN for an agent who sees only some rows of the account; `what` shows all of them. */
  requireWholeView(what: string): void {
    if (this.view.agentId === undefined) return;
    throw new DomainError('FORBIDDEN', `${what} is for API keys and for agents of the role admin.`);
  }

  /** Counts a try. Throws RATE_LIMITED with the seconds until the next one when there were too many. */
  async limit(key: string, limit: RateLimit): Promise<void> {
    const quota = await this.seed.rateLimiter?.take(`${limit.bucket}:${key}`, limit);
    if (!quota || quota.isAllowed) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((quota.resetAtMs - this.now().getTime()) / 1000));
    throw new DomainError('RATE_LIMITED', `Too many tries: wait ${retryAfterSeconds} seconds.`, {
      retryAfterSeconds,
    });
  }

  /** Forgets the tries that were counted, since the last one was right. */
  async forgetTries(key: string, { bucket }: RateLimit): Promise<void> {
    await this.seed.rateLimiter?.forget(`${bucket}:${key}`);
  }

  /** The rows of a noun that belong to this account; there is no other way to them. */
  repo<T extends AccountRow>(entity: abstract new () => T): Repository<T> {
    return new Repository<T>(this, tableOf(entity));
  }

  /** Runs one statement, inside the transaction when one is open; `name` prepares it once per connection. */
  query<R extends QueryResultRow>(text: string, values: unknown[], name?: string): Promise<R[]> {
    const { id } = this.account;
    return this.unit
      ? this.unit.query(id, text, values, name)
      : this.seed.store.ofAccount(id).query(text, values, name);
  }

  /**
   * Runs one statement that reads a few rows by an index: such as come at the same time wait for one another. In a
   * transaction it is like any other.
   */
  lookUp<R extends QueryResultRow>(text: string, values: unknown[]): Promise<R[]> {
    if (this.unit) return this.query<R>(text, values);
    return this.seed.store.ofAccount(this.account.id).lookUp<R>(text, values);
  }

  /** Runs one statement that writes. Throws outside a transaction. */
  write<R extends object>({ text, values }: Statement): Promise<R[]> {
    return this.writing.query<R & QueryResultRow>(this.account.id, text, values);
  }

  /**
   * Runs the short statement that a write ends with: nothing may be asked or written behind it, and others may wait for
   * it. Throws outside a transaction.
   */
  writeLast<R extends object>({ text, values }: Statement): Promise<R[]> {
    return this.writing.queryLast<R & QueryResultRow>(this.account.id, { text, values });
  }

  /** The database across accounts, outside any write: for what an agency may know of its clients. */
  get acrossAccounts(): Pick<BoundStore, 'query'> {
    const { unit } = this;
    if (unit?.scope !== 'request') return this.seed.store.acrossAccounts;
    return { query: (text, values, name) => unit.query(undefined, text, values, name) };
  }

  /** Runs statements that only read, in one round trip; when one fails, all do. */
  async queryTogether(statements: Statement[]): Promise<QueryResultRow[][]> {
    if (!this.unit) return this.seed.store.ofAccount(this.account.id).queryTogether(statements);
    const results: QueryResultRow[][] = [];
    for (const { text, values } of statements) results.push(await this.query(text, values));
    return results;
  }

  /** Runs the work in a transaction of its own, or in the one that is open. */
  async transaction<T>(work: (ctx: Context) => Promise<T>): Promise<T> {
    const { unit } = this;
    if (!unit) return this.begin('write', (opened) => work(this.inUnit(opened)));
    if (unit.scope !== 'request') return unit.nest(() => work(this));
    return unit.part(this.account.id, (part) => work(this.inUnit(part)));
  }

  /**
   * Runs all of a request in one transaction, undone when it throws: its writes are parts, each done or undone as it
   * would be alone. `parts` says how many are done so far.
   */
  asOneTransaction<T>(work: (ctx: Context, parts: () => number) => Promise<T>): Promise<T> {
    return this.begin('request', (unit) => work(this.inUnit(unit), () => unit.parts));
  }

  private async begin<T>(scope: UnitScope, work: (unit: Unit) => Promise<T>): Promise<T> {
    const { store, onChange } = this.seed;
    const { id } = this.account;
    let hasEvents = false;
    const result = await store.ofAccount(id).transaction(async (transaction) => {
      const unit = new Unit({ store, transaction, scope, accountId: id });
      const result = await work(unit).finally(() => unit.end());
      await unit.commit();
      hasEvents = unit.hasEvents;
      return result;
    });
    if (hasEvents) onChange?.();
    return result;
  }

  private inUnit(unit: Unit): Context {
    return new Context(this.seed, unit, this.view.agentId === undefined);
  }

  /** The transaction of the write that goes on. Throws outside one. */
  private get writing(): Unit {
    if (!this.unit || this.unit.scope === 'request')
      throw new Error('Something was written outside a transaction.');
    return this.unit;
  }

  /** Writes change events at the end of the write that goes on, in its transaction. Throws outside one. */
  async emit(...events: EventDraft[]): Promise<void> {
    const { writing } = this;
    if (events.length === 0) return;
    writing.hasEvents = true;
    writing.putOff(appendStatement(this, events));
  }

  /** Tells that the next statement writes change events of its own, and writes those that come before. */
  async noteEvents(): Promise<void> {
    const { writing } = this;
    writing.hasEvents = true;
    await writing.settle();
  }

  /** The program itself acting for the account within the request, with full access. */
  asSystem(name: string): Context {
    const actor = { kind: 'system' as const, id: null, name };
    return new Context({ ...this.seed, actor, agent: undefined, scopes: null }, this.unit);
  }

  /** The same for a caller who knows scopes by other names: a name gives the scope too, and refusals say it. */
  withScopeNames(scopeNames: ContextSeed['scopeNames']): Context {
    if (!scopeNames) return this;
    return new Context({ ...this.seed, scopeNames }, this.unit);
  }

  /** The same caller with the view of the whole account, for what follows from a write that the caller may make. */
  forAccount(): Context {
    return new Context(this.seed, this.unit, true);
  }

  /** The same caller, who may do only what the other may do too. */
  within(other: Context): Context {
    const [own, others] = [this.seed.scopes, other.seed.scopes];
    const both = own && others ? new Set([...own].filter((scope) => others.has(scope))) : (own ?? others);
    return new Context({ ...this.seed, scopes: both, keyScopes: others }, this.unit);
  }

  /**
   * The same request acting for another account (an agency for its client), where its agents are nobody's owners or
   * assignees. Throws NOT_FOUND for an agent who is no admin.
   */
  actingFor(account: AccountScope): Context {
    if (this.view.agentId !== undefined) throw notFound('Account');
    return new Context({ ...this.seed, account, agent: undefined }, this.unit);
  }
}
