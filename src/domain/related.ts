import type { Context } from './context';
import { nounOf, type TenantEntity } from './entity';
import type { EntityClass } from './field';
import { Parameters } from './filter';
import { type Projection, projected } from './projection';
import { type Relation, relationsOf, type Through } from './relation';
import type { Statement } from './store';
import { columnOf, tableOf } from './table';
import { type View, viewSql } from './view';

type Row = Record<string, unknown>;

/** The scope that shows the rows of a relation. */
export function relatedScope({ target }: Relation): string {
  return `${nounOf(target()).plural}:read`;
}

/** What the statement of a relation is for: `keys` are ids of the target (`one`) or of the parents. */
interface Wanted {
  projection: Projection | undefined;
  view: View;
  keys: readonly string[];
  limit: number;
}

function oneStatement(target: EntityClass, { projection, view, keys }: Wanted): Statement {
  const parameters = new Parameters();
  const table = tableOf(target);
  const seen = viewSql(table, view, parameters);
  const text = `select ${projected(target, projection)} from ${table.name} where ${seen} and "id" = any(${parameters.add(keys)})`;
  return { text, values: parameters.values };
}

/** The parents with their places, which are shorter to send back than their ids. */
const parentsSql = (keys: string) => `unnest(${keys}::uuid[]) with ordinality as parent(id, place)`;

function manyStatement(
  target: EntityClass,
  key: string,
  { projection, view, keys, limit }: Wanted,
): Statement {
  const parameters = new Parameters();
  const table = tableOf(target);
  const seen = viewSql(table, view, parameters);
  const text = `select parent.place::int as "parentPlace", found.* from ${parentsSql(parameters.add(keys))} cross join lateral (
    select ${projected(target, projection)} from ${table.name}
    where ${seen} and ${columnOf(key)} = parent.id
    order by "id" desc limit ${parameters.add(limit)}) found`;
  return { text, values: parameters.values };
}

function throughStatement(
  target: EntityClass,
  through: Through,
  { projection, view, keys, limit }: Wanted,
): Statement {
  const parameters = new Parameters();
  const table = tableOf(target);
  const seen = viewSql(table, view, parameters);
  const account = parameters.add(view.accountId);
  const parents = parentsSql(parameters.add(keys));
  const text = `select parent.place::int as "parentPlace", found.* from ${parents} cross join lateral (
    select ${projected(target, projection)} from ${table.name} join (
      select "${through.targetColumn}" as target_id, "position" from ${through.table}
      where "account_id" = ${account} and "${through.ownColumn}" = parent.id) link on link.target_id = "id"
    where ${seen}
    order by ${through.order === 'newest' ? '"id" desc' : 'link."position"'} limit ${parameters.add(limit)}) found`;
  return { text, values: parameters.values };
}

/** The rows of each parent, by its place among the keys. */
function groupByParent(keys: readonly string[], rows: Row[]): Row[][] {
  const groups: Row[][] = keys.map(() => []);
  for (const row of rows) groups[(row.parentPlace as number) - 1]?.push(row);
  return groups;
}

/** Rows that belong to many others by a relation. */
export interface RelatedRequest {
  relation: Relation;
  /** Ids of the target (`one`), or of the parents. */
  keys: readonly string[];
  /** Most rows of each list. */
  limit: number;
  /** The fields that the rows need; undefined is all. */
  projection?: Projection | undefined;
}

/** For each key a row or undefined (`one`), or a list of rows, newest first. */
export type RelatedRows = (Row | undefined | Row[])[];

function statementOf({ relation, keys, limit, projection }: RelatedRequest, view: View): Statement {
  const target = relation.target();
  const wanted = { projection, view, keys, limit };
  if (relation.kind === 'one') return oneStatement(target, wanted);
  const { through } = relation;
  return through ? throughStatement(target, through, wanted) : manyStatement(target, relation.key, wanted);
}

function byKey({ relation, keys }: RelatedRequest, rows: Row[]): RelatedRows {
  if (relation.kind === 'one') {
    const rowById = new Map(rows.map((row) => [row.id, row]));
    return keys.map((key) => rowById.get(key));
  }
  return groupByParent(keys, rows);
}

async function loadRows(ctx: Context, request: RelatedRequest): Promise<RelatedRows> {
  const { text, values } = statementOf(request, ctx.view);
  return byKey(request, await ctx.query<Row>(text, values));
}

/** The related rows for many parents in one statement. Throws FORBIDDEN. */
export async function relatedRows(ctx: Context, request: RelatedRequest): Promise<RelatedRows> {
  ctx.require(relatedScope(request.relation));
  return loadRows(ctx, request);
}

/** The same for several relations, a statement each, in one round trip. Throws FORBIDDEN when one of them does. */
export async function relatedRowsOfAll(ctx: Context, requests: RelatedRequest[]): Promise<RelatedRows[]> {
  for (const { relation } of requests) ctx.require(relatedScope(relation));
  if (requests.length === 0) return [];
  const results = await ctx.queryTogether(requests.map((request) => statementOf(request, ctx.view)));
  return requests.map((request, at) => byKey(request, results[at] ?? []));
}

/**
 * The rows with one of their `one` relations filled in by one statement; null where there is none. It is a part of
 * their flat record: who may read the rows may read it too.
 */
export async function attach<T extends TenantEntity>(
  ctx: Context,
  entity: abstract new () => T,
  rows: T[],
  name: keyof T & string,
): Promise<T[]> {
  const relation = relationsOf(entity).find((one) => one.name === name && one.kind === 'one');
  if (!relation) throw new Error(`${entity.name} has no relation ${name} to one row`);
  const keyOf = (row: T) => row[relation.key as keyof T] as string | null;
  const ids = [...new Set(rows.map(keyOf).filter((id) => id !== null))];
  const related = await loadRows(ctx, { relation, keys: ids, limit: 1 });
  const byId = new Map(ids.map((id, at) => [id, related[at]]));
  return rows.map((row) => ({ ...row, [name]: byId.get(keyOf(row) ?? '') ?? null }));
}

/** The rows with one of their lists filled in by one statement, newest first, at most `limit` each. */
export async function attachMany<T extends TenantEntity>(
  ctx: Context,
  entity: abstract new () => T,
  rows: T[],
  name: keyof T & string,
  limit = 100,
): Promise<T[]> {
  const relation = relationsOf(entity).find((one) => one.name === name && one.kind !== 'one');
  if (!relation) throw new Error(`${entity.name} has no list ${name}`);
  const lists = await relatedRows(ctx, { relation, keys: rows.map(({ id }) => id), limit });
  return rows.map((row, at) => ({ ...row, [name]: lists[at] }));
}
