import type { Context } from '../context';
import { invalid } from '../error';
import { Team } from '../team/team.entity';

const CHOOSE = `
select agent.id from agent
where agent.account_id = $1 and agent.is_active and agent.deleted_at is null
  and ($3 or exists (select from team_member place
    where place.account_id = $1 and place.team_id = $2 and place.agent_id = agent.id))
order by agent.id is distinct from $4, random() limit 1`;

/**
 * The agent who gets a case of the team: the wanted one when active and of the team, else one of the team by
 * chance. Throws NOT_FOUND for the team, INVALID for one that is put away or has no active agent.
 */
export async function chooseAgent(ctx: Context, teamId: string, wanted?: string | null): Promise<string> {
  const team = await ctx.repo(Team).get(teamId);
  if (team.archivedAt) throw invalid({ teamId: [`Team ${team.name} is put away and takes no cases.`] });
  const values = [ctx.account.id, teamId, team.isForAllAgents, wanted ?? null];
  const [agent] = await ctx.query<{ id: string }>(CHOOSE, values, 'choose agent of case');
  if (agent) return agent.id;
  throw invalid({ teamId: [`Team ${team.name} has no active agent: give it one first.`] });
}
