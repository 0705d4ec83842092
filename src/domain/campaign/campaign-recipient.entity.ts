import { Contact } from '../contact/contact.entity';
import { LogEntity, NounEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { EnumField, InstantField, IntField, ReferenceField, TextField } from '../field';
import { BelongsTo } from '../relation';
import { Campaign } from './campaign.entity';

export const recipientStatus = enumeration('CampaignRecipientStatus', 'What became of one message.', {
  pending: 'To be sent, or to be tried again.',
  sending: 'Being handed over.',
  sent: 'Handed over.',
  delivered: 'Known to have arrived.',
  bounced: 'It came back.',
  failed: 'It was refused, could not be written, or was put off too often.',
  unknown:
    'Handed over without an answer: it may have arrived or not. Never sent again unless somebody says so.',
  skipped: 'The contact left, or is not to be written to any more.',
});
/** What became of one message. */
export type RecipientStatus = ValueOf<typeof recipientStatus>;

const NEVER = { write: 'never' } as const;
const EMPTY = { nullable: true, write: 'never' } as const;
const HIDDEN = { nullable: true, write: 'never', hidden: true, filterable: false } as const;

@NounEntity('One address that a campaign goes to.', {
  name: 'campaignRecipient',
  plural: 'campaignRecipients',
  label: 'Campaign recipient',
})
export class CampaignRecipient extends LogEntity {
  @ReferenceField(() => Campaign, 'The campaign.', NEVER)
  campaignId!: string;

  @ReferenceField(() => Contact, 'The contact at the time.', NEVER)
  contactId!: string;

  @TextField('E-mail address or phone number (E.164); once in a campaign.', NEVER)
  address!: string;

  @EnumField(recipientStatus, 'What became of its message.', NEVER)
  status!: RecipientStatus;

  @TextField('Why it failed, bounced, was skipped or is unknown.', { ...EMPTY, filterable: false })
  reason!: string | null;

  @TextField('Message-ID of the e-mail, or id of the SMS message.', EMPTY)
  messageId!: string | null;

  @IntField('Number of times that it was handed over.', NEVER)
  attempts!: number;

  @IntField('Parts that a text was charged for: 160 characters each, 70 where it needs Unicode.', NEVER)
  credits!: number;

  @InstantField('When it was handed over.', EMPTY)
  sentAt!: string | null;

  @InstantField('When it was first opened; nothing is tracked so far.', EMPTY)
  openedAt!: string | null;

  @InstantField('When a link in it was first followed; nothing is tracked so far.', EMPTY)
  clickedAt!: string | null;

  @InstantField('When the contact unsubscribed by it.', EMPTY)
  unsubscribedAt!: string | null;

  @InstantField('When it may be taken; while it is held, until when.', HIDDEN)
  dueAt!: string | null;

  @TextField('Who holds it.', HIDDEN)
  leaseId!: string | null;

  @BelongsTo(() => Campaign, 'campaignId', 'The campaign; empty when it was deleted.', { nullable: true })
  campaign?: Campaign | null;

  @BelongsTo(() => Contact, 'contactId', 'The contact; empty when it was deleted.', { nullable: true })
  contact?: Contact | null;
}
