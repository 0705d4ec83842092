import type { Context } from './context';
import { nounOf, type TenantEntity } from './entity';
import type { EntityClass } from './field';
import { type Relation, relationsOf } from './relation';
import { columnOf, tableOf } from './table';

type Row = Record<string, unknown>;

function scopeOf(entity: EntityClass): string {
  return `${nounOf(entity).plural}:read`;
}

function oneSql(target: EntityClass): string {
  const { name, selectList, isLive } = tableOf(target);
  return `select ${selectList} from ${name} where "account_id" = $1 and ${isLive} and "id" = any($2)`;
}

function manySql(target: EntityClass, key: string): string {
  const { name, selectList, isLive } = tableOf(target);
  return `select found.* from unnest($2::uuid[]) as parent(id) cross join lateral (
    select ${selectList} from ${name}
    where "account_id" = $1 and ${isLive} and ${columnOf(key)} = parent.id
    order by "id" desc limit $3) found`;
}

function throughSql(target: EntityClass, { through }: Relation): string {
  const { name, selectList, isLive } = tableOf(target);
  if (!through) throw new Error('a relation through a join table names the table');
  return `select parent.id as "parentId", found.* from unnest($2::uuid[]) as parent(id) cross join lateral (
    select ${selectList} from ${name} join (
      select "${through.targetColumn}" as target_id, "position" from ${through.table}
      where "account_id" = $1 and "${through.ownColumn}" = parent.id) link on link.target_id = "id"
    where "account_id" = $1 and ${isLive}
    order by ${through.order === 'newest' ? '"id" desc' : 'link."position"'} limit $3) found`;
}

function group(rows: Row[], key: string): Map<unknown, Row[]> {
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const group = groups.get(row[key]);
    if (group) group.push(row);
    else groups.set(row[key], [row]);
  }
  return groups;
}

/**
 * The related rows for many parents in one statement: for each key a row or undefined (`one`), or a list of at
 * most `limit` rows, newest first. Keys are ids of the target (`one`) or of the parent. Throws FORBIDDEN.
 */
export async function relatedRows(
  ctx: Context,
  relation: Relation,
  keys: readonly string[],
  limit: number,
): Promise<(Row | undefined | Row[])[]> {
  ctx.require(scopeOf(relation.target()));
  return loadRows(ctx, relation, keys, limit);
}

async function loadRows(
  ctx: Context,
  relation: Relation,
  keys: readonly string[],
  limit: number,
): Promise<(Row | undefined | Row[])[]> {
  const target = relation.target();
  const noun = nounOf(target).name;
  if (relation.kind === 'one') {
    const rows = await ctx.query<Row>(oneSql(target), [ctx.account.id, keys], `one ${noun}`);
    const byId = new Map(rows.map((row) => [row.id, row]));
    return keys.map((key) => byId.get(key));
  }
  const isThrough = relation.kind === 'through';
  const text = isThrough ? throughSql(target, relation) : manySql(target, relation.key);
  const name = `many ${noun} ${isThrough ? relation.through?.ownColumn : relation.key}`;
  const rows = await ctx.query<Row>(text, [ctx.account.id, keys, limit], name);
  const groups = group(rows, isThrough ? 'parentId' : relation.key);
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
