import type { Context } from './context';
import type { Changes } from './event';
import type { EntityClass } from './field';
import { tableOf } from './table';

const linksSql = (table: string, ownColumn: string, targetColumn: string) => `
select "${ownColumn}" as "id", array_agg("${targetColumn}" order by "position") as "ids" from ${table}
where "account_id" = $1 and "${ownColumn}" = any($2) group by 1`;

/** The lists of references of rows by their ids: `{ groupIds: […] }`; one statement per kind of list. */
export async function linkedIdsById(
  ctx: Context,
  entity: EntityClass,
  ids: string[],
): Promise<Map<string, Record<string, string[]>>> {
  const linkedById = new Map(ids.map((id): [string, Record<string, string[]>] => [id, {}]));
  for (const { name, through } of tableOf(entity).links.values()) {
    if (!through || ids.length === 0) continue;
    const text = linksSql(through.table, through.ownColumn, through.targetColumn);
    const rows = await ctx.query<{ id: string; ids: string[] }>(
      text,
      [ctx.account.id, ids],
      `links ${through.table}`,
    );
    const found = new Map(rows.map((row) => [row.id, row.ids]));
    for (const [id, linked] of linkedById) linked[name] = found.get(id) ?? [];
  }
  return linkedById;
}

/** The row with its lists of references, as events tell of it. */
export async function withLinks<T extends { id: string }>(
  ctx: Context,
  entity: EntityClass,
  row: T,
): Promise<T> {
  if (tableOf(entity).links.size === 0) return row;
  return { ...row, ...(await linkedIdsById(ctx, entity, [row.id])).get(row.id) };
}

/** Makes these the rows that a list of references ties to a row, in order, and answers what changed; nothing when none are given. */
export async function setLinks(
  ctx: Context,
  entity: EntityClass,
  name: string,
  rowId: string,
  ids: string[] | undefined,
): Promise<Changes> {
  const through = tableOf(entity).links.get(name)?.through;
  if (!through) throw new Error(`${entity.name} has no list of references ${name}`);
  if (ids === undefined) return {};
  const before = (await linkedIdsById(ctx, entity, [rowId])).get(rowId)?.[name] ?? [];
  if (before.join() === ids.join()) return {};
  const { table, ownColumn, targetColumn } = through;
  const key = [ctx.account.id, rowId];
  await ctx.query(`delete from ${table} where "account_id" = $1 and "${ownColumn}" = $2`, key);
  await ctx.query(
    `insert into ${table} ("account_id", "${ownColumn}", "${targetColumn}", "position")
    select $1, $2, id, position from unnest($3::uuid[]) with ordinality as link(id, position)`,
    [...key, ids],
  );
  return { [name]: { old: before, new: ids } };
}
