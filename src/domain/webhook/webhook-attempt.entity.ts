import { LogEntity, NounEntity } from '../entity';
import { IntField, JsonField, ReferenceField, TextField } from '../field';
import { BelongsTo } from '../relation';
import { WebhookDelivery } from './webhook-delivery.entity';

@NounEntity('One try to send a delivery.', {
  name: 'webhookAttempt',
  plural: 'webhookAttempts',
  label: 'Webhook attempt',
})
export class WebhookAttempt extends LogEntity {
  @ReferenceField(() => WebhookDelivery, 'The delivery.', { write: 'never' })
  deliveryId!: string;

  @IntField('Which attempt it was, from 1.', { write: 'never' })
  attempt!: number;

  @IntField('The HTTP status of the answer; empty when there was none.', { nullable: true, write: 'never' })
  statusCode!: number | null;

  @JsonField('Headers of the answer, the first 8 KiB of them.', { nullable: true, write: 'never' })
  responseHeaders!: Record<string, string> | null;

  @TextField('Start of the body of the answer, at most 1,000 characters.', {
    nullable: true,
    write: 'never',
    filterable: false,
  })
  responseBody!: string | null;

  @IntField('Milliseconds from the start to the answer or the failure.', { write: 'never' })
  durationMs!: number;

  @TextField('Why it failed.', { nullable: true, write: 'never', filterable: false })
  error!: string | null;

  @BelongsTo(() => WebhookDelivery, 'deliveryId', 'The delivery.')
  delivery?: WebhookDelivery;
}
