import { Audience } from '../audience/audience.entity';
import { AudienceGroup } from '../audience/audience-group.entity';
import { EMAIL_BODY_MAX, EMAIL_SUBJECT_MAX } from '../email/email.entity';
import { KeptEntity, NounEntity, ROW_VERBS } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import {
  BooleanField,
  EmailField,
  EnumField,
  InstantField,
  IntField,
  ReferenceField,
  ReferenceListField,
  TextField,
} from '../field';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import { BelongsTo, HasMany, HasManyThrough, type Through } from '../relation';
import { CampaignMetrics } from './campaign-metrics.entity';
import { CampaignRecipient } from './campaign-recipient.entity';

export const campaignChannel = enumeration('CampaignChannel', 'What a campaign is sent as.', {
  email: 'E-mail.',
  sms: 'Text messages, from a number of the account.',
});
/** What a campaign is sent as. */
export type CampaignChannel = ValueOf<typeof campaignChannel>;

export const campaignStatus = enumeration('CampaignStatus', 'How far a campaign has come.', {
  draft: 'Being written.',
  scheduled: 'Waits for its time.',
  sending: 'Going out.',
  sent: 'Every recipient has had its turn.',
  failed: 'Nobody could be sent it.',
});
/** How far a campaign has come. */
export type CampaignStatus = ValueOf<typeof campaignStatus>;

const GROUPS: Through = {
  ...{ table: 'campaign_group', ownColumn: 'campaign_id', targetColumn: 'group_id' },
  order: 'position',
};

const HIDDEN = { write: 'never', hidden: true, filterable: false } as const;
const PLACEHOLDERS =
  'a template with {{ first_name }} and other fields of the contact, and {{ unsubscribe_url }}';

@NounEntity('One mailing to the contacts of an audience.', {
  name: 'campaign',
  plural: 'campaigns',
  label: 'Campaign',
  verbs: {
    ...ROW_VERBS,
    progressed: 'went out to some more, at most once a second',
    sent: 'has gone out to all, told once',
    bounced: 'had a message that came back, which `changes` names as `bounce`',
  },
})
export class Campaign extends KeptEntity {
  @TextField('Name.', { required: true, min: 1, sortable: true })
  name!: string;

  @EnumField(campaignChannel, 'What it is sent as.', { write: 'create' })
  channel!: CampaignChannel;

  @EnumField(campaignStatus, 'How far it has come.', { write: 'never' })
  status!: CampaignStatus;

  @ReferenceField(() => Audience, 'Whose contacts get it.', { required: true, write: 'create' })
  audienceId!: string;

  @ReferenceListField(GROUPS, 'Groups of the audience that it is narrowed to; all of it when there are none.')
  groupIds?: string[];

  @TextField(`Subject of the e-mails: ${PLACEHOLDERS}.`, { nullable: true, max: EMAIL_SUBJECT_MAX })
  subject!: string | null;

  @TextField(`Plain text: ${PLACEHOLDERS}.`, { nullable: true, max: EMAIL_BODY_MAX, filterable: false })
  text!: string | null;

  @TextField(`HTML of the e-mails: ${PLACEHOLDERS}. What is filled in is escaped.`, {
    ...{ nullable: true, max: EMAIL_BODY_MAX, filterable: false },
  })
  html!: string | null;

  @TextField('Name beside the address that e-mails are from.', { nullable: true })
  fromName!: string | null;

  @EmailField('Address that e-mails are from; the sender of the installation when empty.', { nullable: true })
  fromAddress!: string | null;

  @EmailField('Where answers to e-mails go, when elsewhere.', { nullable: true })
  replyTo!: string | null;

  @ReferenceField(() => PhoneNumber, 'The account’s number that texts are from.', { nullable: true })
  phoneNumberId!: string | null;

  @IntField('Most messages a second, over all processes; as many as the transport takes when empty.', {
    ...{ nullable: true, min: 1, max: 1000 },
  })
  throttlePerSecond!: number | null;

  @InstantField('When it is to go out.', { nullable: true, write: 'never', sortable: true })
  scheduledAt!: string | null;

  @InstantField('When it began to go out.', { nullable: true, write: 'never' })
  startedAt!: string | null;

  @InstantField('When every recipient had had its turn for the first time.', {
    ...{ nullable: true, write: 'never', sortable: true },
  })
  sentAt!: string | null;

  @BooleanField('Whether it goes to groups only, also when these are gone.', HIDDEN)
  isGrouped!: boolean;

  @InstantField('When its recipients were written down.', { ...HIDDEN, nullable: true })
  preparedAt!: string | null;

  @InstantField('The next moment that a throttled message may go out.', { ...HIDDEN, nullable: true })
  nextSlotAt!: string | null;

  @InstantField('When its progress was last told.', { ...HIDDEN, nullable: true })
  progressedAt!: string | null;

  @BelongsTo(() => Audience, 'audienceId', 'Whose contacts get it; empty when it was deleted.', {
    nullable: true,
  })
  audience?: Audience | null;

  @BelongsTo(() => PhoneNumber, 'phoneNumberId', 'The account’s number that texts are from.', {
    nullable: true,
  })
  phoneNumber?: PhoneNumber | null;

  @BelongsTo(() => CampaignMetrics, 'id', 'Its numbers at this moment.')
  metrics?: CampaignMetrics;

  @HasManyThrough(() => AudienceGroup, GROUPS, 'The groups that it is narrowed to.')
  groups?: AudienceGroup[];

  @HasMany(() => CampaignRecipient, 'campaignId', 'Who gets it, in no order that means anything.')
  recipients?: CampaignRecipient[];
}
