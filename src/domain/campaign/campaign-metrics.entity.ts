import { LogEntity, NounEntity } from '../entity';
import { FloatField, IntField } from '../field';

const NEVER = { write: 'never' } as const;

/** A view on the recipients, a row for each campaign under the campaign's id; who may read campaigns may read it. */
@NounEntity('The numbers of a campaign, counted from its recipients.', {
  name: 'campaignMetrics',
  plural: 'campaigns',
  label: 'Campaign metrics',
  isPart: true,
})
export class CampaignMetrics extends LogEntity {
  @IntField('Addresses that it goes to.', NEVER)
  recipients!: number;

  @IntField('Those whose turn is still to come or has just come.', NEVER)
  pending!: number;

  @IntField('Messages that were handed over, those that came back included.', NEVER)
  sent!: number;

  @IntField('Messages that were handed over and did not come back.', NEVER)
  delivered!: number;

  @IntField('Messages that were opened; 0, nothing is tracked so far.', NEVER)
  opened!: number;

  @IntField('Messages with a link that was followed; 0, nothing is tracked so far.', NEVER)
  clicked!: number;

  @IntField('Messages that came back.', NEVER)
  bounced!: number;

  @IntField('Contacts who unsubscribed by it.', NEVER)
  unsubscribed!: number;

  @IntField('Messages that were refused, could not be written, or were put off too often.', NEVER)
  failed!: number;

  @IntField('Messages that may have arrived or not; see resolveUnknownRecipients.', NEVER)
  unknown!: number;

  @IntField('Contacts who left, or were not to be written to any more, before their turn.', NEVER)
  skipped!: number;

  @FloatField('Opened ones among the delivered, from 0 to 1.', NEVER)
  openRate!: number;

  @FloatField('Clicked ones among the delivered, from 0 to 1.', NEVER)
  clickRate!: number;

  @IntField('Parts of texts that were charged.', NEVER)
  creditsUsed!: number;
}
