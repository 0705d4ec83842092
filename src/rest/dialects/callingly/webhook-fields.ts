import type { Instant } from '../../../domain/datetime';
import { joinName } from '../../../domain/lead/lead.rules';
import type { LeadProfile } from '../../../domain/lead/lead-lookup';
import { asFlag } from './codecs';

/** A point in time in the rows of webhooks: `2026-01-29T20:49:41.000000Z`. */
export function microTime(instant: Instant): string {
  return instant.replace(/Z$/, '000Z');
}

/** A field of leads whose changes are told: its name in the domain, and its value as it is told. */
interface UpdatedField {
  key: string;
  /** Default: the value of the domain. */
  value?: (lead: LeadProfile) => unknown;
}

/** The fields of leads whose changes are told, by the vendor's words for them, in the order they are told. */
export const UPDATED_FIELDS = {
  fname: { key: 'firstName' },
  lname: { key: 'lastName' },
  email: { key: 'email' },
  phone_number: { key: 'phone' },
  company: { key: 'company' },
  category: { key: 'category' },
  source: { key: 'source' },
  source_id: { key: 'sourceId' },
  crm_id: { key: 'crmId' },
  comments: { key: 'comments' },
  team: { key: 'teamId', value: ({ team }) => team?.name },
  lead_owner: { key: 'ownerId', value: ({ owner }) => owner && joinName(owner) },
  is_stopped: { key: 'isStopped', value: ({ isStopped }) => asFlag(isStopped) },
  is_blocked: { key: 'isBlocked', value: ({ isBlocked }) => asFlag(isBlocked) },
  scheduled_call_at: {
    key: 'scheduledCallAt',
    value: ({ scheduledCallAt }) => scheduledCallAt && microTime(scheduledCallAt),
  },
  status: { key: 'status' },
  result: { key: 'result' },
  stage: { key: 'stage' },
  tags: { key: 'tagNames' },
  note: { key: 'note' },
} as const satisfies Record<string, UpdatedField>;

/** The vendor's word for a field of leads. */
export type UpdatedWord = keyof typeof UPDATED_FIELDS;

/** All words for fields of leads. */
export const UPDATED_WORDS = Object.keys(UPDATED_FIELDS) as UpdatedWord[];

/** The new value of a field that is one value, as it is told; null when it was emptied. */
export function toldValue(word: UpdatedWord, lead: LeadProfile): unknown {
  const { key, value }: UpdatedField = UPDATED_FIELDS[word];
  return (value ? value(lead) : lead[key as keyof LeadProfile]) ?? null;
}
