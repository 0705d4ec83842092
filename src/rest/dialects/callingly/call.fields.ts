import { z } from 'zod';
import type { Call, CallStatus } from '../../../domain/call/call.entity';
import type { CallRecord } from '../../../domain/call/call-lookup';
import { capitalize } from '../../../domain/text';
import { fieldMap } from '../../field-map';
import { calledLead, note, orEmpty, ownNumber, profile, unknown, user } from './call-parts.fields';
import {
  asFlag,
  flagOutput,
  phoneFormatted,
  rowTime,
  rowTimeOutput,
  type Seen,
  timeFormatted,
} from './codecs';

/** The vendor's words for where a call stands; it has none for one that waits for its time or was called off. */
const STATUS_WORDS: Record<CallStatus, string | null> = {
  scheduled: null,
  ringing: 'ringing',
  in_progress: 'in-progress',
  offline: 'offline',
  missed: 'missed',
  completed: 'completed',
  ignored: 'ignored',
  busy: 'busy',
  error: 'error',
  cancelled: null,
};

/** Where a call stands, in the vendor’s words. */
export const statusWord = ({ status }: Pick<Call, 'status'>) => STATUS_WORDS[status];

/** `in-progress` as `In Progress`. */
function forPeople(word: string | null): string | undefined {
  return word?.split('-').map(capitalize).join(' ');
}

/** When a call began; of one that has not, when it was asked for, since clients read a time from every call. */
export const beganAt = ({ startedAt, createdAt }: Pick<Call, 'startedAt' | 'createdAt'>) =>
  startedAt ?? createdAt;

const phoneOfLead = ({ lead }: CallRecord) => lead && phoneFormatted(lead.phone);

const callFields = {
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  started_at: {
    about: 'When it began; of one that has not, when it was asked for.',
    format: (call: CallRecord) => rowTime(beganAt(call)),
    output: rowTimeOutput,
  },
  direction: { about: 'outbound or inbound.', key: 'direction', output: z.string() },
  status: {
    about: `Where it stands: ${Object.values(STATUS_WORDS).filter(Boolean).join(', ')}; null when it waits for its time or was called off.`,
    format: statusWord,
    output: z.string().nullable(),
  },
  lead_status: {
    about: 'What it led to: contacted, voicemail, missed or removed.',
    key: 'result',
    output: z.string().nullable(),
  },
  seconds: { about: 'Seconds that agent and lead were connected.', key: 'seconds', output: z.int() },
  duration: {
    about: 'The same for people.',
    format: ({ seconds }: CallRecord) => `${seconds}s`,
    output: z.string(),
  },
  retry: { about: 'How many calls before it reached no agent.', key: 'agentRetry', output: z.int() },
  lead_retry: {
    about: 'How many calls before it the lead did not answer.',
    key: 'leadRetry',
    output: z.int(),
  },
  time_formatted: {
    about: 'When it began, in the account’s zone.',
    format: (call: Seen<CallRecord>) => timeFormatted(beganAt(call), call.account),
    output: z.string(),
  },
  source: { about: 'What made the call happen.', key: 'source', output: z.string().nullable() },
  recording_url: { about: 'Address of the recording.', key: 'recordingUrl', output: z.string().nullable() },
  error_message: { about: 'Why it failed.', key: 'errorMessage', output: z.string().nullable() },
  phone_number_formatted: {
    about: 'The lead’s number for people.',
    format: phoneOfLead,
    output: z.string(),
    isOmittedWhenEmpty: true,
  },
  lead: {
    about: 'The lead; empty when it was deleted.',
    format: ({ lead }: CallRecord) => (lead ? calledLead.format(lead) : []),
    output: orEmpty(calledLead.output()),
  },
  profile: {
    about: 'The team; empty when it was deleted.',
    format: ({ team }: CallRecord) => (team ? profile.format(team) : []),
    output: orEmpty(profile.output()),
  },
};

/** What lists show of a call. */
export const listedCallFields = {
  ...callFields,
  member: {
    about: 'The agent who took it; empty when none did.',
    format: ({ agent }: CallRecord) => (agent ? user.format(agent) : []),
    output: orEmpty(user.output()),
  },
};

/** A call of a list. */
export const listedCall = fieldMap<Seen<CallRecord>>()(listedCallFields);

const ZERO = { format: () => 0, output: flagOutput };

/** A call with all that is known of it. */
export const call = fieldMap<Seen<CallRecord>>()({
  ...callFields,
  status_formatted: {
    about: 'Where it stands, for people.',
    format: (one) => forPeople(statusWord(one)),
    output: z.string(),
    isOmittedWhenEmpty: true,
  },
  lead_status_formatted: {
    about: 'What it led to, for people.',
    format: ({ result }) => forPeople(result),
    output: z.string(),
    isOmittedWhenEmpty: true,
  },
  ring_status: {
    about: 'How the ringing stands or ended.',
    format: statusWord,
    output: z.string(),
    isOmittedWhenEmpty: true,
  },
  from_formatted: {
    about: 'The number that called, for people.',
    format: (one) => {
      if (one.direction === 'inbound') return phoneOfLead(one);
      return one.phoneNumber && phoneFormatted(one.phoneNumber.phone);
    },
    output: z.string(),
    isOmittedWhenEmpty: true,
  },
  human_result: {
    about: 'What the agent said it led to.',
    key: 'result',
    output: z.string(),
    isOmittedWhenEmpty: true,
  },
  user: {
    about: 'The agent who took it.',
    format: ({ agent }) => agent && user.format(agent),
    output: user.output().nullable(),
  },
  number: {
    about: 'The account’s number that was used.',
    format: ({ phoneNumber }) => phoneNumber && ownNumber.format(phoneNumber),
    output: ownNumber.output().nullable(),
  },
  tag: { about: 'Calls have no tags here.', ...unknown },
  notes: {
    about: 'Notes on it, newest first.',
    format: ({ notes }) => notes.map((one) => note.format(one)),
    output: z.array(note.output()),
  },
  is_voicemail: {
    about: 'Whether a message was left.',
    format: ({ result }) => asFlag(result === 'voicemail'),
    output: flagOutput,
  },
  is_queue: { about: 'There are no queues here.', ...ZERO },
  is_team_offline: {
    about: 'Whether no agent was available.',
    format: ({ status }) => asFlag(status === 'offline'),
    output: flagOutput,
  },
  scheduled_call_type: { about: 'Not known here.', ...unknown },
  old_lead_owner_id: { about: 'Not known here.', ...unknown },
  transcript: { about: 'What was said.', key: 'transcript', output: z.string().nullable() },
  sales_advice: { about: 'Not known here.', ...unknown },
  is_error: {
    about: 'Whether it failed for a technical reason.',
    format: ({ status }) => asFlag(status === 'error'),
    output: flagOutput,
  },
  error_code: { about: 'Not known here.', format: () => '', output: z.string() },
});
