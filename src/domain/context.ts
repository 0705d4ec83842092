import type { QueryResultRow } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { AccountKind } from './account/account.entity';
import { type Instant, toInstant } from './datetime';
import type { AccountRow } from './entity';
import { DomainError } from './error';
import { appendEvents, type EventDraft } from './event';
import { Repository } from './repository';
import { tableOf } from './table';
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

/** Who acts: a key, or the program itself. */
export interface Actor {
  kind: 'key' | 'system';
  id: string | null;
  name: string;
}

/** The database as the domain sees it; errors come out as DomainErrors (UNAVAILABLE when it cannot be reached). */
export interface Store {
  /** Runs one statement outside a transaction; a named one is prepared once per connection. */
  query<R extends QueryResultRow>(text: string, values: unknown[], name?: string): Promise<R[]>;
  /** Runs the work in one transaction, rolled back when it throws. */
  transaction<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T>;
  /** Statements of a running transaction. */
  queryIn<R extends QueryResultRow>(
    runner: QueryRunner,
    text: string,
    values: unknown[],
    name?: string,
  ): Promise<R[]>;
}

/** What a request is made of, besides its input. */
export interface ContextSeed {
  store: Store;
  account: AccountScope;
  actor: Actor;
  /** The key's scopes; null is full access. */
  scopes: ReadonlySet<string> | null;
  requestId: string;
  vault: Vault;
  now: () => Date;
  /** Hears of every commit that appended to the change log. */
  onChange?: (() => void) | undefined;
}

/** An open transaction. */
interface Unit {
  runner: QueryRunner;
  hasEvents: boolean;
}

/** First argument of every service method: the account, who acts, what is allowed, and the only way to a table. */
export class Context {
  constructor(
    private readonly seed: ContextSeed,
    private readonly unit?: Unit,
  ) {}

  get account(): AccountScope {
    return this.seed.account;
  }

  get actor(): Actor {
    return this.seed.actor;
  }

  /** Hashes of keys, and what is stored encrypted. */
  get vault(): Vault {
    return this.seed.vault;
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

  /** Whether the key may do what the scope names. */
  can(scope: string): boolean {
    return this.seed.scopes === null || this.seed.scopes.has(scope);
  }

  /** The key's scopes as one text, equal for keys that may do the same. */
  get scopeText(): string {
    return this.seed.scopes === null ? '*' : [...this.seed.scopes].sort().join(' ');
  }

  /** Throws FORBIDDEN that names the scope when the key lacks it. */
  require(scope: string): void {
    if (!this.can(scope)) {
      throw new DomainError('FORBIDDEN', `This key lacks the scope ${scope}.`, { scope });
    }
  }

  /** The rows of a noun that belong to this account; there is no other way to them. */
  repo<T extends AccountRow>(entity: abstract new () => T): Repository<T> {
    return new Repository<T>(this, tableOf(entity));
  }

  /** Runs one statement, inside the transaction when one is open; `name` prepares it once per connection. */
  query<R extends QueryResultRow>(text: string, values: unknown[], name?: string): Promise<R[]> {
    const { store } = this.seed;
    return this.unit ? store.queryIn(this.unit.runner, text, values, name) : store.query(text, values, name);
  }

  /** TypeORM's manager of the open transaction; writes go through it. Throws outside a transaction. */
  get manager(): EntityManager {
    if (!this.unit) throw new Error('A write was tried outside a transaction.');
    return this.unit.runner.manager;
  }

  /** Runs the work in a transaction of its own, or in the one that is open. */
  async transaction<T>(work: (ctx: Context) => Promise<T>): Promise<T> {
    if (this.unit) return work(this);
    let hasEvents = false;
    const result = await this.seed.store.transaction(async (runner) => {
      const unit = { runner, hasEvents: false };
      const result = await work(new Context(this.seed, unit));
      hasEvents = unit.hasEvents;
      return result;
    });
    if (hasEvents) this.seed.onChange?.();
    return result;
  }

  /** Writes change events in the open transaction. Throws outside one. */
  async emit(...events: EventDraft[]): Promise<void> {
    if (!this.unit) throw new Error('An event was emitted outside a transaction.');
    if (events.length === 0) return;
    this.unit.hasEvents = true;
    await appendEvents(this, events);
  }

  /** The program itself acting for the account within the request, with full access. */
  asSystem(name: string): Context {
    const actor = { kind: 'system' as const, id: null, name };
    return new Context({ ...this.seed, actor, scopes: null }, this.unit);
  }

  /** The same request acting for another account (an agency for its client). */
  actingFor(account: AccountScope): Context {
    return new Context({ ...this.seed, account }, this.unit);
  }
}
