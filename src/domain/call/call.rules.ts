import { invalid } from '../error';
import { hasOwnLead } from '../lead/lead.rules';
import type { Call, CallStatus } from './call.entity';

/** What a call of each status may become by what is reported of it; from an empty list nothing more comes. */
const NEXT: Record<CallStatus, readonly CallStatus[]> = {
  scheduled: ['cancelled'],
  ringing: ['in_progress', 'offline', 'missed', 'completed', 'ignored', 'busy', 'error'],
  in_progress: ['missed', 'completed', 'busy', 'error'],
  offline: [],
  missed: [],
  completed: [],
  ignored: [],
  busy: [],
  error: [],
  cancelled: [],
};

/** The SQL condition that the agent took a call, is rung for it, or that it is with a lead of the agent's. */
export function isOwnCall(agent: string): string {
  return `("call"."agent_id" = ${agent} or ${hasOwnLead('call', agent)}
    or exists (select from call_ring ring where ring."account_id" = "call"."account_id"
      and ring."call_id" = "call"."id" and ring."agent_id" = ${agent} and ring."rung_at" is not null))`;
}

/** Whether the call has taken place and nothing more will happen to it. */
export function isOver(status: CallStatus): boolean {
  return NEXT[status].length === 0 && status !== 'cancelled';
}

/** Whether the call is being made at this moment. */
export function isLive(status: CallStatus): boolean {
  return status === 'ringing' || status === 'in_progress';
}

/** Throws INVALID that names both states when a call cannot go from the one to the other. */
export function checkTransition(from: CallStatus, to: CallStatus = from): void {
  if (from === to || NEXT[from].includes(to)) return;
  const can = NEXT[from].length > 0 ? `it can become ${NEXT[from].join(', ')}` : 'it is over';
  throw invalid({ status: [`A call that is ${from} cannot become ${to}: ${can}.`] });
}

/** The times and the seconds that follow from a new status; what is reported itself counts more. */
export function timesOf(before: Call, reported: Partial<Call>, now: string): Partial<Call> {
  const { status = before.status } = reported;
  if (status === before.status) return {};
  if (status === 'in_progress') return { answeredAt: reported.answeredAt ?? now };
  if (!isOver(status)) return {};
  const endedAt = reported.endedAt ?? now;
  const answeredAt = reported.answeredAt ?? before.answeredAt;
  const connectedMs = answeredAt ? Date.parse(endedAt) - Date.parse(answeredAt) : 0;
  const seconds = reported.seconds ?? (before.seconds || Math.max(0, Math.round(connectedMs / 1000)));
  return { endedAt, seconds };
}
