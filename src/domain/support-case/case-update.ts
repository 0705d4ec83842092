import { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import { columnsOf } from '../crud';
import type { RowRef } from '../entity';
import { checkReferences, parseInput } from '../input';
import { Team } from '../team/team.entity';
import { words } from '../text';
import { chooseAgent } from './case-agent';
import { agentName, authorOf } from './case-author';
import { type CaseChange, changeCase } from './case-change';
import { moveStatus } from './case-feedback-plan';
import type { SupportCaseStatus } from './case-status';
import { caseTagsOf, setCaseTags, tagTitle } from './case-tags';
import type { CaseVerb } from './case-verb';
import { SupportCase } from './support-case.entity';

type Draft = Record<string, unknown>;
type Part = Pick<CaseChange, 'values' | 'entries'> & { verbs: CaseVerb[] };

const NOTHING: Part = { entries: [], verbs: [] };
/** Fields whose change is told by an entry of another kind. */
const TOLD = ['status', 'teamId', 'agentId'];

/** Where the case goes, when it goes: to an agent who is of the team in any case. */
async function transferPart(ctx: Context, before: SupportCase, draft: Draft): Promise<Part> {
  if (draft.teamId === undefined && draft.agentId === undefined) return NOTHING;
  const teamId = (draft.teamId as string | undefined) ?? before.teamId;
  const wanted = (draft.agentId as string | undefined) ?? before.agentId;
  if (teamId === before.teamId && wanted === before.agentId) return NOTHING;
  const agentId = await chooseAgent(ctx, teamId, wanted);
  if (teamId === before.teamId && agentId === before.agentId) return NOTHING;
  const [team, agent] = [await ctx.repo(Team).get(teamId), await ctx.repo(Agent).get(agentId)];
  return {
    values: { teamId, agentId, assignedAt: ctx.instant() },
    entries: [{ kind: 'transfer', title: `To ${agentName(agent)}, ${team.name}` }],
    verbs: ['transferred'],
  };
}

function editPart(before: SupportCase, draft: Draft): Part {
  const columns = columnsOf(SupportCase, draft);
  const values = Object.fromEntries(Object.entries(columns).filter(([name]) => !TOLD.includes(name)));
  const changed = Object.keys(values).filter((name) => values[name] !== before[name as keyof SupportCase]);
  if (changed.length === 0) return NOTHING;
  const title = `Changed ${changed.map((name) => words(name.replace(/Id$/, ''))).join(', ')}`;
  return { values: values as Partial<SupportCase>, entries: [{ kind: 'edit', title }], verbs: [] };
}

async function tagPart(ctx: Context, before: SupportCase, refs: RowRef[] | undefined) {
  if (refs === undefined) return { ...NOTHING, joined: {} };
  const tags = await caseTagsOf(ctx, refs);
  const change = await setCaseTags(
    ctx,
    before.id,
    tags.map(({ id }) => id),
  );
  const title = tagTitle(change);
  const verbs: CaseVerb[] = [
    ...(change.added.length > 0 ? ['tagged' as const] : []),
    ...(change.removed.length > 0 ? ['untagged' as const] : []),
  ];
  return { entries: title ? [{ kind: 'tag' as const, title }] : [], verbs, joined: change.changes };
}

/** Changes a locked case in the open transaction by a checked draft. */
export async function applyDraft(ctx: Context, before: SupportCase, draft: Draft): Promise<SupportCase> {
  const author = await authorOf(ctx, draft.authorId as RowRef | undefined);
  const transfer = await transferPart(ctx, before, draft);
  const edit = editPart(before, draft);
  const tags = await tagPart(ctx, before, draft.tagIds as RowRef[] | undefined);
  const edited = { ...before, ...transfer.values, ...edit.values };
  const status = await moveStatus(ctx, edited, draft.status as SupportCaseStatus | undefined);
  return changeCase(ctx, before, {
    author,
    values: { ...edit.values, ...transfer.values, ...status.values },
    entries: [...edit.entries, ...transfer.entries, ...tags.entries, ...status.entries],
    verbs: [...transfer.verbs, ...tags.verbs, ...status.verbs],
    joined: tags.joined,
  });
}

/** Changes a case in the open transaction. Throws INVALID and NOT_FOUND. */
export async function updateCase(ctx: Context, id: RowRef, input: object): Promise<SupportCase> {
  const draft = parseInput(ctx, SupportCase, 'update', input);
  const before = await ctx.repo(SupportCase).lock(id);
  await checkReferences(ctx, SupportCase, draft);
  return applyDraft(ctx, before, draft);
}
