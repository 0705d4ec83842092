import type { Context } from './context';
import { loggedSql } from './event-rows';
import type { EntityClass, FieldSpec } from './field';
import { type Filter, filterSql, Parameters } from './filter';
import { type Table, tableOf } from './table';

function linkSql({ name: table }: Table, { through }: FieldSpec): string {
  return `(select coalesce(jsonb_agg(link."${through?.targetColumn}" order by link."position"), '[]')
    from ${through?.table} link
    where link."account_id" = ${table}."account_id" and link."${through?.ownColumn}" = ${table}."id")`;
}

/** The columns of an event’s payload, with the names of the fields. */
function payloadSql(table: Table): string {
  const links = [...table.links.values()].map((spec) => `${linkSql(table, spec)} as "${spec.name}"`);
  return [table.toldList, ...links].join(', ');
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
  const logged = loggedSql(ctx, parameters, { entity, verb: 'deleted', source: 'told' });
  const text = `
    with told as materialized (
      delete from ${table.name} where "account_id" = ${account} and "id" = any(array(
        select "id" from ${table.name} where ${where} order by "id" limit ${parameters.add(limit)} for update
      )) returning ${payloadSql(table)}
    ), ${logged}
    select count(*)::int as count from logged`;
  await ctx.noteEvents();
  const [row] = await ctx.query<{ count: number }>(text, parameters.values);
  return row?.count ?? 0;
}
