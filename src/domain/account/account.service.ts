import { uuidv7 } from 'uuidv7';
import type { Context } from '../context';
import type { AccountScope } from '../context-seed';
import type { RowRef } from '../entity';
import { DomainError, notFound } from '../error';
import { changesBetween, rowEvent } from '../event';
import { DEFAULT_FEED_NAME, Feed } from '../feed/feed.entity';
import { isUuid, isWholeNumber } from '../field-kinds';
import type { Parameters } from '../filter';
import { parseInput } from '../input';
import type { BoundStore, Store } from '../store';
import { tableOf } from '../table';
import { cancelAllDeliveries, resumeDeliveries } from '../webhook/webhook-off';
import { insertStatement, updateStatement } from '../write';
import { Account, type AccountKind } from './account.entity';

const DEFAULT_LEAD_SOURCES = ['website', 'referral', 'campaign', 'social', 'other'];

const SCOPE = `
select account.id, account.number, account.kind, account.time_zone as "timeZone", account.default_country as "defaultCountry",
  feed.id as "defaultFeedId"
from account join feed on feed.account_id = account.id and feed.is_default and feed.deleted_at is null`;

const BY_NAME = `${SCOPE}
where account.slug = $1 or account.number::text = $1 or account.id::text = lower($1)
order by account.slug is not distinct from $1 desc limit 1`;

/** The account of a short name, else of a number or an id, or undefined; for the command line, which acts for any. */
export async function accountScopeByName(store: Store, name: string): Promise<AccountScope | undefined> {
  const [scope] = await store.acrossAccounts.query<AccountScope>(BY_NAME, [name]);
  return scope;
}

/** The account of an id. Throws NOT_FOUND; for the program itself, which acts for any account. */
export async function accountScopeById(store: Store, id: string): Promise<AccountScope> {
  const [scope] = await store.acrossAccounts.query<AccountScope>(`${SCOPE} where account.id = $1`, [id]);
  if (!scope) throw notFound('Account');
  return scope;
}

/** The scope of an account that is about to be opened: its ids are known before its rows exist. */
export async function newAccountScope(
  store: Pick<BoundStore, 'query'>,
  kind: AccountKind,
  { timeZone = 'UTC', defaultCountry = 'US' }: { timeZone?: string; defaultCountry?: string } = {},
): Promise<AccountScope> {
  const [next] = await store.query<{ number: number }>(
    `select nextval(pg_get_serial_sequence('account', 'number'))::int as number`,
    [],
  );
  return {
    id: uuidv7(),
    number: Number(next?.number),
    kind,
    timeZone,
    defaultCountry,
    defaultFeedId: uuidv7(),
  };
}

interface Opening {
  name: string;
  email?: string | null;
  slug?: string;
  parentId?: string;
}

/** Opens the account that the context acts for, with its default feed. */
export async function openAccount(ctx: Context, { name, email, slug, parentId }: Opening): Promise<Account> {
  const { id, number, kind, timeZone, defaultCountry, defaultFeedId } = ctx.account;
  return ctx.transaction(async (tx) => {
    const now = tx.instant();
    const opened = {
      id,
      number,
      kind,
      parentId: parentId ?? null,
      name,
      email: email ?? null,
      slug: slug ?? null,
      timeZone,
      defaultCountry,
      isActive: true,
      createdAt: now,
      updatedAt: now,
    };
    await tx.write(insertStatement(tableOf(Account), [opened]));
    const account = await read(tx);
    await tx.emit(rowEvent(Account, 'created', account));
    const feed = { id: defaultFeedId, name: DEFAULT_FEED_NAME, slug: 'default-feed', isDefault: true };
    await tx.emit(rowEvent(Feed, 'created', await tx.repo(Feed).insert(feed)));
    return account;
  });
}

const countOf = (table: string) =>
  `(select count(*)::int from ${table} one where one.account_id = account.id and one.is_active and one.deleted_at is null)`;

/** The accounts of a condition on $1, each with what it is billed for: one statement, however many. */
function select(store: Pick<BoundStore, 'query'>, condition: string, value: unknown): Promise<Account[]> {
  const billed = `${countOf('agent')} as "billedUsers", ${countOf('phone_number')} as "billedNumbers"`;
  const text = `select ${tableOf(Account).selectList}, ${billed} from account where ${condition}`;
  return store.query<Account & Record<string, unknown>>(text, [value]);
}

async function read(ctx: Context, isLocking = false): Promise<Account> {
  const [account] = await select(ctx, `id = $1 ${isLocking ? 'for update' : ''}`, ctx.account.id);
  if (!account) throw notFound('Account');
  return account;
}

