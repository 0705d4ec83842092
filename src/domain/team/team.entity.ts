import { KeptEntity, NounEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import {
  BooleanField,
  EmailField,
  EnumField,
  InstantField,
  IntField,
  IntListField,
  PhoneField,
  ReferenceField,
  TextField,
  UrlField,
} from '../field';
import { Lead } from '../lead/lead.entity';
import { BelongsTo, HasMany } from '../relation';
import { SupportCase } from '../support-case/support-case.entity';
import { Template } from '../template/template.entity';
import { TeamMember } from './team-member.entity';

export const callMode = enumeration('CallMode', 'How a team’s agents are called for a lead.', {
  simultaneous: 'All at once; the first to answer gets the call.',
  round_robin: 'In turn, the one called longest ago first.',
  priority: 'By priority, the highest first.',
});
/** How a team's agents are called for a lead. */
export type CallMode = ValueOf<typeof callMode>;

const OWN_TEMPLATE = { nullable: true, filterable: false } as const;
const TEMPLATE = { max: 1000, filterable: false } as const;
const MINUTES = { min: 0, max: 43_200 } as const;
const TIMES = { min: 0, max: 100 } as const;

@NounEntity('A group of agents with its way of calling.', { name: 'team', plural: 'teams', label: 'Team' })
export class Team extends KeptEntity {
  @TextField('Name.', { required: true, min: 1, max: 100, sortable: true })
  name!: string;

  @EnumField(callMode, 'How the agents are called for a lead.')
  callMode!: CallMode;

  @TextField(
    'Spoken to the agent before the lead is connected; a template with placeholders such as {first_name} or {{ lead.company }}.',
    TEMPLATE,
  )
  whisperText!: string;

  @TextField('Spoken to the agent when the call is over; a template.', TEMPLATE)
  postWhisperText!: string;

  @TextField('Voice of spoken texts, as the dialer names it; empty is the dialer’s own.', {
    max: 100,
    filterable: false,
  })
  whisperVoice!: string;

  @TextField('Language of spoken texts (BCP 47).', { min: 2, max: 20 })
  language!: string;

  @IntField('Seconds to wait before a new lead is called.', { min: 0, max: 86_400 })
  delaySeconds!: number;

  @BooleanField('Whether calls are recorded.')
  isRecording!: boolean;

  @BooleanField('Whether a call that reaches no agent is made again.')
  isRetrying!: boolean;

  @IntField('How many times it is made again.', TIMES)
  retries!: number;

  @IntListField('Minutes before each of these times; the last one holds for all that follow.', MINUTES)
  retrySchedule!: number[];

  @BooleanField('Whether a call that finds nobody at work is put off to when the first agent is.')
  isRescheduling!: boolean;

  @BooleanField('Whether a lead who does not answer is called again.')
  isRetryingLeads!: boolean;

  @IntField('How many times the lead is called again.', TIMES)
  leadRetries!: number;

  @IntListField('Minutes before each of these times; the last one holds for all that follow.', MINUTES)
  leadRetrySchedule!: number[];

  @UrlField('Address that is told of every call of the team that is over.', {
    nullable: true,
    max: 2000,
    filterable: false,
  })
  callbackUrl!: string | null;

  @BooleanField('Whether a text is sent to a lead whom the first call does not reach.')
  isSmsEnabled!: boolean;

  @TextField('The text that is sent; a template.', { max: 1600, filterable: false })
  smsBody!: string;

  @BooleanField('Whether every active agent of the account is one of it, besides its members.')
  isForAllAgents!: boolean;

  @EmailField(
    'Address that e-mails to the team are sent to; it stands on its replies, and answers come back to it.',
    {
      nullable: true,
    },
  )
  replyAddress!: string | null;

  @PhoneField('Number that customers call (E.164).', { nullable: true })
  phone!: string | null;

  @ReferenceField(() => Template, 'The template of its replies to cases.', OWN_TEMPLATE)
  replyTemplateId!: string | null;

  @ReferenceField(
    () => Template,
    'The template of its notes, for who writes them to begin with.',
    OWN_TEMPLATE,
  )
  noteTemplateId!: string | null;

  @ReferenceField(() => Template, 'The template of a note that each of its new cases gets.', OWN_TEMPLATE)
  newCaseNoteTemplateId!: string | null;

  @ReferenceField(
    () => Template,
    'The template of its requests for feedback; none are sent by themselves without one.',
    OWN_TEMPLATE,
  )
  feedbackTemplateId!: string | null;

  @TextField('Category of the templates that are offered to it; all when empty.', {
    nullable: true,
    max: 100,
    filterable: false,
  })
  templateCategory!: string | null;

  @IntField('Minutes after which a case that waits for it is stale.', {
    nullable: true,
    min: 0,
    max: 525_600,
  })
  staleMinutes!: number | null;

  @IntField('Minutes after which a case that waits for it is about to be.', {
    nullable: true,
    min: 0,
    max: 525_600,
  })
  staleWarningMinutes!: number | null;

  @IntField('Minutes between the end of a case and its request for feedback.', { min: 0, max: 525_600 })
  feedbackDelayMinutes!: number;

  @IntField('Days in which a contact is asked for feedback once at most; 0 is no limit.', {
    min: 0,
    max: 3650,
  })
  feedbackFrequencyDays!: number;

  @IntField('How many of a hundred closed cases are followed by a request for feedback.', {
    min: 0,
    max: 100,
  })
  feedbackSamplePercent!: number;

  @TextField('HTML below each of its replies.', { max: 20_000, filterable: false })
  footerHtml!: string;

  @InstantField('When it was put away: it takes no new cases.', { nullable: true, write: 'never' })
  archivedAt!: string | null;

  @BelongsTo(() => Template, 'replyTemplateId', 'The template of its replies to cases.', { nullable: true })
  replyTemplate?: Template | null;

  @BelongsTo(() => Template, 'feedbackTemplateId', 'The template of its requests for feedback.', {
    nullable: true,
  })
  feedbackTemplate?: Template | null;

  @HasMany(() => SupportCase, 'teamId', 'The support cases that it works, newest first.')
  cases?: SupportCase[];

  @HasMany(() => TeamMember, 'teamId', 'The agents of the team with their places, newest first.')
  members?: TeamMember[];

  @HasMany(() => Lead, 'teamId', 'The leads that it works, newest first.')
  leads?: Lead[];
}
