import { GraphQLString } from 'graphql';
import { Agent } from '../agent/agent.entity';
import { Appointment } from '../appointment/appointment.entity';
import { CalendarEvent } from '../calendar-event/calendar-event.entity';
import { Call } from '../call/call.entity';
import { KeptEntity, NounEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { Feed } from '../feed/feed.entity';
import { type FeedKind, feedKind } from '../feed/feed-kind';
import {
  BooleanField,
  EmailField,
  EnumField,
  InstantField,
  IntField,
  JsonField,
  PhoneField,
  ReferenceField,
  TextField,
  TextListField,
} from '../field';
import { Note } from '../note/note.entity';
import { BelongsTo, ComputedField, HasMany, HasManyThrough } from '../relation';
import { SmsMessage } from '../sms-message/sms-message.entity';
import { Tag } from '../tag/tag.entity';
import { Team } from '../team/team.entity';
import { isOwnLead, joinName } from './lead.rules';

export const dialStatus = enumeration('DialStatus', 'How far the attempts to reach a lead have come.', {
  pending: 'Not tried yet.',
  in_progress: 'Being tried now.',
  retry: 'Tried without success; to be tried again.',
  completed: 'Reached.',
  failed: 'Given up.',
});
/** How far the attempts to reach a lead have come. */
export type DialStatus = ValueOf<typeof dialStatus>;

@NounEntity('A person to call or text, and what is known of them.', {
  name: 'lead',
  plural: 'leads',
  label: 'Lead',
  agentSees: (agent) => isOwnLead(agent),
})
export class Lead extends KeptEntity {
  @TextField('Both names in one text, split at the first space; instead of firstName and lastName.', {
    inputOnly: true,
    min: 1,
    max: 511,
    filterable: false,
  })
  @ComputedField<Lead, 'firstName' | 'lastName'>(
    () => GraphQLString,
    'First and last name, joined by a space.',
    ['firstName', 'lastName'],
    joinName,
  )
  name?: string;

  @TextField('First name.')
  firstName!: string;

  @TextField('Last name.')
  lastName!: string;

  @PhoneField('Phone number (E.164); stands once in a feed.', { required: true })
  phone!: string;

  @EmailField('E-mail address.', { nullable: true })
  email!: string | null;

  @TextField('Name of the lead in addresses; made from its name, and stays.', { write: 'never', max: 258 })
  slug!: string;

  @TextField('Company.', { nullable: true })
  company!: string | null;

  @TextField('What the lead is interested in.', { nullable: true })
  category!: string | null;

  @TextField('Where the lead is.', { nullable: true })
  location!: string | null;

  @TextField('What the lead wrote.', { nullable: true, max: 10_000, filterable: false })
  message!: string | null;

  @TextField('What the team wrote about the lead.', { nullable: true, max: 10_000, filterable: false })
  comments!: string | null;

  @TextField('Where the lead came from.', { nullable: true })
  source!: string | null;

  @TextField('The lead’s identifier at its source.', { nullable: true })
  sourceId!: string | null;

  @TextField('The lead’s identifier in a CRM.', { nullable: true })
  crmId!: string | null;

  @ReferenceField(() => Feed, 'The feed it belongs to; the default feed when not given.')
  feedId!: string;

  @EnumField(feedKind, 'The kind that the feed must have; a guard against the wrong feed.', {
    inputOnly: true,
  })
  feedKind?: FeedKind;

  @ReferenceField(() => Team, 'The team that works it.', { nullable: true })
  teamId!: string | null;

  @ReferenceField(() => Agent, 'The agent who owns it.', { nullable: true })
  ownerId!: string | null;

  @ReferenceField(() => Agent, 'The agent it is assigned to.', { nullable: true })
  assigneeId!: string | null;

  @TextListField('Names of its tags, in order; unknown ones are made. Replaces the tags it has.', {
    inputOnly: true,
    max: 50,
  })
  tagNames?: string[];

  @JsonField('Values of the account’s own, by name.')
  customFields!: Record<string, unknown>;

  @EnumField(dialStatus, 'How far the attempts to reach it have come.', { write: 'update' })
  dialStatus!: DialStatus;

  @IntField('Number of calls made to it.', { write: 'never' })
  callAttempts!: number;

  @InstantField('When it was last called.', { nullable: true, write: 'never', sortable: true })
  lastCalledAt!: string | null;

  @TextField('Place in the sales process.', { nullable: true, max: 100 })
  stage!: string | null;

  @TextField('Status in words, such as called or contacted.', { nullable: true, max: 100 })
  status!: string | null;

  @TextField('Outcome of the last call, such as contacted, voicemail, missed or removed.', {
    nullable: true,
    max: 100,
  })
  result!: string | null;

  @BooleanField('Whether calling it has been stopped.')
  isStopped!: boolean;

  @BooleanField('Whether it must not be contacted at all.')
  isBlocked!: boolean;

  @InstantField('When its next call is due.', { nullable: true, sortable: true })
  scheduledCallAt!: string | null;

  @BooleanField('Whether an older lead of the feed has the same number.', {
    write: 'never',
    hidden: true,
    filterable: false,
  })
  isDuplicate!: boolean;

  @BelongsTo(() => Feed, 'feedId', 'The feed it belongs to.')
  feed?: Feed;

  @BelongsTo(() => Team, 'teamId', 'The team that works it.', { nullable: true })
  team?: Team | null;

  @BelongsTo(() => Agent, 'ownerId', 'The agent who owns it.', { nullable: true })
  owner?: Agent | null;

  @BelongsTo(() => Agent, 'assigneeId', 'The agent it is assigned to.', { nullable: true })
  assignee?: Agent | null;

  @HasManyThrough(
    () => Tag,
    { table: 'lead_tag', ownColumn: 'lead_id', targetColumn: 'tag_id', order: 'position' },
    'Its tags, in order.',
  )
  tags?: Tag[];

  @HasMany(() => Note, 'leadId', 'Notes on it, newest first.')
  notes?: Note[];

  @HasMany(() => Call, 'leadId', 'Calls with it, newest first.')
  calls?: Call[];

  @HasMany(() => SmsMessage, 'leadId', 'Texts with it, newest first.')
  smsMessages?: SmsMessage[];

  @HasMany(() => Appointment, 'leadId', 'Appointments with it, newest first.')
  appointments?: Appointment[];

  @HasMany(() => CalendarEvent, 'leadId', 'Calendar events that were booked for it, newest first.')
  calendarEvents?: CalendarEvent[];
}
