import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { type FieldMessages, invalid } from '../error';
import { attach } from '../related';
import { templateProblem } from '../template';
import { capitalize, words } from '../text';
import { Team } from './team.entity';
import { TeamMember } from './team-member.entity';
import { endMemberships, findMember, membersOf, setMembers, type TeamAgent } from './team-members';

function checkTemplates(draft: Record<string, unknown>): void {
  const fields: FieldMessages = {};
  for (const name of ['whisperText', 'postWhisperText', 'smsBody']) {
    const problem = draft[name] === undefined ? undefined : templateProblem(draft[name] as string);
    if (problem) fields[name] = [`${capitalize(words(name))} ${problem}.`];
  }
  if (Object.keys(fields).length > 0) throw invalid(fields);
}

/** Places of agents in teams. */
export const teamMembers: Crud<TeamMember> = crud(TeamMember);

/** Teams; deleting one ends its memberships. */
export const teams = {
  ...crud(Team, {
    prepare: (_, draft) => checkTemplates(draft),
    beforeDelete: (ctx, team) => endMemberships(ctx, 'teamId', team.id),
  }),

  /** The agents of a team with their places, those longest there first. Throws NOT_FOUND. */
  async agents(ctx: Context, teamId: RowRef): Promise<TeamAgent[]> {
    ctx.require('teamMembers:read');
    const team = await ctx.repo(Team).get(teamId);
    return membersOf(ctx, team.id);
  },

  /**
   * Makes exactly these agents the agents of the team; those who stay keep priority and cap. Throws NOT_FOUND for
   * the team, and for an agent with its place in the list as `agentIds.<index>`.
   */
  async setAgents(ctx: Context, teamId: RowRef, agentIds: readonly RowRef[]): Promise<TeamAgent[]> {
    ctx.require('teamMembers:write');
    return ctx.transaction(async (tx) => {
      const team = await tx.repo(Team).lock(teamId);
      await setMembers(tx, team.id, agentIds);
      return membersOf(tx, team.id);
    });
  },

  /** Changes priority or cap of one agent in a team. Throws NOT_FOUND for an agent who is no member. */
  async updateAgent(ctx: Context, teamId: RowRef, agentId: RowRef, input: object): Promise<TeamAgent> {
    ctx.require('teamMembers:write');
    const place = await findMember(ctx, teamId, agentId);
    const member = await teamMembers.update(ctx, place.id, input);
    const [withAgent] = await attach(ctx, TeamMember, [member], 'agent');
    return withAgent as TeamAgent;
  },

  /** Takes one agent out of a team. Throws NOT_FOUND for an agent who is no member. */
  async removeAgent(ctx: Context, teamId: RowRef, agentId: RowRef): Promise<TeamMember> {
    ctx.require('teamMembers:write');
    const place = await findMember(ctx, teamId, agentId);
    return teamMembers.delete(ctx, place.id);
  },
};
