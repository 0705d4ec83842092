import { z } from 'zod';
import { callMode, type Team } from '../../../domain/team/team.entity';
import type { TeamRecord } from '../../../domain/team/team-record';
import { fieldMap, type WireField } from '../../field-map';
import {
  accountId,
  asFlag,
  emptyableText,
  flag,
  flagOutput,
  numberList,
  requiredText,
  type Seen,
  wholeNumber,
  wordIn,
} from './codecs';

type Field = WireField<Seen<TeamRecord>>;
type KeyOf<Value> = { [K in keyof Team]: Team[K] extends Value ? K : never }[keyof Team] & string;

const switchOf = (name: string, key: KeyOf<boolean>, about: string): Field => ({
  ...{ about: `${about} 0 or 1.`, key, parse: flag(name), output: flagOutput },
  format: (team) => asFlag(team[key]),
});
const numberOf = (name: string, key: KeyOf<number>, about: string): Field => ({
  ...{ about, key, parse: wholeNumber(name), output: z.int() },
});
const minutesOf = (name: string, key: KeyOf<number[]>, about: string): Field => ({
  ...{ about, key, parse: numberList(name), output: z.array(z.int()) },
});
const textOf = (name: string, key: KeyOf<string>, about: string): Field => ({
  ...{ about, key, parse: emptyableText(name), output: z.string() },
});

/** A team in the vendor's words. */
export const team = fieldMap<Seen<TeamRecord>>()({
  id: { about: 'Number of the team.', key: 'number', output: z.int() },
  account_id: accountId,
  name: {
    about: 'Name.',
    key: 'name',
    parse: requiredText('name', 100),
    isRequired: true,
    output: z.string(),
  },
  is_record: switchOf('is_record', 'isRecording', 'Whether calls are recorded.'),
  call_mode: {
    about: 'How the agents are called for a lead.',
    key: 'callMode',
    parse: wordIn('call_mode', callMode.values),
    output: z.string(),
  },
  whispertext: textOf(
    'whispertext',
    'whisperText',
    'Spoken to the agent before the lead is connected; with placeholders {first_name} {last_name} {company} {category}.',
  ),
  post_whispertext: textOf('post_whispertext', 'postWhisperText', 'Spoken to the agent after the call.'),
  language: {
    ...{ about: 'Language of spoken texts.', key: 'language', parse: requiredText('language', 20) },
    output: z.string(),
  },
  delay: numberOf('delay', 'delaySeconds', 'Seconds to wait before a new lead is called.'),
  is_retry: switchOf('is_retry', 'isRetrying', 'Whether a call that reaches no agent is made again.'),
  retries: numberOf('retries', 'retries', 'How many times.'),
  retry_schedule: minutesOf('retry_schedule', 'retrySchedule', 'Minutes before each of these times.'),
  is_reschedule: switchOf(
    'is_reschedule',
    'isRescheduling',
    'Whether a call that finds nobody at work is put off.',
  ),
  is_retry_lead: switchOf(
    'is_retry_lead',
    'isRetryingLeads',
    'Whether a lead who does not answer is called again.',
  ),
  lead_retries: numberOf('lead_retries', 'leadRetries', 'How many times.'),
  lead_retry_schedule: minutesOf(
    'lead_retry_schedule',
    'leadRetrySchedule',
    'Minutes before each of these times.',
  ),
  sms_auto_send: {
    ...{ about: 'Another name of is_sms, which goes before it.', key: 'isSmsEnabled' },
    parse: flag('sms_auto_send'),
  },
  is_sms: switchOf(
    'is_sms',
    'isSmsEnabled',
    'Whether a lead whom the first call does not reach gets a text.',
  ),
  sms_body: textOf('sms_body', 'smsBody', 'The text.'),
  whispertext_voice: textOf('whispertext_voice', 'whisperVoice', 'Voice of spoken texts.'),
  is_users_available_for_call: {
    about: 'Whether a call can be put through to an agent of the team now.',
    key: 'hasAvailableAgent',
    output: z.boolean(),
  },
});
