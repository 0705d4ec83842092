import type { AccountScope } from '../../../domain/context-seed';
import { type DomainError, invalid } from '../../../domain/error';
import type { Webhook } from '../../../domain/webhook/webhook.entity';
import { type ChangeFilters, type FilterInput, matchesName } from '../../../domain/webhook/webhook.rules';
import type { WebhookRecord } from '../../../domain/webhook/webhook-record';
import { UPDATED_FIELDS, UPDATED_WORDS, type UpdatedWord } from './webhook-fields';

/** The event of the domain for each of the vendor's words. */
export const EVENT_WORDS = {
  call_completed: 'call.completed',
  lead_created: 'lead.created',
  lead_updated: 'lead.updated',
} as const;

/** The vendor's word for an event. */
export type EventWord = keyof typeof EVENT_WORDS;

/** What a client gives of a webhook; null or an empty text is no condition. */
export interface GivenWebhook {
  name?: string | undefined;
  event?: EventWord | undefined;
  target_url?: string | undefined;
  call_direction?: string | null | undefined;
  call_status?: string | null | undefined;
  call_lead_status?: string | null | undefined;
  team_id?: number | null | undefined;
  number_id?: number | null | undefined;
  field?: UpdatedWord | '' | null | undefined;
  filter?: string | null | undefined;
}

/** What becomes of it in the domain; `filters` only where a condition or the event is given. */
export interface WebhookInput {
  name?: string;
  url?: string;
  events?: string[];
  filters?: FilterInput;
}

type ConditionName = Exclude<keyof GivenWebhook, 'name' | 'event' | 'target_url'>;
type Conditions = Partial<Record<ConditionName, keyof ChangeFilters>>;

/** The vendor has conditions that only some of its events know; a condition of the other ones is not kept. */
const CALL_CONDITIONS: Conditions = {
  call_direction: 'callDirection',
  call_status: 'callStatus',
  call_lead_status: 'leadStatus',
  team_id: 'outboundTeamId',
  number_id: 'inboundPhoneNumberId',
};
const LEAD_CONDITIONS: Conditions = {
  team_id: 'teamId',
  // Kept, though no lead is held to it: the vendor's own examples have it.
  number_id: 'inboundPhoneNumberId',
  field: 'field',
  filter: 'value',
};
const FILTER_TEXT = new RegExp(
  `^The filter (${[...Object.values(CALL_CONDITIONS), ...Object.values(LEAD_CONDITIONS)].join('|')}) `,
);
const OWN_FILTERS = [...Object.values(CALL_CONDITIONS), ...Object.values(LEAD_CONDITIONS)];

/** The name on the wire of each field of the domain, for errors. */
export const WEBHOOK_WIRE_NAMES: ReadonlyMap<string, string> = new Map([
  ['name', 'name'],
  ['events', 'event'],
  ['url', 'target_url'],
  ...[...Object.entries(CALL_CONDITIONS), ...Object.entries(LEAD_CONDITIONS)].map(
    ([wire, filter]) => [`filters.${filter}`, wire] as const,
  ),
]);

/** What the domain says of a filter, of the condition that it is here. */
function ofCondition(wire: string, text: string): string {
  return text.replace(/^The filter \w+/, `The ${wire}`).replace('the filter field', 'the field');
}

/** The same error, whose fields have their names on the wire already, with these names in its texts. */
export function inConditionWords(error: DomainError): DomainError {
  if (!FILTER_TEXT.test(error.message)) return error;
  const fields = Object.entries(error.fields ?? {});
  return invalid(
    Object.fromEntries(fields.map(([wire, texts]) => [wire, texts.map((text) => ofCondition(wire, text))])),
  );
}

const conditionsOf = (event: string): Conditions =>
  event === 'call_completed' ? CALL_CONDITIONS : LEAD_CONDITIONS;

/** The vendor's word for what a webhook subscribes to: the first of its events that has one. */
function eventOf({ events }: Pick<Webhook, 'events'>): string {
  const known = Object.entries(EVENT_WORDS).find(([, name]) => events.some((one) => matchesName(one, name)));
  return known?.[0] ?? String(events[0]).replace('.', '_');
}

