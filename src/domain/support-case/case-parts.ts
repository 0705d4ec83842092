import { Agent } from '../agent/agent.entity';
import { Contact } from '../contact/contact.entity';
import type { Context } from '../context';
import { Team } from '../team/team.entity';
import type { CaseTemplateParts } from '../template/case-template';
import type { SupportCase } from './support-case.entity';

/** The case with its team, agent and contact, as templates see it whoever acts; `agentId` is who writes, if not its agent. */
export async function partsOf(
  ctx: Context,
  one: SupportCase,
  agentId?: string | null,
): Promise<CaseTemplateParts> {
  return {
    supportCase: one,
    team: await ctx.repo(Team).find(one.teamId),
    agent: await ctx.repo(Agent).find(agentId ?? one.agentId),
    contact: one.contactId ? await ctx.forAccount().repo(Contact).find(one.contactId) : undefined,
  };
}
