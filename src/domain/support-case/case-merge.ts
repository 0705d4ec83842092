import { Chat } from '../chat/chat.entity';
import type { Context } from '../context';
import { InboundEmail } from '../email/inbound-email.entity';
import type { RowRef } from '../entity';
import { DomainError, invalid } from '../error';
import { changesBetween, rowEvent } from '../event';
import { tableOf } from '../table';
import { notOwn } from '../view';
import { authorOf } from './case-author';
import { changeCase } from './case-change';
import { CaseEntry } from './case-entry.entity';
import { statusStep } from './case-status.rules';
import { setCaseTags, tagIdsOf } from './case-tags';
import { SupportCase } from './support-case.entity';

/** Most cases of one merge or bulk change. */
const CASES_MAX = 100;

/** The cases, locked in one order for all and answered in that: the oldest first. Throws INVALID, NOT_FOUND and FORBIDDEN. */
export async function lockCases(ctx: Context, refs: readonly RowRef[]): Promise<SupportCase[]> {
  if (refs.length === 0 || refs.length > CASES_MAX) {
    throw invalid({ ids: [`Give 1 to ${CASES_MAX} cases, not ${refs.length}.`] });
  }
  const idsByRef = await ctx.repo(SupportCase).idsByRef([...refs]);
  const others = await ctx.repo(SupportCase).othersAmong(refs.filter((ref) => !idsByRef.has(ref)));
  const other = refs.findIndex((ref) => others.has(ref));
  if (other >= 0) throw notOwn('Support case', `ids.${other}`);
  const missing = refs.flatMap((ref, at) =>
    idsByRef.has(ref) ? [] : [[`ids.${at}`, ['Support case not found']]],
  );
  if (missing.length > 0) {
    throw new DomainError('NOT_FOUND', 'Support case not found', { fields: Object.fromEntries(missing) });
  }
  const cases: SupportCase[] = [];
  for (const id of [...new Set(idsByRef.values())].sort()) cases.push(await ctx.repo(SupportCase).lock(id));
  return cases;
}

/** What belongs to a case and goes along with it. */
const OWNED = [CaseEntry, InboundEmail, Chat];

/** Moves what belongs to the cases to another, each with its event. */
async function moveOwned(ctx: Context, from: string[], to: string): Promise<void> {
  for (const entity of OWNED) {
    const { name, selectList } = tableOf(entity);
    const before = await ctx.query<CaseEntry & Record<string, unknown>>(
      `select ${selectList} from ${name} where "account_id" = $1 and "case_id" = any($2) order by "id" for update`,
      [ctx.account.id, from],
    );
    await ctx.query(
      `update ${name} set "case_id" = $3, "updated_at" = $4 where "account_id" = $1 and "case_id" = any($2)`,
      [ctx.account.id, from, to, ctx.instant()],
    );
    await ctx.emit(
      ...before.map((row) => {
        const after = { ...row, caseId: to, updatedAt: ctx.instant() };
        return rowEvent(entity, 'updated', after, changesBetween({ caseId: row.caseId }, { caseId: to }));
      }),
    );
  }
}

/** That a case went into another: closed, and pointing there. */
async function leave(
  ctx: Context,
  one: SupportCase,
  target: SupportCase,
  authorId?: RowRef | null,
): Promise<void> {
  const step = statusStep(one, 'closed', ctx.instant());
  await changeCase(ctx, one, {
    author: await authorOf(ctx, authorId),
    values: { ...step.values, mergedIntoId: target.id, snoozedUntil: null, feedbackSendAt: null },
    entries: [{ kind: 'merge', title: `Merged into ${target.caseNumber}` }, ...step.entries],
    verbs: ['merged', ...step.verbs],
  });
}

/**
 * Merges cases into the oldest of them, for good, in the open transaction: history, tags, e-mails and chats go there,
 * the others are closed and point there. Throws INVALID for fewer than two, CONFLICT for one that was merged already.
 */
export async function mergeCases(
  ctx: Context,
  refs: readonly RowRef[],
  authorId?: RowRef | null,
): Promise<SupportCase> {
  const [target, ...others] = await lockCases(ctx, refs);
  if (!target || others.length === 0) throw invalid({ ids: ['Give at least two cases to merge.'] });
  const merged = [target, ...others].find(({ mergedIntoId }) => mergedIntoId);
  if (merged) throw new DomainError('CONFLICT', `Case ${merged.caseNumber} was merged into another already.`);
  const ids = others.map(({ id }) => id);
  await moveOwned(ctx, ids, target.id);
  const tagIds = [...(await tagIdsOf(ctx, target.id))];
  for (const id of ids) {
    tagIds.push(...(await tagIdsOf(ctx, id)));
    await setCaseTags(ctx, id, []);
  }
  const tags = await setCaseTags(ctx, target.id, [...new Set(tagIds)]);
  for (const one of others) await leave(ctx, one, target, authorId);
  return changeCase(ctx, target, {
    author: await authorOf(ctx, authorId),
    values: { contactId: target.contactId ?? others.find((one) => one.contactId)?.contactId ?? null },
    entries: [{ kind: 'merge', title: `Took in ${others.map(({ caseNumber }) => caseNumber).join(', ')}` }],
    ...{ verbs: ['merged'], joined: tags.changes },
  });
}
