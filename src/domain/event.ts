import type { Context } from './context';
import { nounOf } from './entity';
import type { EntityClass } from './field';
import type { Statement } from './store';
import { visibleOf } from './table';
import { snakeCase } from './text';

/** Old and new value of each field that a write changed. */
export type Changes = Record<string, { old: unknown; new: unknown }>;

/** One entry of the change log before it has its position. */
export interface EventDraft {
  /** `lead.created`. */
  name: string;
  subjectId: string;
  changes: Changes;
  /** The subject as it was after the write (before it, for a deletion). */
  payload: object;
}

/** Keeps the locks of positions apart from every other advisory lock of the database. */
export const GATE_BASE = '5990463429271552000';

/**
 * What a transaction does before it appends to the change log, as SQL. Positions are handed out only while the transaction holds a
 * shared advisory lock on a position below its own, so that a reader of pg_locks knows the lowest position that
 * may still be uncommitted and never reads past it. Events follow the row lock of their subject, so the
 * positions of one record are in the order of its changes.
 */
export const GATE = `select pg_advisory_xact_lock_shared(${GATE_BASE} + last_value) from change_event_position_seq`;

const APPEND = `
with gate as materialized (${GATE})
insert into change_event (account_id, name, subject, subject_id, changes, payload, actor, request_id, created_at)
select $1, e.name, split_part(e.name, '.', 1), e.subject_id, e.changes, e.payload, $2, $3, $4
from gate, jsonb_to_recordset($5) as e(name text, subject_id uuid, changes jsonb, payload jsonb)`;

/** What writes the events in an open transaction; use `ctx.emit`. */
export function appendStatement(ctx: Context, events: EventDraft[]): Statement {
  const rows = events.map(({ name, subjectId, changes, payload }) => ({
    name,
    subject_id: subjectId,
    changes,
    payload,
  }));
  const values = [ctx.account.id, ctx.actor, ctx.requestId, ctx.instant(), JSON.stringify(rows)];
  return { text: APPEND, values, name: 'append-events' };
}

/** What entries about a noun have as their subject: `support_case`. */
export function subjectOf(entity: EntityClass): string {
  return snakeCase(nounOf(entity).name);
}

/** The name of an event of a noun, one of its verbs: `lead.created`. */
export function eventName(entity: EntityClass, verb: string): string {
  if (!Object.hasOwn(nounOf(entity).verbs, verb))
    throw new Error(`${entity.name} does not declare the verb ${verb}.`);
  return `${subjectOf(entity)}.${verb}`;
}

/** The event of a write to a row: what happened to it, as the noun declares it. */
export function rowEvent<T extends { id: string }>(
  entity: EntityClass,
  verb: string,
  row: T,
  changes: Changes = {},
): EventDraft {
  return {
    name: eventName(entity, verb),
    subjectId: row.id,
    changes,
    payload: visibleOf(entity, row),
  };
}

// PostgreSQL keeps the keys of an object in an order of its own.
function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a, sortKeys) === JSON.stringify(b, sortKeys);
}

/** The fields whose values differ between two states of a row. */
export function changesBetween<T extends object>(before: T, after: T): Changes {
  const changed = Object.keys(after).filter((key) => !isSame(before[key as keyof T], after[key as keyof T]));
  return Object.fromEntries(
    changed.map((name) => [
      name,
      { old: before[name as keyof T] ?? null, new: after[name as keyof T] ?? null },
    ]),
  );
}
