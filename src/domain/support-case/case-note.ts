import { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import { EnumField, ReferenceField, TextField } from '../field';
import { checkReferences, parseInput } from '../input';
import { fillCaseTemplate } from '../template/case-template';
import { Template } from '../template/template.entity';
import { authorOf } from './case-author';
import { changeCase } from './case-change';
import { moveStatus } from './case-feedback-plan';
import { partsOf } from './case-parts';
import { type SpokenKind, type SupportCaseStatus, spokenKind, supportCaseStatus } from './case-status';
import { CASE_TEXT_MAX, SupportCase } from './support-case.entity';

const OPTIONAL = { inputOnly: true, nullable: true } as const;

/** A note on a case. */
export class AddCaseNote {
  @TextField('What is written down. Not needed with a template.', { ...OPTIONAL, max: CASE_TEXT_MAX })
  note?: string | null;

  @TextField('What it is about, in a line.', OPTIONAL)
  title?: string | null;

  @EnumField(spokenKind, 'How it was said; in writing when not given.', OPTIONAL)
  kind?: SpokenKind | null;

  @ReferenceField(() => Template, 'A template that makes the note.', OPTIONAL)
  templateId?: string | null;

  @EnumField(supportCaseStatus, 'How the case stands from now on.', OPTIONAL)
  status?: SupportCaseStatus | null;

  @ReferenceField(() => Agent, 'The agent who writes; the key when none is given.', OPTIONAL)
  authorId?: string | null;
}

/** What was written, put into the template where one is given. Throws INVALID when nothing comes of it. */
export async function writtenText(
  ctx: Context,
  one: SupportCase,
  {
    text,
    templateId,
    authorId,
    field,
  }: { text: string; templateId?: string | null; authorId?: string | null; field: string },
): Promise<{ text: string; subject?: string | undefined; template: Template | undefined }> {
  const template = templateId ? await ctx.repo(Template).get(templateId) : undefined;
  if (!template) {
    if (!text.trim()) throw invalid({ [field]: [`Give a ${field}, or a template that makes one.`] });
    return { text, template };
  }
  const parts = { ...(await partsOf(ctx, one, authorId ?? ctx.agent?.id)), body: text };
  const fill = (source: string): string => {
    const filled = fillCaseTemplate(source, parts);
    if ('text' in filled) return filled.text;
    throw invalid({ templateId: [`The template ${template.name} ${filled.problem}.`] });
  };
  const [filled, subject] = [fill(template.body), template.subject ? fill(template.subject) : undefined];
  // A template without a place for what was written follows it.
  const hasPlace = /\{\{-?\s*body\b/.test(template.body);
  return { text: hasPlace || !text.trim() ? filled : `${text}\n\n${filled}`, subject, template };
}

/** Writes a note into the history of a case in the open transaction. Throws INVALID and NOT_FOUND. */
export async function addCaseNote(ctx: Context, id: RowRef, input: object): Promise<SupportCase> {
  const draft = parseInput(ctx, AddCaseNote, 'create', input);
  const before = await ctx.repo(SupportCase).lock(id);
  await checkReferences(ctx, AddCaseNote, draft);
  const { note, title, kind, templateId, status, authorId } = draft as AddCaseNote;
  const author = await authorOf(ctx, authorId);
  const { text, template } = await writtenText(ctx, before, {
    ...{ text: note ?? '', templateId, authorId, field: 'note' },
  });
  const step = await moveStatus(ctx, before, status ?? undefined);
  return changeCase(ctx, before, {
    author,
    values: step.values,
    entries: [{ kind: kind ?? 'note', title: title ?? template?.name ?? '', body: text }, ...step.entries],
    verbs: ['noted', ...step.verbs],
  });
}
