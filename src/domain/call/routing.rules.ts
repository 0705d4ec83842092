import type { Agent } from '../agent/agent.entity';
import { isAgentAvailable } from '../agent/agent.rules';
import { nextAvailableAt } from '../agent/next-available.rules';
import { startOfNextDay } from '../datetime';
import type { CallMode } from '../team/team.entity';
import type { TeamMember } from '../team/team-member.entity';

/** An agent of a team, and how far the day's cap is used up by other leads. */
export interface Candidate {
  agent: Agent;
  member: Pick<TeamMember, 'id' | 'priority' | 'cap' | 'lastTurn'>;
  /** Leads whose calls the agent has taken today. */
  taken: number;
  /** Leads whose calls ring at the agent now; so the cap holds whoever answers. */
  ringing: number;
}

const isFull = ({ member: { cap }, taken, ringing }: Candidate) => cap !== null && taken + ringing >= cap;

/** Whether the agent can be rung at the moment: at work, not do-not-disturb, below the cap of the day. */
export function isCallable(candidate: Candidate, now: Date): boolean {
  return !isFull(candidate) && isAgentAvailable(candidate.agent, now);
}

const byAge = (a: Candidate, b: Candidate) => (a.member.id < b.member.id ? -1 : 1);
const byLastTurn = (a: Candidate, b: Candidate) => a.member.lastTurn - b.member.lastTurn || byAge(a, b);
const byPriority = (a: Candidate, b: Candidate) =>
  b.member.priority - a.member.priority || b.agent.priority - a.agent.priority;

/** How the agents are rung by call mode: turn after turn, those of one turn at once. */
export const TURNS: Record<CallMode, (callable: readonly Candidate[]) => Candidate[][]> = {
  simultaneous: (callable) => (callable.length > 0 ? [callable.toSorted(byAge)] : []),
  round_robin: (callable) => callable.toSorted(byLastTurn).map((candidate) => [candidate]),
  priority: (callable) => {
    const turns: Candidate[][] = [];
    for (const candidate of callable.toSorted((a, b) => byPriority(a, b) || byAge(a, b))) {
      const last = turns.at(-1);
      if (last?.[0] && byPriority(last[0], candidate) === 0) last.push(candidate);
      else turns.push([candidate]);
    }
    return turns;
  },
};

const SOON_MS = 60_000;

/** From when on the cap may let a lead through: tomorrow, or soon when only calls that still ring are in the way. */
function roomFrom(candidate: Candidate, now: Date): Date {
  if (!isFull(candidate)) return now;
  const { agent, member, taken } = candidate;
  const isSpent = member.cap !== null && taken >= member.cap;
  return isSpent ? startOfNextDay(now, agent.timeZone) : new Date(now.getTime() + SOON_MS);
}

/** When the first of the agents can be rung again, within a week; undefined when none. */
export function nextCallableAt(candidates: readonly Candidate[], now: Date): Date | undefined {
  const times = candidates
    .filter(({ member }) => member.cap !== 0)
    .map((candidate) => nextAvailableAt(candidate.agent, roomFrom(candidate, now)));
  return times.filter((at) => at !== undefined).toSorted((a, b) => a.getTime() - b.getTime())[0];
}
