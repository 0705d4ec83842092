import type { Context } from './context';
import { nounOf, type RowRef, type TenantEntity } from './entity';
import { type Changes, changesBetween, rowEvent } from './event';
import type { EntityClass } from './field';
import { checkReferences, parseInput } from './input';
import { withLinks } from './links';
import type { Page, PageRequest } from './page';
import type { Projection } from './projection';
import { tableOf, visibleOf } from './table';

type Draft = Record<string, unknown>;

/** What a noun adds to the usual operations. */
export interface CrudRules<T> {
  /** Checks that need more than one field, and values that follow from others; may change the draft. */
  prepare?: (ctx: Context, draft: Draft, current: T | undefined) => void | Promise<void>;
  /** Writes that belong to the row, in the same transaction (join rows); answers what they changed. */
  complete?: (ctx: Context, row: T, draft: Draft) => Promise<Changes>;
  /** What must be true before a row goes; throws otherwise. */
  beforeDelete?: (ctx: Context, row: T) => void | Promise<void>;
}

/**
 * The usual operations on a noun: read one, a page or all (newest first), create, change, delete; `Ref` is what a row
 * may be named by. With a projection, rows have its fields alone.
 */
export interface Crud<T, Ref = RowRef> {
  get: (ctx: Context, id: Ref, projection?: Projection) => Promise<T>;
  page: (ctx: Context, request: PageRequest, projection?: Projection) => Promise<Page<T>>;
  all: (ctx: Context) => Promise<T[]>;
  create: (ctx: Context, input: object) => Promise<T>;
  update: (ctx: Context, id: Ref, input: object) => Promise<T>;
  delete: (ctx: Context, id: Ref) => Promise<T>;
}

/** The operations of a noun: each checks the scope, and each write is one transaction with its change event. */
export function crud<T extends TenantEntity>(
  entity: abstract new () => T,
  rules: CrudRules<T> = {},
): Crud<T> {
  const { plural } = nounOf(entity);
  const read = `${plural}:read`;
  const write = `${plural}:write`;

  async function applyRules(ctx: Context, draft: Draft, current?: T): Promise<void> {
    await checkReferences(ctx, entity, draft);
    await rules.prepare?.(ctx, draft, current);
  }

  return {
    async get(ctx, id, projection) {
      ctx.require(read);
      return ctx.repo(entity).get(id, projection);
    },

    async page(ctx, request, projection) {
      ctx.require(read);
      return ctx.repo(entity).page(request, projection);
    },

    async all(ctx) {
      ctx.require(read);
      return ctx.repo(entity).slice({});
    },

    async create(ctx, input) {
      ctx.require(write);
      const draft = parseInput(ctx, entity, 'create', input);
      return ctx.transaction(async (tx) => {
        await applyRules(tx, draft);
        const row = await tx.repo(entity).insert(columnsOf(entity, draft) as Partial<T>);
        await rules.complete?.(tx, row, draft);
        await tx.emit(rowEvent(entity, 'created', await withLinks(tx, entity, row)));
        return row;
      });
    },

    async update(ctx, id, input) {
      ctx.require(write);
      const draft = parseInput(ctx, entity, 'update', input);
      return ctx.transaction(async (tx) => {
        const before = await tx.repo(entity).lock(id);
        await applyRules(tx, draft, before);
        return saveChanges(tx, entity, before, draft, rules.complete);
      });
    },

    async delete(ctx, id) {
      ctx.require(write);
      return ctx.transaction(async (tx) => {
        const row = await tx.repo(entity).lock(id);
        await rules.beforeDelete?.(tx, row);
        const last = await withLinks(tx, entity, row);
        await tx.repo(entity).remove(row.id);
        await tx.emit(rowEvent(entity, 'deleted', last));
        return row;
      });
    },
  };
}

/** The part of a draft that is columns; the rest is for `complete`. */
export function columnsOf(entity: EntityClass, draft: Draft): Draft {
  const { fields } = tableOf(entity);
  return Object.fromEntries(Object.entries(draft).filter(([name]) => fields.has(name)));
}

/** Writes what differs between the locked row and the draft, with one event; nothing when nothing differs. */
export async function saveChanges<T extends TenantEntity>(
  ctx: Context,
  entity: abstract new () => T,
  before: T,
  draft: Draft,
  complete?: CrudRules<T>['complete'],
): Promise<T> {
  const columns = columnsOf(entity, draft) as Partial<T>;
  const changes = visibleOf(entity, changesBetween(before, { ...before, ...columns }));
  const joined = (await complete?.(ctx, before, draft)) ?? {};
  if (Object.keys(changes).length + Object.keys(joined).length === 0) return before;
  const after = await ctx.repo(entity).update(before.id, columns as never);
  await ctx.emit(rowEvent(entity, 'updated', await withLinks(ctx, entity, after), { ...changes, ...joined }));
  return after;
}