const REFERENCES: readonly string[] = ['lead_owner', 'team'] satisfies UpdatedWord[];
const FLAGS: readonly string[] = ['is_stopped', 'is_blocked'] satisfies UpdatedWord[];
const FLAG_VALUES: Record<string, boolean> = { 1: true, true: true, 0: false, false: false };

/** A value to filter by in the domain's form: people and teams by whole number. */
function valueFor(word: string | undefined, text: string): string | number | boolean {
  if (word && REFERENCES.includes(word) && /^\d{1,9}$/.test(text)) return Number(text);
  return (word && FLAGS.includes(word) ? FLAG_VALUES[text] : undefined) ?? text;
}

function wordOf(key: string | undefined): string | undefined {
  return UPDATED_WORDS.find((word) => UPDATED_FIELDS[word].key === key) ?? key;
}

/** A given condition in the domain's form; a value to filter by, by the field that it is of. */
function domainValue(wire: ConditionName, given: GivenWebhook, key: FilterInput['field']) {
  if (wire === 'field') return given.field ? UPDATED_FIELDS[given.field].key : undefined;
  if (wire === 'filter' && given.filter) return valueFor(wordOf(String(key)), given.filter);
  return given[wire] || undefined;
}

/** The conditions after a change: those of the webhook, in place of them what is given, those of its event alone. */
function filtersOf(event: string, given: GivenWebhook, current: ChangeFilters, was: string): FilterInput {
  const before = Object.entries(current).filter(([name]) => !OWN_FILTERS.includes(name as never));
  const filters: FilterInput = Object.fromEntries(before);
  for (const [wire, name] of Object.entries(conditionsOf(event)) as [ConditionName, keyof ChangeFilters][]) {
    const kept = conditionsOf(was)[wire];
    // The value of another field says nothing of this one.
    const isStale = name === 'value' && filters.field !== current.field;
    const old = kept && !isStale ? current[kept] : undefined;
    const value = given[wire] === undefined ? old : domainValue(wire, given, filters.field);
    if (value !== undefined) filters[name] = value;
  }
  return filters;
}

/** A webhook as a client gives it, in the domain's terms; of a change, on top of what the webhook is now. */
export function webhookInput(
  given: GivenWebhook,
  current?: Pick<Webhook, 'events' | 'filters'>,
): WebhookInput {
  const { name, event, target_url: url, ...conditions } = given;
  const was = current ? eventOf(current) : String(event);
  const isFiltered =
    !current || event !== undefined || Object.values(conditions).some((one) => one !== undefined);
  return {
    ...(name !== undefined && { name }),
    ...(url !== undefined && { url }),
    ...(event !== undefined && { events: [EVENT_WORDS[event]] }),
    ...(isFiltered && { filters: filtersOf(event ?? was, given, current?.filters ?? {}, was) }),
  };
}

/** A webhook as clients see it. */
export function webhookRow(record: WebhookRecord, account: Pick<AccountScope, 'number'>) {
  const { filters, numberById } = record;
  const event = eventOf(record);
  const shown = (wire: ConditionName) => {
    const name = conditionsOf(event)[wire];
    return name === undefined ? null : (filters[name] ?? null);
  };
  const numberOf = (wire: ConditionName) => numberById[String(shown(wire))] ?? null;
  const direction = shown('call_direction');
  const value = shown('filter');
  const flagOf = { true: '1', false: '0' }[String(value)];
  return {
    id: record.number,
    account_id: account.number,
    ...{ name: record.name, event, target_url: record.url, direction, call_direction: direction },
    ...{ call_status: shown('call_status'), call_lead_status: shown('call_lead_status') },
    ...{ team_id: numberOf('team_id'), number_id: numberOf('number_id') },
    field: shown('field') === null ? null : String(wordOf(filters.field)),
    filter:
      value === null ? null : (typeof value === 'boolean' && flagOf) || String(numberOf('filter') ?? value),
  };
}
