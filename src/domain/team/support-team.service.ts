import { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import { Team } from './team.entity';
import { teams } from './team.service';

/** A team with the whole-number identifiers of its agents and templates. */
export type SupportTeam = Team & { agentNumbers: number[]; numberByTemplateId: Record<string, number> };

const MEMBERS = `
select place.team_id as "teamId", agent.number from team_member place
join agent on agent.account_id = place.account_id and agent.id = place.agent_id and agent.deleted_at is null
where place.account_id = $1 and place.team_id = any($2) order by place.id`;

const TEMPLATES = 'select id, number from template where account_id = $1 and id = any($2)';

/** The templates of a team, by its fields. */
export const TEAM_TEMPLATES = [
  ...['replyTemplateId', 'noteTemplateId', 'newCaseNoteTemplateId', 'feedbackTemplateId'],
] as (keyof Team & `${string}TemplateId`)[];

async function agentNumbers(ctx: Context, found: Team[]): Promise<(team: Team) => number[]> {
  const values = [ctx.account.id, found.map(({ id }) => id)];
  const rows = await ctx.query<{ teamId: string; number: number }>(MEMBERS, values, 'agents of teams');
  const everybody = found.some(({ isForAllAgents }) => isForAllAgents)
    ? await ctx.repo(Agent).slice({
        filter: { isActive: { eq: true } },
        sort: { field: 'id', direction: 'asc' },
      })
    : [];
  return ({ id, isForAllAgents }) =>
    isForAllAgents
      ? everybody.map(({ number }) => number)
      : rows.filter(({ teamId }) => teamId === id).map(({ number }) => number);
}

/** The teams as records: at most three statements, however many. */
async function recordsOf(ctx: Context, found: Team[]): Promise<SupportTeam[]> {
  if (found.length === 0) return [];
  const numbersOf = await agentNumbers(ctx, found);
  const ids = found.flatMap((team) => TEAM_TEMPLATES.flatMap((name) => team[name] ?? []));
  const rows = await ctx.query<{ id: string; number: number }>(TEMPLATES, [ctx.account.id, ids]);
  const numberByTemplateId = Object.fromEntries(rows.map(({ id, number }) => [id, number]));
  return found.map((team) => ({ ...team, agentNumbers: numbersOf(team), numberByTemplateId }));
}

async function recordOf(ctx: Context, team: Team): Promise<SupportTeam> {
  const [record] = await recordsOf(ctx, [team]);
  return record as SupportTeam;
}

/** What may be given of a team: fields, and who its agents are. */
export type SupportTeamInput = Record<string, unknown> & { agentIds?: readonly RowRef[] | undefined };

/** Teams as the help desk sees them. */
export const supportTeams = {
  /** Teams as records. */
  records: recordsOf,

  /** All teams, those that are put away, or those that are not; oldest first. */
  async list(ctx: Context, which: 'all' | 'active' | 'archived'): Promise<SupportTeam[]> {
    ctx.require('teams:read');
    const filter = which === 'all' ? {} : { archivedAt: { isNull: which === 'active' } };
    return recordsOf(ctx, await ctx.repo(Team).slice({ filter, sort: { field: 'id', direction: 'asc' } }));
  },

  /** Throws NOT_FOUND. */
  async get(ctx: Context, ref: RowRef): Promise<SupportTeam> {
    return recordOf(ctx, await teams.get(ctx, ref));
  },

  /** Makes a team with its agents. Throws INVALID and NOT_FOUND. */
  async create(ctx: Context, { agentIds, ...input }: SupportTeamInput): Promise<SupportTeam> {
    return ctx.transaction(async (tx) => {
      const { id } = await teams.create(tx, input);
      if (agentIds) await teams.setAgents(tx, id, agentIds);
      return supportTeams.get(tx.asSystem('support'), id);
    });
  },

  /** Changes a team; agents that are given replace those it has. Throws INVALID and NOT_FOUND. */
  async update(ctx: Context, ref: RowRef, { agentIds, ...input }: SupportTeamInput): Promise<SupportTeam> {
    return ctx.transaction(async (tx) => {
      const { id } = await teams.update(tx, ref, input);
      if (agentIds) await teams.setAgents(tx, id, agentIds);
      return supportTeams.get(tx.asSystem('support'), id);
    });
  },

  /** Puts a team away, or takes it out again. Throws NOT_FOUND. */
  async setArchived(ctx: Context, ref: RowRef, isArchived: boolean): Promise<SupportTeam> {
    return ctx.transaction(async (tx) => recordOf(tx, await teams.setArchived(tx, ref, isArchived)));
  },
};
