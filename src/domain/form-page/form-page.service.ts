import type { Audience } from '../audience/audience.entity';
import type { AudienceGroup } from '../audience/audience-group.entity';
import { groupIdsOf, STRANGE_GROUPS } from '../audience/audience-group-ids';
import { linkedGroupsById } from '../audience/linked-groups';
import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { type FieldMessages, invalid } from '../error';
import type { Filter } from '../filter';
import { setLinks } from '../links';
import { attach } from '../related';
import type { Slice } from '../repository';
import { FormPage, type FormPageStats } from './form-page.entity';
import { completeFields, originProblems, pageProblems } from './form-page.rules';
import { freeSlug } from './slug';

/** A page with its numbers, its audience and its groups, as flat records show it. */
export type FormPageRecord = FormPage & {
  stats: FormPageStats;
  audience: Audience | null;
  groups: AudienceGroup[];
};

/** Part of a list of pages, counted from its start. */
export type FormPageSlice = Pick<Slice, 'sort' | 'limit' | 'offset'> & { filter?: Filter };

type Draft = Record<string, unknown>;

/** Makes the groups of the draft ids, and answers what is wrong with them. */
async function groupProblems(
  ctx: Context,
  draft: Draft,
  current: FormPage | undefined,
): Promise<FieldMessages> {
  const audienceId = draft.audienceId === undefined ? current?.audienceId : draft.audienceId;
  // Groups of another audience than before make no sense.
  if (current && audienceId !== current.audienceId) draft.groupIds ??= [];
  const refs = (draft.groupIds as RowRef[] | undefined) ?? [];
  if (refs.length === 0) return {};
  if (!audienceId) return { groupIds: ['Group ids need an audience that the groups are of.'] };
  const ids = await groupIdsOf(ctx, audienceId as string, refs);
  if (!ids) return STRANGE_GROUPS;
  draft.groupIds = ids;
  return {};
}

const base: Crud<FormPage> = crud(FormPage, {
  async prepare(ctx, draft, current) {
    if (draft.fields) draft.fields = completeFields(draft.fields as FormPage['fields']);
    if (!current) draft.slug ??= await freeSlug(ctx, String(draft.name));
    const page = { ...current, ...draft } as Partial<FormPage>;
    const problems = {
      ...pageProblems(page),
      ...originProblems(page.allowedOrigins ?? []),
      ...(await groupProblems(ctx, draft, current)),
    };
    if (Object.keys(problems).length > 0) throw invalid(problems);
  },
  complete: (ctx, { id }, draft) =>
    setLinks(ctx, FormPage, 'groupIds', id, draft.groupIds as string[] | undefined),
});

async function recordsOf(ctx: Context, rows: FormPage[]): Promise<FormPageRecord[]> {
  const withStats = await attach(ctx, FormPage, rows, 'stats');
  const complete = await attach(ctx, FormPage, withStats, 'audience');
  const ids = rows.map(({ id }) => id);
  const groupsById = await linkedGroupsById(ctx, FormPage, ids);
  return complete.map((row) => ({ ...row, groups: groupsById.get(row.id) ?? [] })) as FormPageRecord[];
}

/** Pages with forms; the public sees those that are published, at their paths. */
export const formPages = {
  ...base,

  /** The page with its numbers and its audience. Throws NOT_FOUND. */
  async record(ctx: Context, ref: RowRef): Promise<FormPageRecord> {
    const [record] = await recordsOf(ctx, [await base.get(ctx, ref)]);
    return record as FormPageRecord;
  },

  /** Pages with their numbers and audiences, by offset, and how many there are in all. */
  async records(
    ctx: Context,
    { filter = {}, ...slice }: FormPageSlice,
  ): Promise<{ records: FormPageRecord[]; total: number }> {
    ctx.require('formPages:read');
    const rows = await ctx.repo(FormPage).slice({ ...slice, filter });
    return { records: await recordsOf(ctx, rows), total: await ctx.repo(FormPage).count(filter) };
  },
};