async function write(ctx: Context, values: Partial<Account>): Promise<void> {
  const row = { ...values, updatedAt: ctx.instant() };
  const isIt = (parameters: Parameters) => `"id" = ${parameters.add(ctx.account.id)}`;
  await ctx.write(updateStatement(tableOf(Account), row, isIt));
}

function requireAgency(ctx: Context): void {
  if (ctx.account.kind !== 'agency')
    throw new DomainError('FORBIDDEN', 'Only an agency has client accounts.');
}

async function findClient(ctx: Context, id: RowRef, condition = ''): Promise<AccountScope> {
  const [key, isKnown] = typeof id === 'number' ? ['number', isWholeNumber(id)] : ['id', isUuid(id)];
  const where = `where account.${key} = $1 and account.parent_id = $2 and account.deleted_at is null ${condition}`;
  const [scope] = isKnown
    ? await ctx.acrossAccounts.query<AccountScope>(`${SCOPE} ${where}`, [id, ctx.account.id])
    : [];
  if (!scope) throw notFound('Account');
  return scope;
}

/** The account itself, and the client accounts of an agency. */
export const accounts = {
  /** The account that the request acts for. */
  async current(ctx: Context): Promise<Account> {
    ctx.require('accounts:read');
    return read(ctx);
  },

  /** Changes the account that the request acts for. */
  async update(ctx: Context, input: object): Promise<Account> {
    ctx.require('accounts:write');
    const draft = parseInput(ctx, Account, 'update', input) as Partial<Account>;
    return ctx.transaction(async (tx) => {
      const before = await read(tx, true);
      const changes = changesBetween(before, { ...before, ...draft });
      if (Object.keys(changes).length === 0) return before;
      await write(tx, draft);
      const after = await read(tx);
      if (after.isActive && !before.isActive) await resumeDeliveries(tx);
      await tx.emit(rowEvent(Account, 'updated', after, changes));
      return after;
    });
  },

  /** Where leads of the account may come from, for doors that ask for a choice. */
  async leadSources(ctx: Context): Promise<string[]> {
    const { leadSources } = await read(ctx);
    return leadSources ?? DEFAULT_LEAD_SOURCES;
  },

  /** The client accounts of the agency, oldest first. Throws FORBIDDEN for others. */
  async clients(ctx: Context): Promise<Account[]> {
    ctx.require('accounts:read');
    requireAgency(ctx);
    return select(ctx.acrossAccounts, 'parent_id = $1 and deleted_at is null order by id', ctx.account.id);
  },

  /** What a list of accounts shows: the client accounts of an agency that has some, else the account itself. */
  async clientsOrSelf(ctx: Context): Promise<Account[]> {
    const clients = ctx.account.kind === 'agency' ? await this.clients(ctx) : [];
    return clients.length > 0 ? clients : [await this.current(ctx)];
  },

  /** Opens a client account of the agency. Throws FORBIDDEN for others. */
  async createClient(ctx: Context, input: object): Promise<Account> {
    ctx.require('accounts:write');
    requireAgency(ctx);
    const draft = parseInput(ctx, Account, 'create', input) as Partial<Account> & { name: string };
    const scope = await newAccountScope(ctx, 'client', { ...ctx.account, ...draft });
    return openAccount(ctx.actingFor(scope), {
      name: draft.name,
      email: draft.email,
      parentId: ctx.account.id,
    });
  },

  /** Switches a client account on or off: off, its keys do not work. Throws NOT_FOUND, FORBIDDEN for others. */
  async setClientActive(ctx: Context, id: RowRef, isActive: boolean): Promise<Account> {
    ctx.require('accounts:write');
    requireAgency(ctx);
    return this.update(ctx.actingFor(await findClient(ctx, id)), { isActive });
  },

  /** Deletes a client account: it is kept for the log, exists for nobody, and its keys do not work. */
  async deleteClient(ctx: Context, id: RowRef): Promise<Account> {
    ctx.require('accounts:write');
    requireAgency(ctx);
    const client = ctx.actingFor(await findClient(ctx, id));
    return client.transaction(async (tx) => {
      const account = await read(tx, true);
      if (account.deletedAt) throw notFound('Account');
      await write(tx, { isActive: false, deletedAt: tx.instant() });
      await cancelAllDeliveries(tx);
      await tx.emit(rowEvent(Account, 'deleted', account));
      return account;
    });
  },

  /** The scope of a client account, for an agency's key that acts for it. Throws NOT_FOUND for any other id. */
  clientScope(ctx: Context, id: RowRef): Promise<AccountScope> {
    return findClient(ctx, id, 'and account.is_active');
  },
};
