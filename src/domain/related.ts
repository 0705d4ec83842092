import type { Context } from './context';
import { nounOf, type TenantEntity } from './entity';
import type { EntityClass } from './field';
import { Parameters } from './filter';
import type { Statement } from './page';
import { type Projection, projected } from './projection';
import { type Relation, relationsOf, type Through } from './relation';
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

function manyStatement(
  target: EntityClass,
  key: string,
  { projection, view, keys, limit }: Wanted,
): Statement {
  const parameters = new Parameters();
  const table = tableOf(target);
  const seen = viewSql(table, view, parameters);
  const text = `select parent.id as "parentId", found.* from unnest(${parameters.add(keys)}::uuid[]) as parent(id) cross join lateral (
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
  const parents = `unnest(${parameters.add(keys)}::uuid[]) as parent(id)`;
  const text = `select parent.id as "parentId", found.* from ${parents} cross join lateral (
    select ${projected(target, projection)} from ${table.name} join (
      select "${through.targetColumn}" as target_id, "position" from ${through.table}
      where "account_id" = ${account} and "${through.ownColumn}" = parent.id) link on link.target_id = "id"
    where ${seen}
    order by ${through.order === 'newest' ? '"id" desc' : 'link."position"'} limit ${parameters.add(limit)}) found`;
  return { text, values: parameters.values };
}

function groupByParent(rows: Row[]): Map<unknown, Row[]> {
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.parentId);
    if (group) group.push(row);
    else groups.set(row.parentId, [row]);
  }
  return groups;
}

/**
 * The related rows for many parents in one statement: for each key a row or undefined (`one`), or a list of at
 * most `limit` rows, newest first. Keys are ids of the target (`one`) or of the parent. With a projection the rows
 * have its fields alone. Throws FORBIDDEN.
 */
export async function relatedRows(
  ctx: Context,
  relation: Relation,
  keys: readonly string[],
  limit: number,
  projection?: Projection,
): Promise<(Row | undefined | Row[])[]> {
  ctx.require(relatedScope(relation));
  return loadRows(ctx, relation, keys, limit, projection);
}

async function loadRows(
  ctx: Context,
  relation: Relation,
  keys: readonly string[],
  limit: number,
  projection?: Projection,
): Promise<(Row | undefined | Row[])[]> {
  const target = relation.target();
  const wanted = { projection, view: ctx.view, keys, limit };
  const run = ({ text, values }: Statement) => ctx.query<Row>(text, values);
  const { through } = relation;
  if (relation.kind === 'one') {
    const rows = await run(oneStatement(target, wanted));
    const byId = new Map(rows.map((row) => [row.id, row]));
    return keys.map((key) => byId.get(key));
  }
  const rows = await run(
    through ? throughStatement(target, through, wanted) : manyStatement(target, relation.key, wanted),
  );
  const groups = groupByParent(rows);
  return keys.map((key) => groups.get(key) ?? []);
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
  const related = await loadRows(ctx, relation, ids, 1);
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
  const lists = await relatedRows(
    ctx,
    relation,
    rows.map(({ id }) => id),
    limit,
  );
  return rows.map((row, at) => ({ ...row, [name]: lists[at] }));
}
