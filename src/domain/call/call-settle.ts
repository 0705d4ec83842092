import type { Context } from '../context';
import { saveChanges } from '../crud';
import { Lead } from '../lead/lead.entity';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import { fillText, queueText } from '../sms-message/sms-queue';
import type { Team } from '../team/team.entity';
import type { Call } from './call.entity';
import { insertCall, pendingCalls } from './call-rows';
import { leadAfter, nextCall, type Outcome, outcomeOf } from './retry.rules';

/** A call that is over, with what it bears on. */
export interface Settlement {
  call: Call;
  /** Locked; undefined when it was deleted. */
  lead: Lead | undefined;
  team: Team | undefined;
  /** When the first agent can be rung again, for a call that found nobody. */
  workAt?: Date | undefined;
}

/** Whether the call is the first of its series: one that was asked for, not one that follows another. */
function isFirst({ scheduleReason }: Call): boolean {
  return scheduleReason === null || scheduleReason === 'requested' || scheduleReason === 'delay';
}

async function scheduleNext(ctx: Context, { call, team, workAt }: Settlement, outcome: Outcome) {
  const next = team && nextCall(team, { call, outcome, now: ctx.now(), workAt });
  if (!next) return undefined;
  const { leadId, teamId, phoneNumberId, source } = call;
  const { at, reason, agentRetry, leadRetry } = next;
  await insertCall(ctx, {
    ...{ leadId, teamId, phoneNumberId, source, agentRetry, leadRetry },
    ...{ status: 'scheduled', scheduledAt: at.toISOString(), scheduleReason: reason },
  });
  return next;
}

/** The team's text to a lead who was not reached; none without a number in use, or when it comes out empty. */
async function textMissed(ctx: Context, { phoneNumberId }: Call, lead: Lead, team: Team): Promise<void> {
  const number = phoneNumberId ? await ctx.repo(PhoneNumber).find(phoneNumberId) : undefined;
  if (!number?.isActive) return;
  const filled = await fillText(ctx, { lead, number, template: team.smsBody });
  if ('text' in filled) await queueText(ctx, { lead, number, body: filled.text });
}

/** Writes a call's end to its lead: status, result, the next attempt by the team's schedules, the team's text. */
export async function settleCall(ctx: Context, settlement: Settlement): Promise<void> {
  const { call, lead, team } = settlement;
  if (!lead) return;
  const outcome = outcomeOf(call);
  const isPending = (await pendingCalls(ctx, lead.id)).some(({ id }) => id !== call.id);
  const isWelcome = !lead.isStopped && !lead.isBlocked && call.direction === 'outbound';
  const next = isWelcome && !isPending ? await scheduleNext(ctx, settlement, outcome) : undefined;
  const { dialStatus, scheduledCallAt, ...after } = leadAfter(lead, call, outcome, next);
  // Another call says how the attempts stand.
  const attempts = isPending ? {} : { dialStatus, scheduledCallAt };
  await saveChanges(ctx, Lead, lead, { ...after, ...attempts });
  const isMissed = outcome === 'lead_missed' || outcome === 'agents_missed';
  if (team?.isSmsEnabled && isWelcome && isMissed && isFirst(call)) await textMissed(ctx, call, lead, team);
}
