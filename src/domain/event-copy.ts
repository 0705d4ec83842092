import type { Context } from './context';
import { copyInto, copyText } from './copy';
import { type EventDraft, GATE_BASE } from './event';

const GATE = `
select pg_advisory_xact_lock_shared(${GATE_BASE} + last_value) from change_event_position_seq`;

/** An event whose payload may be JSON already. */
export type CopiedEvent = Omit<EventDraft, 'payload'> & { payload: object | string };

const COLUMNS = 'account_id, name, subject, subject_id, changes, payload, actor, request_id, created_at';

/**
 * Writes thousands of change events in the open transaction, in order. As for single ones, the gate is locked before
 * the first position is handed out. Should come last: readers of the log wait for the transaction from then on.
 */
export async function emitByCopy(ctx: Context, events: CopiedEvent[]): Promise<void> {
  if (events.length === 0) return;
  await ctx.noteEvents();
  await ctx.query(GATE, []);
  const [actor, now] = [JSON.stringify(ctx.actor), ctx.instant()];
  const rows = events.map(({ name, subjectId, changes, payload }) => [
    ...[ctx.account.id, name, name.slice(0, name.indexOf('.')), subjectId],
    ...[changes, payload, actor, ctx.requestId, now],
  ]);
  const client = await ctx.connection();
  await copyInto(client, 'change_event', COLUMNS, copyText(rows));
}
