import { GraphQLBoolean } from 'graphql';
import { Appointment } from '../appointment/appointment.entity';
import { Call } from '../call/call.entity';
import { KeptEntity, NounEntity, ROW_VERBS } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import {
  BooleanField,
  EmailField,
  EnumField,
  InstantField,
  IntField,
  ObjectListField,
  PhoneField,
  ReferenceField,
  TextField,
  TimeZoneField,
  UrlField,
} from '../field';
import { Lead } from '../lead/lead.entity';
import { BelongsTo, ComputedField, HasMany } from '../relation';
import { SupportCase } from '../support-case/support-case.entity';
import { Team } from '../team/team.entity';
import { TeamMember } from '../team/team-member.entity';
import { AVAILABILITY_FIELDS, type Availability, isAgentAvailable } from './agent.rules';
import { ScheduleDay } from './schedule';

export const agentRole = enumeration('AgentRole', 'What an agent may do in the account.', {
  admin: 'Works everything in the account.',
  agent: 'Works what is owned by or assigned to them.',
});
/** What an agent may do in the account. */
export type AgentRole = ValueOf<typeof agentRole>;

@NounEntity('A person who works leads, calls, appointments and cases.', {
  name: 'agent',
  plural: 'agents',
  label: 'Agent',
  verbs: { ...ROW_VERBS, password_set: 'got a password' },
})
export class Agent extends KeptEntity {
  @TextField('First name.', { required: true, min: 1, max: 100, sortable: true })
  firstName!: string;

  @TextField('Last name.', { max: 100 })
  lastName!: string;

  @EmailField('E-mail address, unique in the account.', { nullable: true })
  email!: string | null;

  @TextField('Name to sign in with, unique in the account.', { nullable: true, min: 1, max: 100 })
  username!: string | null;

  @TextField('Hash of the password.', { nullable: true, hidden: true, write: 'never', filterable: false })
  passwordHash!: string | null;

  @PhoneField('Number that calls are put through to (E.164).', { nullable: true })
  phone!: string | null;

  @TextField('Extension behind the number.', { nullable: true, max: 20, filterable: false })
  phoneExtension!: string | null;

  @TimeZoneField('Zone of the weekly schedule.')
  timeZone!: string;

  @ObjectListField(
    () => ScheduleDay,
    'Weekly hours, one entry per day; a day that is missing is free of work.',
    {
      max: 7,
    },
  )
  schedule!: ScheduleDay[];

  @BooleanField('Takes no calls until this is switched off, or until `doNotDisturbUntil`.')
  isDoNotDisturb!: boolean;

  @InstantField('When do-not-disturb ends by itself.', { nullable: true })
  doNotDisturbUntil!: string | null;

  @IntField('Who is called first: higher before lower.', { min: 0, max: 1000 })
  priority!: number;

  @TextField('The agent’s identifier in another system.', { nullable: true, max: 100 })
  customId!: string | null;

  @EnumField(agentRole, 'What the agent may do in the account.')
  role!: AgentRole;

  @BooleanField('Whether the agent works here at present.')
  isActive!: boolean;

  @ReferenceField(() => Team, 'The team that the agent works for when nothing else is said.', {
    nullable: true,
  })
  defaultTeamId!: string | null;

  @UrlField('Address of a picture.', { nullable: true, max: 2000, filterable: false })
  avatarUrl!: string | null;

  @BelongsTo(() => Team, 'defaultTeamId', 'The team that the agent works for when nothing else is said.', {
    nullable: true,
  })
  defaultTeam?: Team | null;

  @ComputedField<Agent, keyof Availability>(
    () => GraphQLBoolean,
    'Whether a call can be put through now: active, within the schedule in the agent’s zone, not do-not-disturb.',
    AVAILABILITY_FIELDS,
    isAgentAvailable,
  )
  isAvailable?: boolean;

  @HasMany(() => TeamMember, 'agentId', 'Memberships in teams, newest first.')
  memberships?: TeamMember[];

  @HasMany(() => Lead, 'ownerId', 'The leads that the agent owns, newest first.')
  ownedLeads?: Lead[];

  @HasMany(() => Lead, 'assigneeId', 'The leads that are assigned to the agent, newest first.')
  assignedLeads?: Lead[];

  @HasMany(() => SupportCase, 'agentId', 'The support cases that the agent works, newest first.')
  cases?: SupportCase[];

  @HasMany(() => Call, 'agentId', 'The calls that the agent took, newest first.')
  calls?: Call[];

  @HasMany(() => Appointment, 'agentId', 'The appointments that the agent attends, newest first.')
  appointments?: Appointment[];
}
