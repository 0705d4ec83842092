import { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import { DomainError, invalid, notFound } from '../error';
import { rowEvent } from '../event';
import { attach } from '../related';
import { Team } from './team.entity';
import { TeamMember } from './team-member.entity';

/** An agent's place in a team, with the agent. */
export type TeamAgent = TeamMember & { agent: Agent };

/** Most agents that a team can be given at once. */
export const TEAM_AGENTS_MAX = 500;

/** Ends the memberships of a team or of an agent that goes; each with its event. */
export async function endMemberships(ctx: Context, key: 'teamId' | 'agentId', id: string): Promise<void> {
  const members = await ctx.repo(TeamMember).removeAll({ [key]: { eq: id } });
  await ctx.emit(...members.map((member) => rowEvent(TeamMember, 'deleted', member)));
}

/** The places of a team, oldest first. */
export function placesOf(ctx: Context, teamId: string): Promise<TeamMember[]> {
  return ctx.repo(TeamMember).slice({
    filter: { teamId: { eq: teamId } },
    sort: { field: 'id', direction: 'asc' },
  });
}

/** The places of a team with their agents, oldest first. */
export async function membersOf(ctx: Context, teamId: string): Promise<TeamAgent[]> {
  const members = await attach(ctx, TeamMember, await placesOf(ctx, teamId), 'agent');
  return members.filter(({ agent }) => agent) as TeamAgent[];
}

/** The place of an agent in a team. Throws NOT_FOUND. */
export async function findMember(ctx: Context, teamId: RowRef, agentId: RowRef): Promise<TeamMember> {
  const team = await ctx.repo(Team).get(teamId);
  const agent = await ctx.repo(Agent).get(agentId);
  const member = await ctx.repo(TeamMember).findBy({ teamId: team.id, agentId: agent.id });
  if (!member) throw notFound('Team member');
  return member;
}

const UUID_LENGTH = 36;

/** The ids of the agents, each once. Throws NOT_FOUND that names those that are missing and their places. */
async function agentIdsOf(ctx: Context, refs: readonly RowRef[]): Promise<string[]> {
  if (refs.length > TEAM_AGENTS_MAX)
    throw invalid({ agentIds: [`A team is given at most ${TEAM_AGENTS_MAX} agents, not ${refs.length}.`] });
  const wanted = refs.map((ref) => (typeof ref === 'string' ? ref.toLowerCase() : ref));
  const idsByRef = await ctx.repo(Agent).idsByRef(wanted);
  const missing = wanted.flatMap((ref, at) => (idsByRef.has(ref) ? [] : [at]));
  if (missing.length > 0) {
    const messageOf = (at: number) => `Agent ${String(refs[at]).slice(0, UUID_LENGTH)} not found`;
    const fields = Object.fromEntries(missing.map((at) => [`agentIds.${at}`, [messageOf(at)]]));
    throw new DomainError('NOT_FOUND', messageOf(missing[0] as number), { fields });
  }
  return [...new Set(wanted.map((ref) => idsByRef.get(ref) as string))];
}

/** Makes the agents the members of the team; those who stay keep their places. Needs the team's lock. */
export async function setMembers(ctx: Context, teamId: string, refs: readonly RowRef[]): Promise<void> {
  const agentIds = await agentIdsOf(ctx, refs);
  const before = await placesOf(ctx, teamId);
  const gone = before.filter(({ agentId }) => !agentIds.includes(agentId));
  for (const { id } of gone) await ctx.repo(TeamMember).remove(id);
  const known = new Set(before.map(({ agentId }) => agentId));
  const fresh = agentIds.filter((agentId) => !known.has(agentId)).map((agentId) => ({ teamId, agentId }));
  const made = await ctx.repo(TeamMember).insertMany(fresh);
  await ctx.emit(
    ...gone.map((member) => rowEvent(TeamMember, 'deleted', member)),
    ...made.map((member) => rowEvent(TeamMember, 'created', member)),
  );
}
