import { Agent } from '../agent/agent.entity';
import {
  EmailField,
  EnumField,
  InstantField,
  IntField,
  PhoneField,
  ReferenceField,
  TextField,
  UrlField,
} from '../field';
import { Lead } from '../lead/lead.entity';
import { Team } from '../team/team.entity';
import { type CallResult, type CallStatus, callResult, callStatus } from './call.entity';

const INPUT = { inputOnly: true } as const;
const OPTIONAL = { inputOnly: true, nullable: true } as const;

/** What a call is started with. */
export class StartCall {
  @ReferenceField(() => Team, 'The team whose agents are rung.', { ...INPUT, required: true })
  teamId!: string;

  @ReferenceField(() => Lead, 'The lead to call; this or the phone.', OPTIONAL)
  leadId?: string | null;

  @PhoneField('The number to call: the newest lead who has it, else a new one.', OPTIONAL)
  phone?: string | null;

  @TextField('First name of a new lead; like all that follows, also of a known one who has none.', OPTIONAL)
  firstName?: string | null;

  @TextField('Last name.', OPTIONAL)
  lastName?: string | null;

  @EmailField('E-mail address.', OPTIONAL)
  email?: string | null;

  @TextField('Company.', OPTIONAL)
  company?: string | null;

  @TextField('What the lead is interested in.', OPTIONAL)
  category?: string | null;

  @TextField('What makes the call happen; of a new lead, where it comes from.', OPTIONAL)
  source?: string | null;

  @TextField('The lead’s identifier in a CRM.', OPTIONAL)
  crmId?: string | null;

  @InstantField('When it is to be made; at once when not given or past.', OPTIONAL)
  scheduledAt?: string | null;
}

/** What is reported of a call. */
export class CallProgress {
  @EnumField(callStatus, 'Where it stands now; stays when not given.', INPUT)
  status?: CallStatus;

  @EnumField(callResult, 'What it led to.', OPTIONAL)
  result?: CallResult | null;

  @ReferenceField(
    () => Agent,
    'The agent who took it; known by itself when one agent alone is rung.',
    OPTIONAL,
  )
  agentId?: string | null;

  @IntField('Seconds that agent and lead were connected; counted from its times when not given.', {
    ...INPUT,
    min: 0,
  })
  seconds?: number;

  @UrlField('Address of the recording.', { ...OPTIONAL, max: 2000 })
  recordingUrl?: string | null;

  @TextField('What was said.', { ...OPTIONAL, max: 100_000 })
  transcript?: string | null;

  @TextField('Why it failed.', { ...OPTIONAL, max: 1000 })
  errorMessage?: string | null;
}
