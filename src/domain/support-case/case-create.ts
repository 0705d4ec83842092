import { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import { columnsOf } from '../crud';
import type { RowRef } from '../entity';
import { rowEvent } from '../event';
import { checkReferences, parseInput } from '../input';
import { withLinks } from '../links';
import { Team } from '../team/team.entity';
import { fillCaseTemplate } from '../template/case-template';
import { Template } from '../template/template.entity';
import { chooseAgent } from './case-agent';
import { type Author, actorAuthor, authorOf } from './case-author';
import { type EntryDraft, writeEntries } from './case-change';
import { insertCase } from './case-number';
import { partsOf } from './case-parts';
import { firstTagIds, setCaseTags } from './case-tags';
import { SupportCase } from './support-case.entity';

type Draft = Record<string, unknown>;

/** How a case is made besides its input. */
export interface CreateCaseOptions {
  /** An agent who does not exist counts as none, as one of another team does. */
  isAgentLoose?: boolean;
  /** Who opened it; the agent of the input or the actor when not given. */
  author?: Author;
  /** The first entry; the details as a note or a call when not given. */
  opening?: EntryDraft;
}

async function draftOf(ctx: Context, input: object, { isAgentLoose }: CreateCaseOptions): Promise<Draft> {
  const draft = parseInput(ctx, SupportCase, 'create', input);
  if (isAgentLoose && draft.agentId != null && !(await ctx.repo(Agent).find(draft.agentId as RowRef))) {
    delete draft.agentId;
  }
  await checkReferences(ctx, SupportCase, draft);
  return draft;
}

function valuesOf(ctx: Context, draft: Draft, agentId: string): Partial<SupportCase> {
  const openedAt = (draft.openedAt as string | undefined) ?? ctx.instant();
  const { kind, id } = ctx.actor;
  const createdByAgentId = (draft.authorId as string | undefined) ?? ctx.agent?.id ?? null;
  return {
    ...(columnsOf(SupportCase, draft) as Partial<SupportCase>),
    ...{
      agentId,
      openedAt,
      assignedAt: (draft.assignedAt as string | undefined) ?? openedAt,
      createdByAgentId,
    },
    createdByKeyId: kind === 'key' && !createdByAgentId ? id : null,
    closedAt: draft.status === 'closed' ? ctx.instant() : null,
  };
}

/** The note that the team's template makes for a new case. */
async function newCaseNote(ctx: Context, one: SupportCase): Promise<void> {
  const team = await ctx.repo(Team).find(one.teamId);
  const template = team?.newCaseNoteTemplateId && (await ctx.repo(Template).find(team.newCaseNoteTemplateId));
  if (!template) return;
  const filled = fillCaseTemplate(template.body, await partsOf(ctx, one));
  const body = 'text' in filled ? filled.text : `The template ${template.name} ${filled.problem}.`;
  const author = actorAuthor(ctx.asSystem('support'));
  await writeEntries(ctx, one.id, author, [{ kind: 'note', title: template.name, body }]);
}

/** Makes a case in the open transaction. Throws INVALID and NOT_FOUND. */
export async function createCase(
  ctx: Context,
  input: object,
  options: CreateCaseOptions = {},
): Promise<SupportCase> {
  const draft = await draftOf(ctx, input, options);
  const tagIds = await firstTagIds(
    ctx,
    draft.tagIds as RowRef[] | undefined,
    draft.tagNames as string[] | undefined,
  );
  const agentId = await chooseAgent(ctx, draft.teamId as string, draft.agentId as string | undefined);
  const author = options.author ?? (await authorOf(ctx, draft.authorId as string | undefined));
  const row = await insertCase(ctx, valuesOf(ctx, draft, agentId));
  if (tagIds.length > 0) await setCaseTags(ctx, row.id, tagIds);
  await ctx.emit(rowEvent(SupportCase, 'created', await withLinks(ctx, SupportCase, row)));
  const kind = (draft.openingKind as 'note' | 'call' | undefined) ?? 'note';
  await writeEntries(ctx, row.id, author, [
    options.opening ?? { kind, title: row.summary, body: row.details },
  ]);
  await newCaseNote(ctx, row);
  return row;
}
