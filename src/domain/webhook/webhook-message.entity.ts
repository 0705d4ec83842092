import { LogEntity, NounEntity } from '../entity';
import { PositionField, TextField } from '../field';

@NounEntity('The bytes of an event, or of one part of it, in one format; kept once for all webhooks.', {
  name: 'webhookMessage',
  plural: 'webhookMessages',
  label: 'Webhook message',
})
export class WebhookMessage extends LogEntity {
  @PositionField('Cursor of the event in the change log; empty for a test.', {
    nullable: true,
    write: 'never',
  })
  position!: string | null;

  @TextField('The format.', { write: 'never' })
  format!: string;

  @TextField('The part of the event; empty for all of it.', { write: 'never' })
  part!: string;

  @TextField('The body as it is sent; empty when it could not be made.', {
    nullable: true,
    write: 'never',
    filterable: false,
  })
  body!: string | null;

  @TextField('Why the body could not be made.', { nullable: true, write: 'never', filterable: false })
  error!: string | null;
}
