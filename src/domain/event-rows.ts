import type { Context } from './context';
import { eventName, GATE, subjectOf } from './event';
import type { EntityClass } from './field';
import type { Parameters } from './filter';

/** Rows of a noun that a statement has written, and what the database is to tell of them. */
interface Written {
  entity: EntityClass;
  /** `created` or `deleted`. */
  verb: string;
  /** Where the rows come from, the payloads of their events being rows by the name of `told`; SQL. */
  source: string;
}

/** The parts of a statement that write an event for each of the rows, in the order of their ids: `gate` and `logged`. */
export function loggedSql(ctx: Context, parameters: Parameters, { entity, verb, source }: Written): string {
  const [name, subject] = [eventName(entity, verb), subjectOf(entity)];
  const [account, actor, request, now] = [ctx.account.id, ctx.actor, ctx.requestId, ctx.instant()].map(
    (value) => parameters.add(value),
  );
  return `gate as materialized (${GATE}), logged as (
    insert into change_event (account_id, name, subject, subject_id, changes, payload, actor, request_id, created_at)
    select ${account}, '${name}', '${subject}', told."id", '{}', to_jsonb(told), ${actor}, ${request}, ${now}
    from gate, ${source} order by told."id"
    returning 1
  )`;
}
