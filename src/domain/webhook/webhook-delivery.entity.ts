import { LogEntity, NounEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import {
  BooleanField,
  EnumField,
  IdField,
  InstantField,
  IntField,
  PositionField,
  ReferenceField,
  TextField,
} from '../field';
import { BelongsTo, HasMany } from '../relation';
import { Webhook } from './webhook.entity';
import { WebhookAttempt } from './webhook-attempt.entity';
import { WebhookMessage } from './webhook-message.entity';

export const deliveryStatus = enumeration('WebhookDeliveryStatus', 'What became of a delivery.', {
  pending: 'Waits for its first or next attempt.',
  delivered: 'The endpoint has taken it.',
  failed: 'Given up.',
  cancelled: 'The webhook was switched off, disabled or deleted before it arrived.',
});
/** What became of a delivery. */
export type DeliveryStatus = ValueOf<typeof deliveryStatus>;

@NounEntity('One event on its way to one webhook.', {
  name: 'webhookDelivery',
  plural: 'webhookDeliveries',
  label: 'Webhook delivery',
  verbs: { retried: 'was begun anew' },
})
export class WebhookDelivery extends LogEntity {
  @ReferenceField(() => Webhook, 'The webhook.', { write: 'never' })
  webhookId!: string;

  @ReferenceField(
    () => WebhookMessage,
    'What is sent; the webhook-id is `evt_`, the position, `_` and this id; of a test `msg_` and this id.',
    {
      write: 'never',
    },
  )
  messageId!: string;

  @TextField('Name of the event.', { write: 'never' })
  event!: string;

  @IdField('The record that the event is about.', { write: 'never' })
  subjectId!: string;

  @PositionField('Cursor of the event in the change log; empty for a test.', {
    nullable: true,
    write: 'never',
  })
  position!: string | null;

  @PositionField('Cursor of the event before it of the same record; empty for the first one that is kept.', {
    nullable: true,
    write: 'never',
  })
  previousPosition!: string | null;

  @EnumField(deliveryStatus, 'What became of it.', { write: 'never' })
  status!: DeliveryStatus;

  @IntField('Number of attempts so far.', { write: 'never' })
  attemptCount!: number;

  @IntField('Number of attempts since it was last begun.', {
    write: 'never',
    hidden: true,
    filterable: false,
  })
  retryStep!: number;

  @InstantField('When it is tried next; later where an earlier event of the record is not finished.', {
    nullable: true,
    write: 'never',
  })
  nextAttemptAt!: string | null;

  @InstantField('When the endpoint took it.', { nullable: true, write: 'never' })
  deliveredAt!: string | null;

  @BooleanField('Whether it is a repetition that was asked for.', { write: 'never' })
  isReplay!: boolean;

  @BooleanField('Whether it is a test.', { write: 'never' })
  isTest!: boolean;

  @BelongsTo(() => Webhook, 'webhookId', 'The webhook; empty when it was deleted.', { nullable: true })
  webhook?: Webhook | null;

  @BelongsTo(() => WebhookMessage, 'messageId', 'What is sent.')
  message?: WebhookMessage;

  @HasMany(() => WebhookAttempt, 'deliveryId', 'The attempts, newest first.')
  attempts?: WebhookAttempt[];
}
