import { GraphQLBoolean, GraphQLInt, GraphQLString } from 'graphql';
import { Webhook } from '../../domain/webhook/webhook.entity';
import { webhooks } from '../../domain/webhook/webhook.service';
import { WebhookDelivery } from '../../domain/webhook/webhook-delivery.entity';
import { webhookDeliveries } from '../../domain/webhook/webhook-delivery.service';
import { REPLAY_MAX, type ReplayRange } from '../../domain/webhook/webhook-replay';
import { createInputOf } from '../input';
import { makeObject } from '../made-type';
import { rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument } from './crud.resolver';

const issuedWebhook = makeObject(
  'IssuedWebhook',
  'A webhook, at the one moment that its secret can be read.',
  {
    webhook: { type: () => Webhook, about: 'What is kept of it.' },
    secret: {
      type: () => GraphQLString,
      about: 'What deliveries are signed with, as it was chosen or as `whsec_…`; never shown again.',
    },
  },
);

const replayResult = makeObject('ReplayWebhookResult', 'What a replay has queued.', {
  deliveryCount: { type: () => GraphQLInt, about: 'Number of deliveries that were queued.' },
  endCursor: { type: () => GraphQLString, about: 'The next `since` when the stretch is not complete.' },
  isComplete: { type: () => GraphQLBoolean, about: 'Whether all of the stretch was looked at.' },
});

/** What webhooks have beyond the usual operations: secrets, repetitions and tests. */
export const webhookResolvers = [
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'createWebhook',
    type: () => issuedWebhook,
    about: 'Webhook: makes one and shows its secret, this once.',
    args: { input: inputArgument(createInputOf(Webhook)) },
    resolve: (ctx, { input }) => webhooks.create(ctx, input),
  }),
  rootField<{ id: string; overlapHours: number }>({
    kind: 'mutation',
    name: 'rotateWebhookSecret',
    type: () => issuedWebhook,
    about: 'Webhook: gives one a new secret; the old one signs beside it for a while.',
    args: {
      id: ID_ARGUMENT,
      overlapHours: { type: () => GraphQLInt, about: 'For how many hours, at most 720.', defaultValue: 24 },
    },
    resolve: (ctx, { id, overlapHours }) => webhooks.rotateSecret(ctx, id, { overlapHours }),
  }),
  rootField<{ id: string } & ReplayRange>({
    kind: 'mutation',
    name: 'replayWebhook',
    type: () => replayResult,
    about: `Webhook: sends again what it would have got in a stretch of the change log, at most ${REPLAY_MAX} events a call.`,
    args: {
      id: ID_ARGUMENT,
      since: {
        type: () => GraphQLString,
        about: 'A point in time, or a cursor of the log: what follows it.',
      },
      until: {
        type: () => GraphQLString,
        about: 'A point in time, or a cursor of the log; up to now when not given.',
        nullable: true,
      },
    },
    resolve: (ctx, { id, since, until }) => webhooks.replay(ctx, id, { since, until: until ?? null }),
  }),
  rootField<{ id: string }>({
    kind: 'mutation',
    name: 'testWebhook',
    type: () => WebhookDelivery,
    about: 'Webhook: sends the event webhook.test now, once, also to one that is switched off.',
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => webhooks.test(ctx, id),
  }),
  rootField<{ id: string }>({
    kind: 'mutation',
    name: 'retryDelivery',
    type: () => WebhookDelivery,
    about: 'Webhook delivery: sends one now, whatever became of it, and begins its schedule anew.',
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => webhookDeliveries.retry(ctx, id),
  }),
];
