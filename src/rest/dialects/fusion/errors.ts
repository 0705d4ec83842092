import type { DomainError, FieldMessages } from '../../../domain/error';
import type { Quota } from '../../../domain/rate-limit';
import type { Dialect, Reply } from '../../dialect';
import { retryHeaders } from '../../quota-headers';

// What the domain says of every door, as the vendor says it.
const VENDOR_TEXTS = new Map([
  ['Calendar event not found', 'Event not found'],
  ['endsAt must be after startsAt.', 'End time must be after start time'],
]);
const LEAD_PATH = /^leads\.(\d+)/;

function inVendorWords(text: string): string {
  return VENDOR_TEXTS.get(text) ?? text;
}

function messagesBy<Key>(fields: FieldMessages, keyOf: (path: string) => Key): [Key, string[]][] {
  const messagesByKey = new Map<Key, Set<string>>();
  for (const [path, messages] of Object.entries(fields)) {
    const known = messagesByKey.get(keyOf(path)) ?? [];
    messagesByKey.set(keyOf(path), new Set([...known, ...messages.map(inVendorWords)]));
  }
  return [...messagesByKey].map(([key, messages]) => [key, [...messages]]);
}

/** Messages by field, or for the leads of a batch a list of the bad ones with their messages. */
function detailsOf(fields: FieldMessages): unknown {
  const isOfLeads = Object.keys(fields).every((path) => LEAD_PATH.test(path));
  if (!isOfLeads) return Object.fromEntries(messagesBy(fields, (path) => path.split('.')[0]));
  return messagesBy(fields, (path) => Number(LEAD_PATH.exec(path)?.[1]))
    .sort(([a], [b]) => a - b)
    .map(([index, errors]) => ({ index, errors }));
}

function failure(status: number, text: string, fields?: FieldMessages): Reply {
  const details = fields && { details: detailsOf(fields) };
  return { status, body: { success: false, error: inVendorWords(text), ...details } };
}

function isOfCampaign({ fields = {} }: DomainError): boolean {
  return Object.keys(fields).some((path) => /(^|\.)campaign_id$/.test(path));
}

function rateLimited(error: DomainError, quota?: Quota): Reply {
  const limit = quota?.limit ?? 0;
  return {
    status: 429,
    headers: retryHeaders(error),
    body: {
      error: 'Rate limit exceeded',
      message: `Too many requests. Limit: ${limit} requests per minute.`,
      retryAfter: error.retryAfterSeconds ?? 1,
      limit,
      remaining: 0,
    },
  };
}

/** The vendor's answers to failures. */
export const errors: Dialect['errors'] = {
  UNAUTHENTICATED: () => ({
    status: 401,
    body: { error: 'Unauthorized', message: 'Invalid or missing API key' },
  }),
  FORBIDDEN: (error) => failure(403, error.message),
  NOT_FOUND: (error) => failure(404, isOfCampaign(error) ? 'Campaign not found' : error.message),
  INVALID: (error) => failure(400, error.message, error.fields),
  CONFLICT: (error) => failure(409, error.message),
  KEY_IN_USE: (error) => ({ ...failure(409, error.message), headers: retryHeaders(error) }),
  KEY_REUSED: (error) => failure(422, error.message),
  RATE_LIMITED: rateLimited,
  PAYLOAD_TOO_LARGE: (error) => failure(413, error.message),
  UNAVAILABLE: (error) => ({ ...failure(503, error.message), headers: retryHeaders(error) }),
  INTERNAL: () => failure(500, 'Internal server error'),
};
