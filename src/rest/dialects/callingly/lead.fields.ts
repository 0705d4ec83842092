import { z } from 'zod';
import type { Agent } from '../../../domain/agent/agent.entity';
import type { Call } from '../../../domain/call/call.entity';
import { joinName } from '../../../domain/lead/lead.rules';
import type { LeadDetail } from '../../../domain/lead/lead-lookup';
import type { Tag } from '../../../domain/tag/tag.entity';
import { fieldMap } from '../../field-map';
import { beganAt, statusWord } from './call.fields';
import { profile, sourceId } from './call-parts.fields';
import {
  accountId,
  asFlag,
  emptyableText,
  flag,
  flagOutput,
  optionalText,
  phone,
  rowTime,
  rowTimeOutput,
  type Seen,
  timeWithZone,
} from './codecs';

const tag = fieldMap<Tag>()({
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  name: { about: 'Name.', key: 'name', output: z.string() },
});

const leadFields = {
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  account_id: accountId,
  lead_owner_id: {
    about: 'The agent who owns it.',
    format: ({ owner }: LeadDetail) => owner?.number,
    ...{ output: z.int(), isOmittedWhenEmpty: true },
  },
  fname: { about: 'First name.', key: 'firstName', parse: emptyableText('fname'), output: z.string() },
  lname: { about: 'Last name.', key: 'lastName', parse: emptyableText('lname'), output: z.string() },
  email: {
    about: 'E-mail address.',
    ...{ key: 'email', parse: optionalText('email'), output: z.string(), isOmittedWhenEmpty: true },
  },
  phone_number: {
    about: 'Phone number; answered as E.164.',
    ...{ key: 'phone', parse: phone('phone_number'), output: z.string() },
  },
  source: {
    about: 'Where it came from.',
    ...{ key: 'source', parse: optionalText('source'), output: z.string().nullable() },
  },
  source_id: sourceId,
  created_at: {
    about: 'When it was made (UTC).',
    format: ({ createdAt }: LeadDetail) => rowTime(createdAt),
    output: rowTimeOutput,
  },
  company: {
    about: 'Company.',
    ...{ key: 'company', parse: optionalText('company'), output: z.string().nullable() },
  },
  category: { about: 'What it is interested in.', key: 'category', output: z.string().nullable() },
  status: {
    about: 'Status in words, such as called, missed or contacted.',
    ...{ key: 'status', parse: optionalText('status'), output: z.string().nullable() },
  },
  result: {
    about: 'Outcome of the last call, such as contacted or voicemail.',
    ...{ key: 'result', parse: optionalText('result'), output: z.string().nullable() },
  },
  team: {
    about: 'The team that works it.',
    format: ({ team }: LeadDetail) => team && profile.format(team),
    ...{ output: profile.output(), isOmittedWhenEmpty: true },
  },
  tags: {
    about: 'Its tags, in order.',
    format: ({ tags }: LeadDetail) => tags.map((one) => tag.format(one)),
    output: z.array(tag.output()),
  },
  stage: {
    about: 'Place in the sales process.',
    ...{ key: 'stage', parse: optionalText('stage'), output: z.string().nullable() },
  },
  scheduled_call_at: {
    about: 'When its next call is due, in the account’s zone.',
    format: ({ scheduledCallAt: at, account }: Seen<LeadDetail>) => at && timeWithZone(at, account),
    output: z.string().nullable(),
  },
  is_stopped: {
    about: 'Whether calling it has been stopped.',
    ...{ key: 'isStopped', parse: flag('is_stopped'), output: flagOutput },
    format: ({ isStopped }: LeadDetail) => asFlag(isStopped),
  },
  is_blocked: {
    about: 'Whether it must not be contacted at all.',
    ...{ key: 'isBlocked', parse: flag('is_blocked'), output: flagOutput },
    format: ({ isBlocked }: LeadDetail) => asFlag(isBlocked),
  },
};

/** A lead in the vendor’s words. */
export const lead = fieldMap<Seen<LeadDetail>>()(leadFields);

const callOfLead = fieldMap<Call>()({
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  source: { about: 'What made it happen.', key: 'source', output: z.string().nullable() },
  seconds: { about: 'Seconds that agent and lead were connected.', key: 'seconds', output: z.int() },
  direction: { about: 'outbound or inbound.', key: 'direction', output: z.string() },
  status: {
    about: 'Where it stands; null when it waits for its time or was called off.',
    format: statusWord,
    output: z.string().nullable(),
  },
  result: { about: 'What it led to.', key: 'result', output: z.string().nullable() },
  agent_retry: { about: 'How many calls before it reached no agent.', key: 'agentRetry', output: z.int() },
  lead_retry: {
    about: 'How many calls before it the lead did not answer.',
    ...{ key: 'leadRetry', output: z.int() },
  },
  started_at: {
    about: 'When it began; of one that has not, when it was asked for (UTC).',
    format: (call) => rowTime(beganAt(call)),
    output: rowTimeOutput,
  },
  recording_url: { about: 'Address of the recording.', key: 'recordingUrl', output: z.string().nullable() },
});

const leadOwner = fieldMap<Agent>()({
  name: { about: 'Full name.', format: (agent) => joinName(agent), output: z.string() },
  phone_number: { about: 'Phone number.', key: 'phone', output: z.string(), isOmittedWhenEmpty: true },
  custom_id: {
    about: 'The agent’s identifier in another system.',
    ...{ key: 'customId', output: z.string().nullable() },
  },
});

/** A lead of the list, with its newest calls and its owner. */
export const listedLead = fieldMap<Seen<LeadDetail>>()({
  ...leadFields,
  calls: {
    about: 'Its newest 100 calls, the newest first.',
    format: ({ calls }: LeadDetail) => calls.map((one) => callOfLead.format(one)),
    output: z.array(callOfLead.output()),
  },
  lead_owner: {
    about: 'The agent who owns it.',
    format: ({ owner }: LeadDetail) => owner && leadOwner.format(owner),
    ...{ output: leadOwner.output(), isOmittedWhenEmpty: true },
  },
});
