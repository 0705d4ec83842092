import { isAgentAvailable } from '../agent/agent.rules';
import type { Context } from '../context';
import type { Filter } from '../filter';
import { attach } from '../related';
import type { Team } from './team.entity';
import { TeamMember } from './team-member.entity';

/** A team with whether a call can be put through to one of its agents now. */
export type TeamRecord = Team & { hasAvailableAgent: boolean };

async function availableTeamIds(ctx: Context, places: Filter): Promise<Set<string>> {
  const members = await ctx.repo(TeamMember).slice({ filter: places });
  const now = ctx.now();
  return new Set(
    (await attach(ctx, TeamMember, members, 'agent'))
      .filter(({ agent }) => agent && isAgentAvailable(agent, now))
      .map(({ teamId }) => teamId),
  );
}

/** All teams of the account as records: two statements, however many teams. */
export async function teamRecords(ctx: Context, teams: Team[]): Promise<TeamRecord[]> {
  const available = await availableTeamIds(ctx, {});
  return teams.map((team) => ({ ...team, hasAvailableAgent: available.has(team.id) }));
}

/** A team as a record. */
export async function teamRecord(ctx: Context, team: Team): Promise<TeamRecord> {
  const available = await availableTeamIds(ctx, { teamId: { eq: team.id } });
  return { ...team, hasAvailableAgent: available.has(team.id) };
}
