import type { RowDraft } from '../bulk';
import type { Context } from '../context';
import { copyRows } from '../copy';
import { columnsOf } from '../crud';
import type { TenantEntity } from '../entity';
import { KINDS } from '../field-kinds';
import { valueSql } from '../removal';
import { columnOf, type Table, tableOf } from '../table';

type NounClass<T> = abstract new () => T;

function typeOf(table: Table, field: string): string {
  const spec = table.fields.get(field);
  const { type, array } = KINDS[spec?.kind ?? 'text'].column;
  return `${String(type)}${array ? '[]' : ''}`;
}

// One for each connection and noun, emptied by every commit: making one costs more than a batch gains.
async function openStage(ctx: Context, table: Table): Promise<string> {
  const stage = `"import_${table.name.replaceAll('"', '')}"`;
  const columns = [...table.fields.keys()].map((field) => `${columnOf(field)} ${typeOf(table, field)}`);
  await ctx.query("select set_config('client_min_messages', 'warning', true)", []);
  await ctx.query(
    `create temporary table if not exists ${stage} (import_order integer, ${columns.join(', ')}) on commit delete rows`,
    [],
  );
  // A batch may come here more than once before it commits.
  await ctx.query(`delete from ${stage}`, []);
  return stage;
}

const DEFAULTS = `
select attname as "column", pg_get_expr(adbin, adrelid) as "expression"
from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
where adrelid = $1::regclass and attgenerated = '' and attidentity = ''`;

/** What the database gives columns that are not set, as SQL by column. */
async function defaultsOf(ctx: Context, table: Table): Promise<Map<string, string>> {
  const rows = await ctx.query<{ column: string; expression: string }>(DEFAULTS, [table.name], 'defaults');
  return new Map(rows.map(({ column, expression }) => [`"${column}"`, expression]));
}

/** A row that was made: as JSON what events tell of it, its lists aside. */
export interface MadeRow {
  id: string;
  payload: string;
}

/**
 * Inserts many rows in the given order by one COPY and one INSERT in the open transaction; those that a unique index
 * refuses are missing from the answer.
 */
export async function insertByCopy(
  ctx: Context,
  entity: NounClass<TenantEntity>,
  drafts: readonly RowDraft[],
): Promise<MadeRow[]> {
  if (drafts.length === 0) return [];
  const table = tableOf(entity);
  const rows = drafts.map(({ id, values }) => ({ ...columnsOf(entity, values), id }));
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const stage = await openStage(ctx, table);
  const columns = fields.map(columnOf);
  await copyRows(
    ctx,
    stage,
    ['import_order', ...columns].join(', '),
    rows.map((row: Record<string, unknown>, at) => [at, ...fields.map((field) => row[field])]),
  );
  const defaults = await defaultsOf(ctx, table);
  const values = columns.map((column) =>
    defaults.has(column) ? `coalesce(${column}, ${defaults.get(column)})` : column,
  );
  const told = [...table.fields.values()].filter(({ hidden }) => !hidden);
  return ctx.query<MadeRow & Record<string, unknown>>(
    `with made as (
       insert into ${table.name} ("account_id", "created_at", "updated_at", ${columns.join(', ')})
       select $1, $2, $2, ${values.join(', ')} from ${stage} order by import_order
       on conflict do nothing returning ${told.map((spec) => `${valueSql(spec)} as "${spec.name}"`).join(', ')}
     )
     select "id", row_to_json(made)::text as "payload" from made`,
    [ctx.account.id, ctx.instant()],
  );
}

/** Changes columns of many rows by one statement in the open transaction, and answers the rows as they are then. */
export async function updateMany<T extends TenantEntity>(
  ctx: Context,
  entity: NounClass<T>,
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
