import { GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import { bounceToken } from '../../domain/campaign/bounce';
import { Campaign } from '../../domain/campaign/campaign.entity';
import { campaigns } from '../../domain/campaign/campaign.service';
import { type Decision, decision } from '../../domain/campaign/unknown-recipients';
import { Email } from '../../domain/email/email.entity';
import { emails, SendEmail } from '../../domain/email/email.service';
import { instantScalar } from '../../domain/instant.scalar';
import { operationInput } from '../input';
import { rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument } from './crud.resolver';

const sendInput = operationInput('SendEmailInput', 'E-mail: what to write to whom.', SendEmail);

interface ResolveArguments {
  id: string;
  decision: Decision;
  recipientIds?: string[] | null;
}

/** What sends campaigns and single e-mails, and decides on messages that may have arrived or not. */
export const campaignResolvers = [
  rootField<{ id: string }>({
    kind: 'mutation',
    name: 'sendCampaign',
    type: () => Campaign,
    about:
      'Campaign: sends one now to who is subscribed in its audience, each address once. The error CONFLICT when it was sent already, INVALID when something is missing.',
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => campaigns.send(ctx, id),
  }),
  rootField<{ id: string; at?: string | null }>({
    kind: 'mutation',
    name: 'scheduleCampaign',
    type: () => Campaign,
    about: 'Campaign: sends one at a time to come; without a time it becomes a draft again.',
    args: {
      id: ID_ARGUMENT,
      at: { type: () => instantScalar, about: 'When to send it.', nullable: true },
    },
    resolve: (ctx, { id, at }) => campaigns.schedule(ctx, id, at ?? null),
  }),
  rootField<ResolveArguments>({
    kind: 'mutation',
    name: 'resolveUnknownRecipients',
    type: () => GraphQLInt,
    about:
      'Campaign: decides on messages that may have arrived or not, because a process or a mail server ended in the middle; they are never sent again by themselves. Answers how many were decided on.',
    args: {
      id: { type: () => GraphQLID, about: 'The campaign.' },
      decision: { type: () => decision.graphql, about: 'What becomes of them.' },
      recipientIds: {
        type: () => [GraphQLID],
        about: 'Only these recipients; all of the campaign when not given.',
        nullable: true,
      },
    },
    resolve: (ctx, { id, decision: choice, recipientIds }) =>
      campaigns.resolveUnknown(ctx, id, choice, recipientIds ?? undefined),
  }),
  rootField<Record<never, never>>({
    kind: 'query',
    name: 'mailBouncePath',
    type: () => GraphQLString,
    about:
      'Path below the address of this installation to which bounced mails are posted: delivery status notifications as message/rfc822, or JSON { messageId or recipient, type: hard, soft or complaint, reason }. Who knows it may report bounces.',
    resolve: (ctx) => {
      ctx.require('campaigns:write');
      return `/mail/bounces/${bounceToken(ctx.vault, ctx.account.id)}`;
    },
  }),
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'sendEmail',
    type: () => Email,
    about: 'E-mail: writes one. It is queued, and handed to the mail server a moment later.',
    args: { input: inputArgument(sendInput, 'What to write to whom.') },
    resolve: (ctx, { input }) => emails.send(ctx, input),
  }),
];
