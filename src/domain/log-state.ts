import { GATE_BASE } from './event';
import type { BoundStore } from './store';

// The sequence is read before the locks (`lateral` sees to it): a position handed out later is above the bound,
// and one handed out earlier is either committed or still behind its lock.
const SETTLED = `
select least(last.last_value, coalesce(gate.position, last.last_value))::float8 as position,
  last.last_value::float8 as last
from change_event_position_seq last cross join lateral (
  select min((classid::bigint << 32 | objid::bigint) - ${GATE_BASE}) as position
  from pg_locks
  where locktype = 'advisory' and objsubid = 1 and last.last_value is not null
    and database = (select oid from pg_database where datname = current_database())
    and classid::bigint between ${GATE_BASE} >> 32 and (${GATE_BASE} + ${Number.MAX_SAFE_INTEGER}) >> 32
) gate`;

/** How far the log can be read, and how far positions have been handed out. */
export interface LogState {
  /** Up to here, this position included, nothing is uncommitted any more. */
  settled: number;
  /** The last position that was handed out; above `settled` while transactions are on their way. */
  last: number;
}

/** The state of the log at this moment. */
export async function logState(store: Pick<BoundStore, 'query'>): Promise<LogState> {
  const [row] = await store.query<{ position: number; last: number }>(SETTLED, [], 'settled position');
  return { settled: row?.position ?? 0, last: row?.last ?? 0 };
}

/** The highest position up to which nothing is uncommitted any more. */
export async function settledPosition(store: Pick<BoundStore, 'query'>): Promise<number> {
  return (await logState(store)).settled;
}

/** So many entries are looked through for some subjects; behind more of them there may be any. */
const LOOKED_THROUGH_MAX = 20_000;
const MAY_HAVE_CHANGED = `
select bool_or(subject = any($2)) or count(*) > ${LOOKED_THROUGH_MAX} as "isTold"
from (
  select subject from change_event where position > $1 order by position limit ${LOOKED_THROUGH_MAX + 1}
) entry`;

/**
 * Whether entries of the subjects, of whatever account, are there behind a position, settled or not; also when there are
 * too many entries to say.
 */
export async function mayHaveChanged(
  store: Pick<BoundStore, 'query'>,
  position: number,
  subjects: readonly string[],
): Promise<boolean> {
  const values = [position, subjects];
  const [row] = await store.query<{ isTold: boolean | null }>(MAY_HAVE_CHANGED, values, 'may have changed');
  return row?.isTold ?? false;
}
