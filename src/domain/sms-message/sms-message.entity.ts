import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { EnumField, InstantField, PhoneField, ReferenceField, TextField } from '../field';
import { Lead } from '../lead/lead.entity';
import { hasOwnLead } from '../lead/lead.rules';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import { BelongsTo } from '../relation';

/** Most characters of a text, after its placeholders are filled in. */
export const SMS_MAX = 1600;

export const smsDirection = enumeration('SmsDirection', 'Who wrote a text to whom.', {
  outbound: 'The account wrote to the lead.',
  inbound: 'The lead wrote.',
});
/** Who wrote a text to whom. */
export type SmsDirection = ValueOf<typeof smsDirection>;

export const smsStatus = enumeration('SmsStatus', 'How far a text has come.', {
  queued: 'To be handed over in a moment.',
  sent: 'Handed over to be sent.',
  failed: 'It could not be handed over.',
  received: 'It came from the lead.',
});
/** How far a text has come. */
export type SmsStatus = ValueOf<typeof smsStatus>;

@NounEntity('A text message between the account and a lead.', {
  name: 'smsMessage',
  plural: 'smsMessages',
  label: 'SMS message',
  agentSees: (agent) => hasOwnLead('sms_message', agent),
})
export class SmsMessage extends TenantEntity {
  @ReferenceField(() => Lead, 'The lead.', { write: 'never' })
  leadId!: string;

  @ReferenceField(() => PhoneNumber, 'The account’s number.', { write: 'never' })
  phoneNumberId!: string;

  @PhoneField('The lead’s number at the time (E.164).', { write: 'never' })
  phone!: string;

  @TextField('The text, its placeholders filled in.', { write: 'never', max: SMS_MAX })
  body!: string;

  @EnumField(smsDirection, 'Who wrote to whom.', { write: 'never' })
  direction!: SmsDirection;

  @EnumField(smsStatus, 'How far it has come.', { write: 'never' })
  status!: SmsStatus;

  @TextField('Why it failed.', { nullable: true, write: 'never', filterable: false })
  errorMessage!: string | null;

  @InstantField('When it was handed over.', { nullable: true, write: 'never' })
  sentAt!: string | null;

  @InstantField('When it is to be handed over.', {
    nullable: true,
    write: 'never',
    hidden: true,
    filterable: false,
  })
  sendAt!: string | null;

  @BelongsTo(() => Lead, 'leadId', 'The lead; empty when it was deleted.', { nullable: true })
  lead?: Lead | null;

  @BelongsTo(() => PhoneNumber, 'phoneNumberId', 'The account’s number; empty when it was deleted.', {
    nullable: true,
  })
  phoneNumber?: PhoneNumber | null;
}
