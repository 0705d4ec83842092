import { Contact } from '../contact/contact.entity';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import { IntField, TextField } from '../field';
import { parseInput } from '../input';
import { actorAuthor, authorOf, contactAuthor } from './case-author';
import { changeCase } from './case-change';
import { SupportCase } from './support-case.entity';

/** How a case is rated. */
export class RateCase {
  @IntField('From 1 (bad) to 5 (good).', { inputOnly: true, required: true, min: 1, max: 5 })
  rating!: number;

  @TextField('What is said of it.', { inputOnly: true, nullable: true, max: 10_000 })
  feedback?: string | null;
}

/** Says whether the contact of a case may be asked for feedback, in the open transaction. */
export async function wantFeedback(
  ctx: Context,
  id: RowRef,
  isFeedbackWanted: boolean,
  authorId?: RowRef | null,
): Promise<SupportCase> {
  const before = await ctx.repo(SupportCase).lock(id);
  const author = await authorOf(ctx, authorId);
  if (before.isFeedbackWanted === isFeedbackWanted) return before;
  const title = isFeedbackWanted ? 'May be asked for' : 'Not to be asked for';
  return changeCase(ctx, before, {
    ...{ author, entries: [{ kind: 'feedback', title }] },
    values: { isFeedbackWanted, ...(!isFeedbackWanted && { feedbackSendAt: null }) },
  });
}

/**
 * Asks the contact of a case for feedback now, in the open transaction; the e-mail is on its way a moment later.
 * Throws INVALID for a contact without an e-mail address.
 */
export async function requestFeedback(
  ctx: Context,
  id: RowRef,
  authorId?: RowRef | null,
): Promise<SupportCase> {
  const before = await ctx.repo(SupportCase).lock(id);
  const contact = before.contactId ? await ctx.repo(Contact).find(before.contactId) : undefined;
  if (!contact?.email)
    throw invalid({ contactId: ['The case has no contact with an e-mail address to ask.'] });
  const now = ctx.instant();
  return changeCase(ctx, before, {
    author: await authorOf(ctx, authorId),
    values: { isFeedbackWanted: true, feedbackRequestedAt: now, feedbackSendAt: now },
    entries: [{ kind: 'feedback', title: 'Asked for' }],
  });
}

/** Writes down how a case is rated, in the open transaction; `isContact` tells that its contact says so. Throws INVALID. */
export async function rateCase(
  ctx: Context,
  id: RowRef,
  input: object,
  { isContact = false }: { isContact?: boolean } = {},
): Promise<SupportCase> {
  const { rating, feedback } = parseInput(ctx, RateCase, 'create', input) as unknown as RateCase;
  const before = await ctx.repo(SupportCase).lock(id);
  const contact = isContact && before.contactId ? await ctx.repo(Contact).find(before.contactId) : undefined;
  return changeCase(ctx, before, {
    author: contact ? contactAuthor(contact) : actorAuthor(ctx),
    values: { rating, feedback: feedback || null, ratedAt: ctx.instant() },
    entries: [{ kind: 'feedback', title: `Rated ${rating} of 5`, body: feedback ?? '' }],
    verbs: ['rated'],
  });
}
