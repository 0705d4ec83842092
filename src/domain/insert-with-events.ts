import type { Context } from './context';
import { columnsOf } from './crud';
import type { TenantEntity } from './entity';
import { loggedSql } from './event-rows';
import { Parameters } from './filter';
import { type Projection, projected } from './projection';
import { columnOf, type Table, tableOf } from './table';
import { recordsJson, recordsSql } from './write';

const DEFAULTS = `
select attname as "column", pg_get_expr(adbin, adrelid) as "expression"
from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
where adrelid = $1::regclass and attgenerated = '' and attidentity = ''`;

/** A row to be made; values that are no columns are passed over. */
export interface NewRow {
  id: string;
  values: Readonly<Record<string, unknown>>;
  /** The lists of references that its event tells of; all rows have the same. */
  lists: Readonly<Record<string, unknown>>;
}

/** What the database gives columns that are not set, as SQL by column. */
async function defaultsOf(ctx: Context, table: Table): Promise<Map<string, string>> {
  const rows = await ctx.query<{ column: string; expression: string }>(DEFAULTS, [table.name], 'defaults');
  return new Map(rows.map(({ column, expression }) => [`"${column}"`, expression]));
}

/** The columns to read from the records; where a record lacks one, it gets the column’s default. */
async function valuesOf(
  ctx: Context,
  table: Table,
  fields: readonly string[],
  drafts: readonly Record<string, unknown>[],
): Promise<string[]> {
  const isInAll = (field: string) => drafts.every((draft) => draft[field] !== undefined);
  if (fields.every(isInAll)) return fields.map(columnOf);
  const defaults = await defaultsOf(ctx, table);
  return fields.map((field) => {
    const [column, fallback] = [columnOf(field), defaults.get(columnOf(field))];
    return fallback === undefined ? column : `coalesce(${column}, ${fallback})`;
  });
}

/**
 * Inserts rows in the given order with their events, in the order of their ids, by one statement in the open
 * transaction. Answers the rows, of the projection’s fields or whole, that no unique index refused.
 */
export async function insertWithEvents<T extends TenantEntity>(
  ctx: Context,
  entity: abstract new () => T,
  rows: readonly NewRow[],
  projection?: Projection,
): Promise<T[]> {
  if (rows.length === 0) return [];
  const table = tableOf(entity);
  const drafts = rows.map(
    ({ id, values }): Record<string, unknown> => ({ ...columnsOf(entity, values), id }),
  );
  const fields = [...new Set(drafts.flatMap((draft) => Object.keys(draft)))];
  const values = await valuesOf(ctx, table, fields, drafts);
  const names = Object.keys(rows[0]?.lists ?? {});
  const lists = Object.fromEntries(rows.map((row) => [row.id, row.lists]));

  const parameters = new Parameters();
  const account = parameters.add(ctx.account.id);
  const now = parameters.add(ctx.instant());
  const records = recordsSql(table, parameters.add(recordsJson(fields, drafts)));
  const listsJson = names.length > 0 ? parameters.add(JSON.stringify(lists)) : '';
  const listSql = (name: string) => `${listsJson}::jsonb -> "id"::text -> '${name}' as "${name}"`;
  const told = [table.toldList, ...names.map(listSql)];
  const logged = loggedSql(ctx, parameters, {
    ...{ entity, verb: 'created' },
    source: `made cross join lateral (select ${told.join(', ')}) told`,
  });
  await ctx.noteEvents();
  return ctx.query<T & Record<string, unknown>>(
    `with made as materialized (
       insert into ${table.name} ("account_id", "created_at", "updated_at", ${fields.map(columnOf).join(', ')})
       select ${account}, ${now}, ${now}, ${values.join(', ')} from ${records}
       on conflict do nothing returning *
     ), ${logged}
     select ${projected(entity, projection)} from made`,
    parameters.values,
  );
}
