import { Contact } from '../contact/contact.entity';
import type { Context } from '../context';
import { type Instant, toInstant } from '../datetime';
import { DomainError } from '../error';
import { Team } from '../team/team.entity';
import type { SupportCaseStatus } from './case-status';
import { type StatusStep, statusStep } from './case-status.rules';
import type { SupportCase } from './support-case.entity';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const ASKED_SINCE = `
select 1 from support_case
where account_id = $1 and contact_id = $2 and greatest(feedback_requested_at, feedback_send_at) > $3 limit 1`;

async function wasAskedSince(ctx: Context, contactId: string, since: Date): Promise<boolean> {
  const rows = await ctx.query(ASKED_SINCE, [ctx.account.id, contactId, toInstant(since)], 'feedback since');
  return rows.length > 0;
}

/** Whether chance picks a case for its request. */
function isInSample({ feedbackSamplePercent }: Team): boolean {
  return Math.random() * 100 < feedbackSamplePercent;
}

/** When the contact of a case that is closed now is to be asked for feedback, by the settings of its team; null is never. */
async function feedbackTime(ctx: Context, one: SupportCase): Promise<Instant | null> {
  if (!one.isFeedbackWanted || one.feedbackRequestedAt || !one.contactId) return null;
  const team = await ctx.repo(Team).find(one.teamId);
  if (!team?.feedbackTemplateId || !isInSample(team)) return null;
  const contact = await ctx.repo(Contact).find(one.contactId);
  if (!contact?.email) return null;
  const nowMs = ctx.now().getTime();
  const { feedbackFrequencyDays: days, feedbackDelayMinutes: minutes } = team;
  if (days > 0 && (await wasAskedSince(ctx, contact.id, new Date(nowMs - days * DAY_MS)))) return null;
  return toInstant(new Date(nowMs + minutes * MINUTE_MS));
}

/**
 * What follows when a case gets a status, the request for feedback of one that is closed included. Throws CONFLICT for
 * opening one that was merged into another, which is for good.
 */
export async function moveStatus(
  ctx: Context,
  before: SupportCase,
  status: SupportCaseStatus | undefined,
): Promise<StatusStep> {
  const step = statusStep(before, status, ctx.instant());
  if (before.mergedIntoId && step.values.status)
    throw new DomainError('CONFLICT', 'The case was merged into another and stays closed.');
  if (step.values.status !== 'closed') return step;
  return { ...step, values: { ...step.values, feedbackSendAt: await feedbackTime(ctx, before) } };
}
