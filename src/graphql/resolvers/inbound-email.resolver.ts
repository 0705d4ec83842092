import { GraphQLID, GraphQLString } from 'graphql';
import type { Context } from '../../domain/context';
import { InboundEmail } from '../../domain/email/inbound-email.entity';
import { CaseOfEmail, inboundEmails } from '../../domain/email/inbound-email.service';
import { inboundToken } from '../../domain/email/inbound-link';
import type { UnassignedQuery } from '../../domain/email/inbound-queue';
import type { PageRequest } from '../../domain/page';
import { SupportCase } from '../../domain/support-case/support-case.entity';
import { connectionOf } from '../connection';
import { operationInput } from '../input';
import { type RootArgument, rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument, pageArguments } from './crud.resolver';

const caseInput = operationInput(
  'CaseOfEmailInput',
  'Inbound e-mail: the case that is made of one.',
  CaseOfEmail,
);

const { filter: _filter, sort: _sort, ...pages } = pageArguments(InboundEmail);

const part = (about: string): RootArgument => ({ type: () => GraphQLString, about, nullable: true });

function settled(name: string, about: string, change: (ctx: Context, id: string) => Promise<InboundEmail>) {
  return rootField<{ id: string }>({
    ...{ kind: 'mutation', name, about: `Inbound e-mail: ${about}`, type: () => InboundEmail },
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => change(ctx, id),
  });
}

/** What is done with e-mails that came in. */
export const inboundEmailResolvers = [
  rootField<UnassignedQuery & Omit<PageRequest, 'filter' | 'sort'>>({
    kind: 'query',
    name: 'unassignedEmails',
    type: () => connectionOf(InboundEmail),
    about: 'E-mails that came in and nobody has taken, the newest first, page by page.',
    args: {
      from: part('A part of the sender’s address or name.'),
      subject: part('A part of the subject.'),
      content: part('A part of the text.'),
      ...pages,
    },
    resolve: (ctx, { from, subject, content, ...request }) =>
      inboundEmails.unassigned(ctx, { from, subject, content }, request),
  }),
  rootField<Record<never, never>>({
    kind: 'query',
    name: 'mailInboundPath',
    type: () => GraphQLString,
    about:
      'Path below the address of this installation to which mails that came in are posted as message/rfc822. Who knows it may bring mails.',
    resolve: (ctx) => {
      ctx.require('inboundEmails:write');
      return `/mail/inbound/${inboundToken(ctx.vault, ctx.account.id)}`;
    },
  }),
  rootField<{ id: string; caseId: string }>({
    kind: 'mutation',
    name: 'assignEmail',
    type: () => InboundEmail,
    about: 'Inbound e-mail: puts one that nobody has taken into the history of a case, which is NEW again.',
    args: { id: ID_ARGUMENT, caseId: { type: () => GraphQLID, about: 'The case.' } },
    resolve: (ctx, { id, caseId }) => inboundEmails.assign(ctx, id, caseId),
  }),
  rootField<{ id: string; input: object }>({
    kind: 'mutation',
    name: 'createCaseOfEmail',
    type: () => SupportCase,
    about: 'Inbound e-mail: makes a case of one that nobody has taken; its sender is the contact.',
    args: { id: ID_ARGUMENT, input: inputArgument(caseInput, 'Where the case goes.') },
    resolve: (ctx, { id, input }) => inboundEmails.toCase(ctx, id, input),
  }),
  settled('closeEmail', 'nothing is to be done about one.', inboundEmails.close),
  settled('markEmailAsSpam', 'nobody wanted one.', inboundEmails.markSpam),
  settled('reopenEmail', 'puts one back among those that nobody has taken.', inboundEmails.reopen),
];
