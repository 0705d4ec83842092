import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { notFound } from '../error';
import type { Page, PageRequest } from '../page';
import { type BulkUpdateCases, updateCases } from './case-bulk';
import { type CreateCaseOptions, createCase } from './case-create';
import { CaseEntry } from './case-entry.entity';
import { rateCase, requestFeedback, wantFeedback } from './case-feedback';
import { mergeCases } from './case-merge';
import { addCaseNote } from './case-note';
import { type CaseRecord, type CaseWithHistory, caseRecordsOf, historyOf } from './case-records';
import { replyToCase } from './case-reply';
import { type CaseQuery, searchCases } from './case-search';
import { type SnoozeInput, snoozeCase } from './case-snooze';
import { caseTagsOf, tagIdsOf } from './case-tags';
import { applyDraft, updateCase } from './case-update';
import { SupportCase } from './support-case.entity';

const base: Crud<SupportCase> = crud(SupportCase);

/** Entries of histories; they are written with the change that they tell of, and never change. */
export const caseEntries: Pick<Crud<CaseEntry>, 'get' | 'page'> = crud(CaseEntry);

/** Throws FORBIDDEN unless the key may write cases, or just do this part of it. */
function requireWrite(ctx: Context, part: 'create' | 'update'): void {
  if (!ctx.can(`supportCases:${part}`)) ctx.require('supportCases:write');
}

/** Runs a change of cases in one transaction, for keys that may. */
async function change<T>(ctx: Context, work: (tx: Context) => Promise<T>): Promise<T> {
  requireWrite(ctx, 'update');
  return ctx.transaction(work);
}

/** Which agent does something; the key or the program when none is named. */
interface By {
  authorId?: RowRef | null;
}

/** Support cases. Every change writes its entry of the history and its events in the same transaction. */
export const supportCases = {
  get: base.get,
  page: base.page,
  delete: base.delete,

  /** Makes a case; one agent of the team gets it. Throws INVALID and NOT_FOUND. */
  async create(
    ctx: Context,
    input: object,
    options: Pick<CreateCaseOptions, 'isAgentLoose'> = {},
  ): Promise<SupportCase> {
    requireWrite(ctx, 'create');
    return ctx.transaction((tx) => createCase(tx, input, options));
  },

  /** Changes a case; status, team and agent included. Throws INVALID and NOT_FOUND. */
  update: (ctx: Context, id: RowRef, input: object): Promise<SupportCase> =>
    change(ctx, (tx) => updateCase(tx, id, input)),

  /** Changes up to 100 cases, all or none; answers them, the oldest first. */
  updateMany: (
    ctx: Context,
    ids: readonly RowRef[],
    input: Partial<BulkUpdateCases>,
  ): Promise<SupportCase[]> => change(ctx, (tx) => updateCases(tx, ids, input)),

  /** Writes a note or a call down. */
  addNote: (ctx: Context, id: RowRef, input: object): Promise<SupportCase> =>
    change(ctx, (tx) => addCaseNote(tx, id, input)),

  /** Answers by e-mail. */
  reply: (ctx: Context, id: RowRef, input: object): Promise<SupportCase> =>
    change(ctx, (tx) => replyToCase(tx, id, input)),

  /** Puts a tag of cases on it; nothing when it has it. Throws NOT_FOUND. */
  tag: (ctx: Context, id: RowRef, tagId: RowRef, by: By = {}): Promise<SupportCase> =>
    change(ctx, async (tx) => {
      const before = await tx.repo(SupportCase).lock(id);
      const [tag] = await caseTagsOf(tx, [tagId]);
      const tagIds = [...new Set([...(await tagIdsOf(tx, before.id)), tag?.id])];
      return applyDraft(tx, before, { ...by, tagIds });
    }),

  /** Takes a tag off; nothing when it does not have it. Throws NOT_FOUND. */
  untag: (ctx: Context, id: RowRef, tagId: RowRef, by: By = {}): Promise<SupportCase> =>
    change(ctx, async (tx) => {
      const before = await tx.repo(SupportCase).lock(id);
      const [tag] = await caseTagsOf(tx, [tagId]);
      const tagIds = (await tagIdsOf(tx, before.id)).filter((one) => one !== tag?.id);
      return applyDraft(tx, before, { ...by, tagIds });
    }),

  /** Puts a case out of sight until a time to come; null brings it back. */
  snooze: (ctx: Context, id: RowRef, input: SnoozeInput): Promise<SupportCase> =>
    change(ctx, (tx) => snoozeCase(tx, id, input)),

  /** Merges cases into the oldest of them, for good, and answers that. */
  merge: (ctx: Context, ids: readonly RowRef[], { authorId }: By = {}): Promise<SupportCase> =>
    change(ctx, (tx) => mergeCases(tx, ids, authorId)),

  /** Says whether the contact may be asked for feedback. */
  setFeedbackWanted: (
    ctx: Context,
    id: RowRef,
    isWanted: boolean,
    { authorId }: By = {},
  ): Promise<SupportCase> => change(ctx, (tx) => wantFeedback(tx, id, isWanted, authorId)),

  /** Asks the contact for feedback now. */
  requestFeedback: (ctx: Context, id: RowRef, { authorId }: By = {}): Promise<SupportCase> =>
    change(ctx, (tx) => requestFeedback(tx, id, authorId)),

  /** Writes down how the case is rated, from 1 to 5. */
  rate: (ctx: Context, id: RowRef, input: object): Promise<SupportCase> =>
    change(ctx, (tx) => rateCase(tx, id, input)),

  /** The case of a number such as BCDF1234, upper and lower case alike. Throws NOT_FOUND. */
  async byCaseNumber(ctx: Context, caseNumber: string): Promise<SupportCase> {
    ctx.require('supportCases:read');
    const found = await ctx.repo(SupportCase).findBy({ caseNumber: caseNumber.toUpperCase() });
    if (!found) throw notFound('Support case');
    return found;
  },

  /** One page of the cases that have every word of a text in number, summary, details or history. */
  searchPage: (ctx: Context, text: string, request: PageRequest = {}): Promise<Page<SupportCase>> =>
    base.page(ctx, {
      ...request,
      filter: { and: [...(request.filter ? [request.filter] : []), { words: { matches: text } }] },
    }),

  /** Cases of a query by offset, with team, agent, contact and tags. Throws INVALID. */
  async search(ctx: Context, query: CaseQuery): Promise<CaseRecord[]> {
    ctx.require('supportCases:read');
    return caseRecordsOf(ctx, await searchCases(ctx, query));
  },

  /** Cases with team, agent, contact and tags. */
  records: caseRecordsOf,

  /** The case with team, agent, contact and tags. Throws NOT_FOUND. */
  async record(ctx: Context, id: RowRef): Promise<CaseRecord> {
    const [record] = await caseRecordsOf(ctx, [await base.get(ctx, id)]);
    return record as CaseRecord;
  },

  /** The case with its whole history, oldest first. Throws NOT_FOUND. */
  async withHistory(ctx: Context, id: RowRef): Promise<CaseWithHistory> {
    const record = await this.record(ctx, id);
    return { ...record, entries: await historyOf(ctx, record.id) };
  },
};
