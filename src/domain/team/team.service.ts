import type { Context } from '../context';
import { type Crud, crud, saveChanges } from '../crud';
import type { RowRef } from '../entity';
import { type FieldMessages, invalid } from '../error';
import { attach } from '../related';
import { templateProblem } from '../template';
import { Template, type TemplateKind } from '../template/template.entity';
import { capitalize, words } from '../text';
import { setTeamCallback } from '../webhook/team-callback';
import { addressProblem } from '../webhook/webhook.rules';
import { Team } from './team.entity';
import { TeamMember } from './team-member.entity';
import { endMemberships, findMember, membersOf, setMembers, type TeamAgent } from './team-members';
import { type TeamRecord, teamRecord, teamRecords } from './team-record';

function checkTemplates(draft: Record<string, unknown>): void {
  const fields: FieldMessages = {};
  for (const name of ['whisperText', 'postWhisperText', 'smsBody']) {
    const problem = draft[name] === undefined ? undefined : templateProblem(draft[name] as string);
    if (problem) fields[name] = [`${capitalize(words(name))} ${problem}.`];
  }
  if (Object.keys(fields).length > 0) throw invalid(fields);
}

function checkCallback({ callbackUrl }: Record<string, unknown>): void {
  const problem = typeof callbackUrl === 'string' && addressProblem(callbackUrl);
  if (problem) throw invalid({ callbackUrl: [`Callback url ${problem}.`] });
}

/** Places of agents in teams. */
export const teamMembers: Crud<TeamMember> = crud(TeamMember);

/** Which templates a team can have where. */
const TEMPLATE_KINDS: Record<string, TemplateKind> = {
  replyTemplateId: 'reply',
  noteTemplateId: 'note',
  newCaseNoteTemplateId: 'note',
  feedbackTemplateId: 'feedback',
};

async function checkOwnTemplates(ctx: Context, draft: Record<string, unknown>): Promise<void> {
  const fields: FieldMessages = {};
  for (const [name, kind] of Object.entries(TEMPLATE_KINDS)) {
    if (draft[name] == null) continue;
    const template = await ctx.repo(Template).get(draft[name] as string);
    if (template.kind !== kind)
      fields[name] = [
        `${capitalize(words(name))} must name a template of the kind ${kind}, not ${template.kind}.`,
      ];
  }
  if (Object.keys(fields).length > 0) throw invalid(fields);
}

const base: Crud<Team> = crud(Team, {
  async prepare(ctx, draft) {
    checkTemplates(draft);
    checkCallback(draft);
    await checkOwnTemplates(ctx, draft);
  },
  async complete(ctx, { id }, { callbackUrl }) {
    if (callbackUrl !== undefined) await setTeamCallback(ctx, id, callbackUrl as string | null);
    return {};
  },
  async beforeDelete(ctx, { id }) {
    await endMemberships(ctx, 'teamId', id);
    await setTeamCallback(ctx, id, null);
  },
});

/** Teams; deleting one ends its memberships and its callback. */
export const teams = {
  ...base,

  /** A team with what flat records show of its agents. Throws NOT_FOUND. */
  async record(ctx: Context, id: RowRef): Promise<TeamRecord> {
    return teamRecord(ctx, await base.get(ctx, id));
  },

  /** All teams as records, newest first. */
  async records(ctx: Context): Promise<TeamRecord[]> {
    return teamRecords(ctx, await base.all(ctx));
  },

  /** The same as `create`, answered as a record. */
  async createRecord(ctx: Context, input: object): Promise<TeamRecord> {
    return ctx.transaction(async (tx) => teamRecord(tx, await base.create(tx, input)));
  },

  /** The same as `update`, answered as a record. */
  async updateRecord(ctx: Context, id: RowRef, input: object): Promise<TeamRecord> {
    return ctx.transaction(async (tx) => teamRecord(tx, await base.update(tx, id, input)));
  },

  /** Puts a team away, so that it takes no new cases, or takes it out again. Throws NOT_FOUND. */
  async setArchived(ctx: Context, teamId: RowRef, isArchived: boolean): Promise<Team> {
    ctx.require('teams:write');
    return ctx.transaction(async (tx) => {
      const before = await tx.repo(Team).lock(teamId);
      if ((before.archivedAt !== null) === isArchived) return before;
      return saveChanges(tx, Team, before, { archivedAt: isArchived ? tx.instant() : null });
    });
  },

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
