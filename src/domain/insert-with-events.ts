import type { Context } from './context';
import type { TenantEntity } from './entity';
import { loggedSql } from './event-rows';
import { Parameters } from './filter';
import { type Projection, projected } from './projection';
import { columnOf, type Table, tableOf } from './table';
import { givenFields, recordsJson, recordsSql, valuesSql } from './write';

const DEFAULTS = `
select attname as "column", pg_get_expr(adbin, adrelid) as "expression"
from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
where adrelid = $1::regclass and attgenerated = '' and attidentity = ''`;

/** The columns that every row has, in the order of their values. */
const FIXED = ['"account_id"', '"created_at"', '"updated_at"', '"id"'];

/** A row to be made; values that are no columns are passed over. */
export interface NewRow {
  id: string;
  values: Readonly<Record<string, unknown>>;
  /** The lists of references that its event tells of; all rows have the same. */
  lists: Readonly<Record<string, unknown>>;
}

/** How rows are inserted. */
export interface InsertOptions {
  /** The fields that are answered; undefined is all. */
  projection?: Projection | undefined;
  /** Whether the write ends with it, so that nothing is asked or written behind it. */
  isLast?: boolean;
}

/** What the database gives columns that are not set, as SQL by column. */
async function defaultsOf(ctx: Context, table: Table): Promise<Map<string, string>> {
  const rows = await ctx.query<{ column: string; expression: string }>(DEFAULTS, [table.name], 'defaults');
  return new Map(rows.map(({ column, expression }) => [`"${column}"`, expression]));
}

/** The columns to read from the records; where a record lacks one, it gets the column’s default. */
async function columnsToRead(
  ctx: Context,
  table: Table,
  given: readonly string[],
  rows: readonly NewRow[],
): Promise<string[]> {
  const isInAll = (field: string) => rows.every(({ values }) => values[field] !== undefined);
  if (given.every(isInAll)) return given.map(columnOf);
  const defaults = await defaultsOf(ctx, table);
  return given.map((field) => {
    const [column, fallback] = [columnOf(field), defaults.get(columnOf(field))];
    return fallback === undefined ? column : `coalesce(${column}, ${fallback})`;
  });
}

/**
 * Inserts rows in the given order with their events, in the order of their ids, by one statement in the open
 * transaction. Answers the rows that no unique index refused.
 */
export async function insertWithEvents<T extends TenantEntity>(
  ctx: Context,
  entity: abstract new () => T,
  rows: readonly NewRow[],
  { projection, isLast = false }: InsertOptions = {},
): Promise<T[]> {
  if (rows.length === 0) return [];
  const table = tableOf(entity);
  const drafts = rows.map(({ values }) => values);
  const given = givenFields(table, drafts);
  const ids = rows.map(({ id }) => id);
  const names = Object.keys(rows[0]?.lists ?? {});
  const lists = Object.fromEntries(rows.map((row) => [row.id, row.lists]));

  const parameters = new Parameters();
  const account = parameters.add(ctx.account.id);
  const now = parameters.add(ctx.instant());
  const source =
    rows.length === 1
      ? valuesSql(table, given, drafts, parameters, [account, now, now, parameters.add(rows[0]?.id)])
      : `select ${account}, ${now}, ${now}, ${['"id"', ...(await columnsToRead(ctx, table, given, rows))].join(', ')}
         from ${recordsSql(table, parameters.add(recordsJson(given, drafts, ids)))}`;
  const listsJson = names.length > 0 ? parameters.add(JSON.stringify(lists)) : '';
  const listSql = (name: string) => `${listsJson}::jsonb -> "id"::text -> '${name}' as "${name}"`;
  const told = [table.toldList, ...names.map(listSql)];
  const logged = loggedSql(ctx, parameters, {
    ...{ entity, verb: 'created' },
    source: `made cross join lateral (select ${told.join(', ')}) told`,
  });
  await ctx.noteEvents();
  const text = `with made as materialized (
       insert into ${table.name} (${[...FIXED, ...given.map(columnOf)].join(', ')})
       ${source}
       on conflict do nothing returning *
     ), ${logged}
     select ${projected(entity, projection)} from made`;
  const statement = { text, values: parameters.values };
  return isLast ? ctx.writeLast<T>(statement) : ctx.write<T>(statement);
}
