import type { Context } from '../context';
import type { TenantEntity } from '../entity';
import { columnOf, tableOf } from '../table';

/** Changes columns of many rows by one statement in the open transaction, and answers the rows as they are then. */
export async function updateMany<T extends TenantEntity>(
  ctx: Context,
  entity: abstract new () => T,
  rows: readonly T[],
  fields: readonly string[],
): Promise<T[]> {
  if (rows.length === 0) return [];
  const table = tableOf(entity);
  const valuesOf = (row: T) =>
    fields.map((field) => [columnOf(field).slice(1, -1), row[field as keyof T]] as const);
  const json = rows.map((row) => ({ id: row.id, ...Object.fromEntries(valuesOf(row)) }));
  const sets = fields.map((field) => `${columnOf(field)} = (next."row").${columnOf(field)}, `);
  return ctx.query<T & Record<string, unknown>>(
    `update ${table.name} set ${sets.join('')} "updated_at" = $3
     from (select one as "row" from jsonb_populate_recordset(null::${table.name}, $2) one) next
     where ${table.name}."account_id" = $1 and ${table.name}."id" = (next."row")."id"
     returning ${table.selectList}`,
    [ctx.account.id, JSON.stringify(json), ctx.instant()],
  );
}
