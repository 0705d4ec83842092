import { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import { BooleanField, EnumField, InstantField, ReferenceField } from '../field';
import { checkReferences, parseInput } from '../input';
import { Tag } from '../tag/tag.entity';
import { Team } from '../team/team.entity';
import { lockCases, mergeCases } from './case-merge';
import { snoozeCase } from './case-snooze';
import { type SupportCaseStatus, supportCaseStatus } from './case-status';
import { caseTagsOf, tagIdsOf } from './case-tags';
import { applyDraft } from './case-update';
import { SupportCase } from './support-case.entity';

const OPTIONAL = { inputOnly: true, nullable: true } as const;

/** What is to become of several cases at once. */
export class BulkUpdateCases {
  @ReferenceField(() => Team, 'The team that works them from now on.', OPTIONAL)
  teamId?: string | null;

  @ReferenceField(() => Agent, 'The agent who works them from now on.', OPTIONAL)
  agentId?: string | null;

  @EnumField(supportCaseStatus, 'How they stand from now on.', OPTIONAL)
  status?: SupportCaseStatus | null;

  @ReferenceField(() => Tag, 'A tag to put on them.', OPTIONAL)
  tagId?: string | null;

  @InstantField('Until when they are out of sight.', OPTIONAL)
  snoozedUntil?: string | null;

  @BooleanField('Whether they are merged into the oldest of them, for good; the rest is done to that.', {
    inputOnly: true,
  })
  isMerging?: boolean;

  @ReferenceField(() => Agent, 'The agent who writes; the key when none is given.', OPTIONAL)
  authorId?: string | null;
}

async function bulkDraft(
  ctx: Context,
  one: SupportCase,
  input: BulkUpdateCases,
): Promise<Record<string, unknown>> {
  const { teamId, agentId, status, tagId, authorId } = input;
  const given = Object.entries({ teamId, agentId, status, authorId }).filter(([, value]) => value != null);
  const tagIds = tagId ? [...new Set([...(await tagIdsOf(ctx, one.id)), tagId])] : undefined;
  return { ...Object.fromEntries(given), ...(tagIds && { tagIds }) };
}

/** Changes up to 100 cases in the open transaction, all or none; answers them, the oldest first. Throws INVALID and NOT_FOUND. */
export async function updateCases(
  ctx: Context,
  refs: readonly RowRef[],
  input: object,
): Promise<SupportCase[]> {
  const draft = parseInput(ctx, BulkUpdateCases, 'create', input);
  await checkReferences(ctx, BulkUpdateCases, draft);
  const wanted = draft as BulkUpdateCases;
  if (wanted.tagId) await caseTagsOf(ctx, [wanted.tagId]);
  const merged = wanted.isMerging ? [(await mergeCases(ctx, refs, wanted.authorId)).id] : refs;
  const after: SupportCase[] = [];
  for (const { id } of await lockCases(ctx, merged)) {
    const before = await ctx.repo(SupportCase).get(id);
    const changed = await applyDraft(ctx, before, await bulkDraft(ctx, before, wanted));
    const { snoozedUntil: until, authorId } = wanted;
    const snooze = { until: until ?? null, authorId, field: 'snoozedUntil' };
    after.push(until ? await snoozeCase(ctx, id, snooze) : changed);
  }
  return after;
}
