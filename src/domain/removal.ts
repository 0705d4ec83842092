import type { Context } from './context';
import { nounOf } from './entity';
import { GATE_BASE } from './event';
import type { EntityClass, FieldSpec } from './field';
import { type Filter, filterSql, Parameters } from './filter';
import { columnOf, type Table, tableOf } from './table';
import { snakeCase } from './text';

// The form of `toInstant`, so that an event reads the same whoever wrote it.
const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/** A field as an event has it, as SQL. */
export function valueSql({ name, kind }: FieldSpec): string {
  const column = columnOf(name);
  return kind === 'instant' ? `to_char(${column} at time zone 'UTC', ${INSTANT})` : column;
}

function linkSql({ name: table }: Table, { through }: FieldSpec): string {
  return `(select coalesce(jsonb_agg(link."${through?.targetColumn}" order by link."position"), '[]')
    from ${through?.table} link
    where link."account_id" = ${table}."account_id" and link."${through?.ownColumn}" = ${table}."id")`;
}

/** The columns of an event’s payload, with the names of the fields. */
function payloadSql(table: Table): string {
  const fields = [...table.fields.values()].filter(({ hidden }) => !hidden);
  const values = fields.map((spec) => `${valueSql(spec)} as "${spec.name}"`);
  const links = [...table.links.values()].map((spec) => `${linkSql(table, spec)} as "${spec.name}"`);
  return [...values, ...links].join(', ');
}

/**
 * Deletes rows of a filter for good in the open transaction, the oldest first and at most `limit`, each with its
 * event; the database does it alone, so it costs no memory here. Answers how many it were.
 */
export async function removeWithEvents(
  ctx: Context,
  entity: EntityClass,
  filter: Filter,
  limit: number,
): Promise<number> {
  const table = tableOf(entity);
  const parameters = new Parameters();
  const account = parameters.add(ctx.account.id);
  const where = `"account_id" = ${account} and ${filterSql(table, filter, parameters)}`;
  const subject = snakeCase(nounOf(entity).name);
  const [actor, request, now] = [ctx.actor, ctx.requestId, ctx.instant()].map((one) => parameters.add(one));
  const text = `
    with gone as materialized (
      delete from ${table.name} where "account_id" = ${account} and "id" = any(array(
        select "id" from ${table.name} where ${where} order by "id" limit ${parameters.add(limit)} for update
      )) returning ${payloadSql(table)}
    ), gate as materialized (
      select pg_advisory_xact_lock_shared(${GATE_BASE} + last_value) from change_event_position_seq
    ), logged as (
      insert into change_event (account_id, name, subject, subject_id, changes, payload, actor, request_id, created_at)
      select ${account}, '${subject}.deleted', '${subject}', gone."id", '{}', to_jsonb(gone), ${actor}, ${request}, ${now}
      from gate, gone
      returning 1
    )
    select count(*)::int as count from logged`;
  await ctx.noteEvents();
  const [row] = await ctx.query<{ count: number }>(text, parameters.values);
  return row?.count ?? 0;
}
