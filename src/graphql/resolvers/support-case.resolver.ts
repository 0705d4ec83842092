import { GraphQLBoolean, GraphQLID, GraphQLString } from 'graphql';
import type { Context } from '../../domain/context';
import { instantScalar } from '../../domain/instant.scalar';
import type { PageRequest } from '../../domain/page';
import { BulkUpdateCases } from '../../domain/support-case/case-bulk';
import { RateCase } from '../../domain/support-case/case-feedback';
import { AddCaseNote } from '../../domain/support-case/case-note';
import { ReplyToCase } from '../../domain/support-case/case-reply';
import { SupportCase } from '../../domain/support-case/support-case.entity';
import { supportCases } from '../../domain/support-case/support-case.service';
import { connectionOf } from '../connection';
import { operationInput } from '../input';
import { type RootArgument, rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument, pageArguments } from './crud.resolver';

const noteInput = operationInput('AddCaseNoteInput', 'Support case: a note on one.', AddCaseNote);
const replyInput = operationInput('ReplyToCaseInput', 'Support case: an answer by e-mail.', ReplyToCase);
const rateInput = operationInput('RateCaseInput', 'Support case: how one is rated.', RateCase);
const bulkInput = operationInput(
  'BulkUpdateCasesInput',
  'Support case: what is to become of several.',
  BulkUpdateCases,
);

const IDS: RootArgument = { type: () => [GraphQLID], about: 'Their identifiers, at most 100.' };
const TAG_ID: RootArgument = { type: () => GraphQLID, about: 'The tag, one of cases.' };
const AUTHOR_ID: RootArgument = {
  type: () => GraphQLID,
  about: 'The agent who does it; the key when none is given.',
  nullable: true,
};

interface Named {
  id: string;
  authorId?: string | null;
}

/** A change of one case that is written by an input. */
function written(
  name: string,
  about: string,
  input: ReturnType<typeof operationInput>,
  change: (ctx: Context, id: string, input: object) => Promise<SupportCase>,
) {
  return rootField<{ id: string; input: object }>({
    ...{ kind: 'mutation', name, about: `Support case: ${about}`, type: () => SupportCase },
    args: { id: ID_ARGUMENT, input: inputArgument(input) },
    resolve: (ctx, { id, input: values }) => change(ctx, id, values),
  });
}

/** A change of one case that needs no more than its name. */
function plain(
  name: string,
  about: string,
  change: (ctx: Context, id: string, by: { authorId?: string | null }) => Promise<SupportCase>,
) {
  return rootField<Named>({
    ...{ kind: 'mutation', name, about: `Support case: ${about}`, type: () => SupportCase },
    args: { id: ID_ARGUMENT, authorId: AUTHOR_ID },
    resolve: (ctx, { id, authorId }) => change(ctx, id, { authorId }),
  });
}

/** Putting a tag on a case, or taking it off. */
function tagged(name: string, about: string, change: typeof supportCases.tag) {
  return rootField<Named & { tagId: string }>({
    ...{ kind: 'mutation', name, about: `Support case: ${about}`, type: () => SupportCase },
    args: { id: ID_ARGUMENT, tagId: TAG_ID, authorId: AUTHOR_ID },
    resolve: (ctx, { id, tagId, authorId }) => change(ctx, id, tagId, { authorId }),
  });
}

/** What is done with support cases beyond the usual operations. */
export const supportCaseResolvers = [
  rootField<{ text: string } & PageRequest>({
    kind: 'query',
    name: 'searchSupportCases',
    type: () => connectionOf(SupportCase),
    about:
      'Support cases that have every word of a text in their number, summary, details or history, page by page. A word counts when a word begins with it.',
    args: { text: { type: () => GraphQLString, about: 'The words.' }, ...pageArguments(SupportCase) },
    resolve: (ctx, { text, ...request }) => supportCases.searchPage(ctx, text, request),
  }),
  rootField<{ caseNumber: string }>({
    kind: 'query',
    name: 'supportCaseByNumber',
    type: () => SupportCase,
    about: 'Support case by what people call it, such as BCDF1234; the error NOT_FOUND when there is none.',
    args: { caseNumber: { type: () => GraphQLString, about: 'Its case number.' } },
    resolve: (ctx, { caseNumber }) => supportCases.byCaseNumber(ctx, caseNumber),
  }),
  written('addCaseNote', 'writes a note or a call into the history of one.', noteInput, supportCases.addNote),
  written(
    'replyToCase',
    'answers one by e-mail. It is OPEN from then on, unless the input says otherwise.',
    replyInput,
    supportCases.reply,
  ),
  written('rateCase', 'writes down how one is rated.', rateInput, supportCases.rate),
  tagged('tagCase', 'puts a tag on one.', supportCases.tag),
  tagged('untagCase', 'takes a tag off one.', supportCases.untag),
  rootField<Named & { until?: string | null }>({
    kind: 'mutation',
    name: 'snoozeCase',
    type: () => SupportCase,
    about: 'Support case: puts one out of sight until a time to come; without a time it is back.',
    args: {
      id: ID_ARGUMENT,
      until: { type: () => instantScalar, about: 'Until when.', nullable: true },
      authorId: AUTHOR_ID,
    },
    resolve: (ctx, { id, until, authorId }) =>
      supportCases.snooze(ctx, id, { until: until ?? null, authorId }),
  }),
  rootField<{ ids: string[]; authorId?: string | null }>({
    kind: 'mutation',
    name: 'mergeCases',
    type: () => SupportCase,
    about:
      'Support case: merges two or more into the oldest of them, for good. History, tags, e-mails and chats go there; the others are closed and point to it.',
    args: { ids: IDS, authorId: AUTHOR_ID },
    resolve: (ctx, { ids, authorId }) => supportCases.merge(ctx, ids, { authorId }),
  }),
  rootField<{ ids: string[]; input: object }>({
    kind: 'mutation',
    name: 'bulkUpdateCases',
    type: () => [SupportCase],
    about: 'Support case: changes up to 100 of them, all or none, and answers them, the oldest first.',
    args: { ids: IDS, input: inputArgument(bulkInput) },
    resolve: (ctx, { ids, input }) => supportCases.updateMany(ctx, ids, input),
  }),
  rootField<Named & { isWanted: boolean }>({
    kind: 'mutation',
    name: 'setCaseFeedbackWanted',
    type: () => SupportCase,
    about: 'Support case: says whether the contact of one may be asked for feedback.',
    args: {
      id: ID_ARGUMENT,
      isWanted: { type: () => GraphQLBoolean, about: 'Whether.' },
      authorId: AUTHOR_ID,
    },
    resolve: (ctx, { id, isWanted, authorId }) =>
      supportCases.setFeedbackWanted(ctx, id, isWanted, { authorId }),
  }),
  plain('requestCaseFeedback', 'asks the contact of one for feedback now.', supportCases.requestFeedback),
];
