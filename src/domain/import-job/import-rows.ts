import type { RowDraft } from '../bulk';
import type { Context } from '../context';
import { columnsOf } from '../crud';
import { nounOf, type TenantEntity } from '../entity';
import { GATE_BASE } from '../event';
import { valueSql } from '../removal';
import { columnOf, type Table, tableOf } from '../table';
import { snakeCase } from '../text';
import { recordsJson, recordsSql } from '../write';

type NounClass<T> = abstract new () => T;

const DEFAULTS = `
select attname as "column", pg_get_expr(adbin, adrelid) as "expression"
from pg_attrdef join pg_attribute on attrelid = adrelid and attnum = adnum
where adrelid = $1::regclass and attgenerated = '' and attidentity = ''`;

/** What the database gives columns that are not set, as SQL by column. */
async function defaultsOf(ctx: Context, table: Table): Promise<Map<string, string>> {
  const rows = await ctx.query<{ column: string; expression: string }>(DEFAULTS, [table.name], 'defaults');
  return new Map(rows.map(({ column, expression }) => [`"${column}"`, expression]));
}

/** A row to be made, and the lists that its event tells of. */
export interface NewRow extends Pick<RowDraft, 'id' | 'values'> {
  lists: Record<string, unknown>;
}

/**
 * Inserts many rows in the given order with their events, in the order of their ids, by one statement in the open
 * transaction; answers the ids that a unique index did not refuse.
 */
export async function insertWithEvents(
  ctx: Context,
  entity: NounClass<TenantEntity>,
  rows: readonly NewRow[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const table = tableOf(entity);
  const drafts = rows.map(
    ({ id, values }): Record<string, unknown> => ({ ...columnsOf(entity, values), id }),
  );
  const fields = [...new Set(drafts.flatMap((draft) => Object.keys(draft)))];
  const defaults = await defaultsOf(ctx, table);
  const values = fields.map((field) => {
    const [column, fallback] = [columnOf(field), defaults.get(columnOf(field))];
    return fallback === undefined ? column : `coalesce(${column}, ${fallback})`;
  });
  const told = [...table.fields.values()].filter(({ hidden }) => !hidden);
  const subject = snakeCase(nounOf(entity).name);
  await ctx.noteEvents();
  const made = await ctx.query<{ id: string }>(
    `with made as materialized (
       insert into ${table.name} ("account_id", "created_at", "updated_at", ${fields.map(columnOf).join(', ')})
       select $1, $2, $2, ${values.join(', ')} from ${recordsSql(table, '$3')}
       on conflict do nothing returning ${told.map((spec) => `${valueSql(spec)} as "${spec.name}"`).join(', ')}
     ), gate as materialized (
       select pg_advisory_xact_lock_shared(${GATE_BASE} + last_value) from change_event_position_seq
     ), logged as (
       insert into change_event (account_id, name, subject, subject_id, changes, payload, actor, request_id, created_at)
       select $1, '${subject}.created', '${subject}', "id", '{}', to_jsonb(made) || ($4::jsonb -> "id"::text), $5, $6, $2
       from gate, made order by "id"
     )
     select "id" from made`,
    [
      ...[ctx.account.id, ctx.instant(), recordsJson(fields, drafts)],
      ...[
        JSON.stringify(Object.fromEntries(rows.map(({ id, lists }) => [id, lists]))),
        ctx.actor,
        ctx.requestId,
      ],
    ],
  );
  return new Set(made.map(({ id }) => id));
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
