import { Agent } from '../agent/agent.entity';
import { KeptEntity, NounEntity, ROW_VERBS } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import {
  BooleanField,
  EnumField,
  InstantField,
  IntField,
  ReferenceField,
  TextField,
  UrlField,
} from '../field';
import { Lead } from '../lead/lead.entity';
import { Note } from '../note/note.entity';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import { BelongsTo, HasMany } from '../relation';
import { Team } from '../team/team.entity';
import { isOwnCall } from './call.rules';
import { CallRing } from './call-ring.entity';

export const callDirection = enumeration('CallDirection', 'Who called whom.', {
  outbound: 'The team called the lead.',
  inbound: 'The lead called.',
});
/** Who called whom. */
export type CallDirection = ValueOf<typeof callDirection>;

export const callStatus = enumeration('CallStatus', 'Where a call stands.', {
  scheduled: 'To be made at its time.',
  ringing: 'Ringing at the agents.',
  in_progress: 'An agent has taken it.',
  offline: 'No agent was available.',
  missed: 'No agent answered.',
  completed: 'Over.',
  ignored: 'Turned away by the agent.',
  busy: 'The line was engaged.',
  error: 'It failed for a technical reason.',
  cancelled: 'Called off before it was made.',
});
/** Where a call stands. */
export type CallStatus = ValueOf<typeof callStatus>;

export const callResult = enumeration('CallResult', 'What a call led to.', {
  contacted: 'The lead was spoken to.',
  voicemail: 'A message was left.',
  missed: 'The lead did not answer.',
  removed: 'The lead wants no more calls.',
});
/** What a call led to. */
export type CallResult = ValueOf<typeof callResult>;

export const scheduleReason = enumeration('ScheduleReason', 'Why a call was not made at once.', {
  requested: 'Its time was asked for.',
  delay: 'The team waits before it calls a new lead.',
  offline: 'Nobody was at work before.',
  agent_retry: 'The call before it reached no agent.',
  lead_retry: 'The lead did not answer the call before it.',
});
/** Why a call was not made at once. */
export type ScheduleReason = ValueOf<typeof scheduleReason>;

const HIDDEN = { write: 'never', hidden: true, filterable: false } as const;

@NounEntity('A phone call between the team and a lead.', {
  name: 'call',
  plural: 'calls',
  label: 'Call',
  agentSees: isOwnCall,
  verbs: { ...ROW_VERBS, completed: 'is over, whatever it led to' },
})
export class Call extends KeptEntity {
  @ReferenceField(() => Lead, 'The lead.', { required: true, write: 'create' })
  leadId!: string;

  @ReferenceField(() => Team, 'The team that was called.', { nullable: true, write: 'create' })
  teamId!: string | null;

  @ReferenceField(() => Agent, 'The agent who took the call.', { nullable: true })
  agentId!: string | null;

  @ReferenceField(() => PhoneNumber, 'The account’s number that was used.', {
    nullable: true,
    write: 'create',
  })
  phoneNumberId!: string | null;

  @EnumField(callDirection, 'Who called whom.', { write: 'create' })
  direction!: CallDirection;

  @EnumField(callStatus, 'Where it stands.')
  status!: CallStatus;

  @EnumField(callResult, 'What it led to.', { nullable: true })
  result!: CallResult | null;

  @IntField('Seconds that agent and lead were connected.', { min: 0 })
  seconds!: number;

  @IntField('Number of tries to reach an agent.', { min: 0 })
  attempts!: number;

  @IntField('How many calls before it, for the same reason, reached no agent.', { write: 'never' })
  agentRetry!: number;

  @IntField('How many calls before it, for the same reason, the lead did not answer.', { write: 'never' })
  leadRetry!: number;

  @TextField('What made the call happen.', { nullable: true })
  source!: string | null;

  @TextField('What the agent is told before the lead is connected.', {
    nullable: true,
    write: 'never',
    filterable: false,
  })
  whisperText!: string | null;

  @TextField('What the agent is told when the call is over.', {
    nullable: true,
    write: 'never',
    filterable: false,
  })
  postWhisperText!: string | null;

  @UrlField('Address of the recording.', { nullable: true, max: 2000, filterable: false })
  recordingUrl!: string | null;

  @TextField('What was said.', { nullable: true, max: 100_000, filterable: false })
  transcript!: string | null;

  @TextField('Why it failed.', { nullable: true, max: 1000, filterable: false })
  errorMessage!: string | null;

  @InstantField('When it is to be made.', { nullable: true, sortable: true })
  scheduledAt!: string | null;

  @EnumField(scheduleReason, 'Why it was not made at once.', { nullable: true, write: 'never' })
  scheduleReason!: ScheduleReason | null;

  @InstantField('When it began.', { nullable: true, sortable: true })
  startedAt!: string | null;

  @InstantField('When an agent took it.', { nullable: true })
  answeredAt!: string | null;

  @InstantField('When it was over.', { nullable: true })
  endedAt!: string | null;

  @BooleanField('Whether it is made from here, not only written down.', HIDDEN)
  isPlaced!: boolean;

  @InstantField('When the dialer is to look at it.', { ...HIDDEN, nullable: true })
  dialAt!: string | null;

  @BelongsTo(() => Lead, 'leadId', 'The lead; empty when it was deleted.', { nullable: true })
  lead?: Lead | null;

  @BelongsTo(() => Team, 'teamId', 'The team that was called.', { nullable: true })
  team?: Team | null;

  @BelongsTo(() => Agent, 'agentId', 'The agent who took the call.', { nullable: true })
  agent?: Agent | null;

  @BelongsTo(() => PhoneNumber, 'phoneNumberId', 'The account’s number that was used.', { nullable: true })
  phoneNumber?: PhoneNumber | null;

  @HasMany(() => CallRing, 'callId', 'The agents who are rung for it, the last in turn first.')
  rings?: CallRing[];

  @HasMany(() => Note, 'callId', 'Notes on it, newest first.')
  notes?: Note[];
}
