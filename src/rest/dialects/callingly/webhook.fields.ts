import { z } from 'zod';
import { callDirection, callResult } from '../../../domain/call/call.entity';
import { type FieldMessages, invalid } from '../../../domain/error';
import { recordNumber } from '../../codecs';
import { fieldMap } from '../../field-map';
import { optionalText, requiredText, wordIn } from './codecs';
import { EVENT_WORDS, type GivenWebhook, type webhookRow } from './webhook.mapping';
import { UPDATED_WORDS } from './webhook-fields';

/** A webhook as answers show it. */
export type WebhookRow = ReturnType<typeof webhookRow>;

/** One of the words, or nothing. */
function wordOrNothing(name: string, words: readonly string[]) {
  const error = `The ${name} must be empty or one of: ${words.join(', ')}.`;
  return z.enum([...words, ''], { error }).nullable();
}

function recordOrNothing(name: string) {
  const wrong = `The ${name} must be empty or the id of a record.`;
  return z
    .union([recordNumber(wrong), z.literal('').transform(() => null)], { error: wrong })
    .nullable()
    .meta({ 'x-record': true });
}

function address(name: string) {
  const isAddress = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  const wrong = `The ${name} must be an http or https address.`;
  return requiredText(name, 2000).pipe(z.string().refine(isAddress, wrong));
}

const word = z.string().nullable();
const record = z.int().nullable();

const fields = {
  id: { about: 'Identifier.', key: 'id', output: z.int() },
  account_id: { about: 'The account that it belongs to.', key: 'account_id', output: z.int() },
  name: {
    about: 'What it is for.',
    ...{ key: 'name', parse: requiredText('name', 100), isRequired: true, output: z.string() },
  },
  event: {
    about: 'What is told.',
    ...{ key: 'event', parse: wordIn('event', Object.keys(EVENT_WORDS)), isRequired: true },
    output: z.string(),
  },
  target_url: {
    about: 'The address that is told, by POST.',
    ...{ key: 'target_url', parse: address('target_url'), isRequired: true, output: z.string() },
  },
  direction: {
    about: 'The same as call_direction, which goes before it.',
    ...{ key: 'direction', parse: wordOrNothing('direction', callDirection.values), output: word },
  },
  call_direction: {
    about: 'Only calls of this direction; for call_completed.',
    ...{ key: 'call_direction', parse: wordOrNothing('call_direction', callDirection.values), output: word },
  },
  call_status: {
    about: 'Only calls that ended like this; for call_completed.',
    parse: wordOrNothing('call_status', ['completed', 'missed', 'offline']),
    ...{ key: 'call_status', output: word },
  },
  call_lead_status: {
    about: 'Only calls that led to this; for call_completed.',
    parse: wordOrNothing('call_lead_status', callResult.values),
    ...{ key: 'call_lead_status', output: word },
  },
  team_id: {
    about: 'Of outbound calls, only those of this team; of leads, only those that it works.',
    ...{ key: 'team_id', parse: recordOrNothing('team_id'), output: record },
  },
  number_id: {
    about: 'Of inbound calls, only those to this number of the account.',
    ...{ key: 'number_id', parse: recordOrNothing('number_id'), output: record },
  },
  field: {
    about: 'Only when this field of the lead has changed; for lead_updated and lead_created.',
    ...{ key: 'field', parse: wordOrNothing('field', UPDATED_WORDS), output: word },
  },
  filter: {
    about: 'Only when the field now has this value.',
    ...{ key: 'filter', parse: optionalText('filter'), output: word },
  },
};

/** A webhook in the vendor’s words. */
export const webhook = fieldMap<WebhookRow>()(fields);

/** The same for the path that has no id, so that the body names the webhook. */
export const namedWebhook = fieldMap<WebhookRow>()({
  ...fields,
  id: { ...fields.id, parse: recordNumber('The id field is required: give the id of a webhook.') },
});

/** What a body says of a webhook, for the mapping to the domain. */
export function givenIn(draft: Record<string, unknown>): GivenWebhook {
  const { id, direction, call_direction = direction, ...given } = draft;
  return { ...given, ...(call_direction !== undefined && { call_direction }) } as GivenWebhook;
}

const ONLY_OF_CALLS = ['call_direction', 'call_status', 'call_lead_status'] as const;
const ONLY_OF_LEADS = ['field', 'filter'] as const;
const DIRECTIONS = [
  ['team_id', 'outbound'],
  ['number_id', 'inbound'],
] as const;

/** Throws INVALID for conditions that the event does not have, and for those of calls in the other direction. */
export function checkConditions(given: GivenWebhook, current?: WebhookRow): void {
  const { event, call_direction, ...after } = { ...current, ...given };
  const isOfCalls = event === 'call_completed';
  const problems: FieldMessages = {};
  for (const name of isOfCalls ? ONLY_OF_LEADS : ONLY_OF_CALLS)
    if (given[name]) problems[name] = [`The ${name} is no condition of the event ${event}.`];
  for (const [name, direction] of DIRECTIONS)
    if (isOfCalls && call_direction && call_direction !== direction && after[name])
      problems[name] = [`The ${name} is a condition of ${direction} calls only.`];
  if (Object.keys(problems).length > 0) throw invalid(problems);
}
