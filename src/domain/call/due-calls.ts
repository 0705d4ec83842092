import type { Context } from '../context';
import { toInstant } from '../datetime';
import type { DueOptions } from '../due';
import { DomainError } from '../error';
import { Team } from '../team/team.entity';
import type { Call, CallStatus } from './call.entity';
import { beginCall } from './call-begin';
import { lockCall, reportCall } from './call-progress';

const HOUR_MS = 3_600_000;
/** A call that could not be made for so long is not wanted any more. */
const OVERDUE_MS = 24 * HOUR_MS;
const BATCH = 100;

interface Found {
  accountId: string;
  id: string;
  status: CallStatus;
}

interface Due extends Found {
  isActive: boolean;
}

const DUE = `
select account_id as "accountId", id, status,
  (select is_active from account where account.id = call.account_id) as "isActive"
from call
where status = 'scheduled' and deleted_at is null and scheduled_at <= $1
order by scheduled_at limit ${BATCH}`;

/** How long a dialer may say nothing of a call, and what it becomes then. */
const SILENCE = {
  ringing: { hours: 1, end: 'error' },
  in_progress: { hours: 6, end: 'completed' },
} as const;

const SILENT = `
select account_id as "accountId", id, status from call
where is_placed and deleted_at is null
  and (status = 'ringing' and started_at <= $1 or status = 'in_progress' and started_at <= $2)
order by started_at limit ${BATCH}`;

// Others who are at the same call are not waited for: the call is theirs.
const TRY_LOCK = 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "isMine"';

async function isMine(ctx: Context, id: string): Promise<boolean> {
  const [row] = await ctx.query<{ isMine: boolean }>(TRY_LOCK, [`call ${id}`], 'try call lock');
  return row?.isMine ?? false;
}

function cancel(ctx: Context, { id }: Call, errorMessage: string): Promise<Call> {
  return reportCall(ctx, id, { status: 'cancelled', errorMessage }, 'always');
}

/** Makes one scheduled call, or calls it off when its account, team or lead is gone or does not want it. */
async function startDue(ctx: Context, { id, isActive }: Due): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    if (!(await isMine(tx, id))) return false;
    const { call, lead } = await lockCall(tx, id);
    if (call.status !== 'scheduled' || !call.scheduledAt || call.scheduledAt > tx.instant()) return false;
    const team = call.teamId ? await tx.repo(Team).find(call.teamId) : undefined;
    const lateMs = tx.now().getTime() - Date.parse(call.scheduledAt);
    if (!isActive) await cancel(tx, call, 'The account was switched off.');
    else if (!lead || !team) await cancel(tx, call, 'The lead or the team was deleted.');
    else if (lead.isBlocked || lead.isStopped) await cancel(tx, call, 'Calls to the lead were stopped.');
    else if (lateMs > OVERDUE_MS) await cancel(tx, call, 'It could not be made for 24 hours.');
    else await beginCall(tx, { before: call, lead, team });
    return true;
  });
}

async function each<Row extends Found>(
  options: DueOptions,
  rows: Row[],
  work: (ctx: Context, row: Row) => Promise<boolean>,
): Promise<number> {
  let done = 0;
  for (const row of rows) {
    try {
      if (await work(await options.contextOf(row.accountId), row)) done += 1;
    } catch (error) {
      // Deleted in the meantime.
      if (!(error instanceof DomainError && error.code === 'NOT_FOUND')) options.onError(error);
    }
  }
  return done;
}

/** Makes the scheduled calls whose time has come, in every account; any number of processes may. Answers how many. */
export async function startDueCalls(options: DueOptions): Promise<number> {
  const rows = await options.store.acrossAccounts.query<Due & Record<string, unknown>>(DUE, [
    toInstant(options.now()),
  ]);
  return each(options, rows, startDue);
}

/** Ends the calls of which the dialer has said nothing for hours, so that they are not in the way. Answers how many. */
export async function endSilentCalls(options: DueOptions): Promise<number> {
  const nowMs = options.now().getTime();
  const since = [SILENCE.ringing, SILENCE.in_progress].map(({ hours }) =>
    toInstant(new Date(nowMs - hours * HOUR_MS)),
  );
  const rows = await options.store.acrossAccounts.query<Found & Record<string, unknown>>(SILENT, since);
  return each(options, rows, async (ctx, { id, status }) => {
    const { hours, end } = SILENCE[status as keyof typeof SILENCE];
    const errorMessage = `Nothing was heard of it for ${hours} h.`;
    await reportCall(ctx, id, { status: end, errorMessage }, 'always');
    return true;
  });
}
