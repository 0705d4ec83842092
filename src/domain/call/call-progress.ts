import type { Context } from '../context';
import { saveChanges } from '../crud';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import { checkReferences } from '../input';
import { Lead } from '../lead/lead.entity';
import { Team } from '../team/team.entity';
import { Call } from './call.entity';
import { checkTransition, isOver, timesOf } from './call.rules';
import { ringNextTurn, ringsOf } from './call-routing';
import { emitCompleted } from './call-rows';
import { settleCall } from './call-settle';

/** A call and its lead, both locked; the lead is undefined when it was deleted. */
export interface LockedCall {
  call: Call;
  lead: Lead | undefined;
}

/** Locks the lead and then the call, the order that all keep. Throws NOT_FOUND and FORBIDDEN. Needs an open transaction. */
export async function lockCall(ctx: Context, id: RowRef): Promise<LockedCall> {
  const known = await ctx.repo(Call).getOwn(id);
  const lead = await ctx.forAccount().repo(Lead).lockIfThere(known.leadId);
  return { lead, call: await ctx.repo(Call).lock(known.id) };
}

/** Who took the call, when it was not said and only one agent is rung. */
async function takerOf(ctx: Context, { id, agentId }: Call): Promise<string | null> {
  const rung = agentId ? [] : (await ringsOf(ctx, id)).filter(({ rungAt }) => rungAt !== null);
  return rung.length === 1 ? (rung[0]?.agentId ?? null) : agentId;
}

async function derivedFrom(ctx: Context, before: Call, reported: Partial<Call>): Promise<Partial<Call>> {
  const isTaken = ['in_progress', 'completed'].includes(reported.status ?? '') && before.status === 'ringing';
  return {
    ...timesOf(before, reported, ctx.instant()),
    ...(isTaken && !reported.agentId && { agentId: await takerOf(ctx, before) }),
    ...(reported.status && isOver(reported.status) && { dialAt: null }),
  };
}

function checkTimes(before: Call, { status = before.status, scheduledAt }: Partial<Call>): void {
  if (status === 'scheduled' && scheduledAt === null)
    throw invalid({ scheduledAt: ['ScheduledAt must not be null while the call is scheduled.'] });
}

async function effectsOn(ctx: Context, before: Call, { call, lead }: LockedCall): Promise<void> {
  // A result that is put right changes no attempts; but a lead who wants no calls gets none, whenever that is said.
  const isNews = before.result === null || call.result === 'removed';
  const isLate =
    before.status === 'completed' && isNews && call.result !== null && call.result !== before.result;
  const isEnd = isOver(call.status) && !isOver(before.status);
  if (isEnd) await emitCompleted(ctx, call);
  if (isEnd || isLate) {
    const team = call.teamId ? await ctx.repo(Team).find(call.teamId) : undefined;
    await settleCall(ctx, { call, lead, team });
  }
  if (!lead) return;
  if (lead.ownerId === null && call.agentId && call.agentId !== before.agentId)
    await saveChanges(ctx, Lead, lead, { ownerId: call.agentId });
  if (before.status !== 'scheduled') return;
  if (call.status === 'scheduled') await saveChanges(ctx, Lead, lead, { scheduledCallAt: call.scheduledAt });
  if (call.status === 'cancelled') await unschedule(ctx, lead);
}

/** The lead waits for no call any more; one that has been tried is given up. */
export async function unschedule(ctx: Context, lead: Lead): Promise<void> {
  const dialStatus = lead.dialStatus === 'retry' ? 'failed' : lead.dialStatus;
  await saveChanges(ctx, Lead, lead, { scheduledCallAt: null, dialStatus });
}

/**
 * Writes down what is reported of a call, in its checked form. Throws INVALID for a status that it cannot go to.
 * The lead, the retries and the texts of the team follow from it; for a call that is only written down, not made
 * from here, when `follow` is `always`.
 */
export function reportCall(
  ctx: Context,
  id: RowRef,
  reported: Partial<Call>,
  follow: 'always' | 'placed',
): Promise<Call> {
  return ctx.transaction(async (own) => {
    const { call: before, lead } = await lockCall(own, id);
    // What follows from a call is the account's, whoever reports it.
    const tx = own.forAccount();
    await checkReferences(tx, Call, reported);
    checkTransition(before.status, reported.status);
    checkTimes(before, reported);
    const derived = await derivedFrom(tx, before, reported);
    const call = await saveChanges(tx, Call, before, { ...reported, ...derived });
    if (follow === 'always' || before.isPlaced) await effectsOn(tx, before, { call, lead });
    else if (isOver(call.status) && !isOver(before.status)) await emitCompleted(tx, call);
    return call;
  });
}

/** Rings the next agents in turn; when none is left, the call is over as `missed`. Throws INVALID unless it rings. */
export function ringNext(ctx: Context, id: RowRef): Promise<Call> {
  return ctx.transaction(async (tx) => {
    const { call } = await lockCall(tx, id);
    if (call.status !== 'ringing')
      throw invalid({
        status: [`Only a call that is ringing rings at the next agents; it is ${call.status}.`],
      });
    const team = call.teamId ? await tx.repo(Team).find(call.teamId) : undefined;
    if (!team || !(await ringNextTurn(tx, call, team)))
      return reportCall(tx, call.id, { status: 'missed' }, 'always');
    return saveChanges(tx, Call, call, { attempts: call.attempts + 1, dialAt: tx.instant() });
  });
}
