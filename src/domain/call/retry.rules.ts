import type { Lead } from '../lead/lead.entity';
import type { Team } from '../team/team.entity';
import type { Call, ScheduleReason } from './call.entity';

/** What a call that is over has come to, as the lead and the retries see it. */
export type Outcome = 'contacted' | 'removed' | 'lead_missed' | 'agents_missed' | 'taken';

type Ended = Pick<Call, 'status' | 'result' | 'answeredAt'>;

/** See {@link Outcome}; a call that an agent took and that was cut short has missed the lead. */
export function outcomeOf({ status, result, answeredAt }: Ended): Outcome {
  if (result === 'contacted' || result === 'removed') return result;
  if (result !== null) return 'lead_missed';
  if (status === 'completed') return 'taken';
  return answeredAt === null ? 'agents_missed' : 'lead_missed';
}

/** The call that follows one that reached nobody. */
export interface NextCall {
  at: Date;
  reason: ScheduleReason;
  agentRetry: number;
  leadRetry: number;
}

type Schedules = Pick<
  Team,
  | 'isRetrying'
  | 'retries'
  | 'retrySchedule'
  | 'isRetryingLeads'
  | 'leadRetries'
  | 'leadRetrySchedule'
  | 'isRescheduling'
>;

const MINUTE_MS = 60_000;

function delayed(now: Date, schedule: readonly number[], at: number): Date | undefined {
  const minutes = schedule[Math.min(at, schedule.length - 1)];
  return minutes === undefined ? undefined : new Date(now.getTime() + minutes * MINUTE_MS);
}

interface Ending {
  call: Pick<Call, 'status' | 'agentRetry' | 'leadRetry'>;
  outcome: Outcome;
  now: Date;
  /** When the first agent works again, for a call that found nobody at work. */
  workAt?: Date | undefined;
}

/** The call that the schedules of the team ask for after one has ended, or undefined. */
export function nextCall(team: Schedules, { call, outcome, now, workAt }: Ending): NextCall | undefined {
  const { agentRetry, leadRetry } = call;
  if (outcome === 'lead_missed') {
    if (!team.isRetryingLeads || leadRetry >= team.leadRetries) return undefined;
    const at = delayed(now, team.leadRetrySchedule, leadRetry);
    return at && { at, reason: 'lead_retry', agentRetry: 0, leadRetry: leadRetry + 1 };
  }
  if (outcome !== 'agents_missed') return undefined;
  if (call.status === 'offline' && team.isRescheduling && workAt)
    return { at: workAt, reason: 'offline', agentRetry, leadRetry };
  if (!team.isRetrying || agentRetry >= team.retries) return undefined;
  const at = delayed(now, team.retrySchedule, agentRetry);
  return at && { at, reason: 'agent_retry', agentRetry: agentRetry + 1, leadRetry };
}

const STATUS: Record<Outcome, string> = {
  contacted: 'contacted',
  removed: 'removed',
  lead_missed: 'missed',
  agents_missed: 'missed',
  taken: 'called',
};

/** What a call that is over makes of its lead. */
export function leadAfter(
  lead: Lead,
  call: Pick<Call, 'result'>,
  outcome: Outcome,
  next: NextCall | undefined,
): Partial<Lead> {
  const isReached = outcome === 'contacted' || outcome === 'removed' || outcome === 'taken';
  return {
    status: call.result ?? STATUS[outcome],
    result: call.result ?? lead.result,
    dialStatus: next ? 'retry' : isReached ? 'completed' : 'failed',
    scheduledCallAt: next ? next.at.toISOString() : null,
    ...(outcome === 'removed' && { isStopped: true }),
  };
}
