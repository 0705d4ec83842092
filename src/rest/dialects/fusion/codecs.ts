import { DateTime } from 'luxon';
import { z } from 'zod';
import { isEmail } from '../../../domain/field-kinds';
import type { DialStatus } from '../../../domain/lead/lead.entity';
import { uuid, wordOf } from '../../codecs';

/** The vendor's words for how far a lead's calls have come. */
export const STATUS_WORDS: Record<string, DialStatus> = {
  pending: 'pending',
  'in-progress': 'in_progress',
  retry: 'retry',
  completed: 'completed',
  failed: 'failed',
};

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?: *(Z|[+-]\d{2}:?\d{2})| (\d{2}:?\d{2}))?)?$/i;
const ZONE = /(?<![a-z])(z|ut|utc|gmt|[ecmp][sd]t)(?![a-z])|:\d{2} *[+-]\d{2}:?\d{2}/i;

/** The text with a zone, as JavaScript reads it. */
function withZone(text: string): string {
  const [, day, time = '00:00', zone, unsigned] = ISO.exec(text) ?? [];
  // A plus sign that is not escaped in a query string arrives as a space.
  if (day) return `${day}T${time}${unsigned ? `+${unsigned}` : (zone ?? 'Z')}`.toUpperCase();
  return ZONE.test(text) ? text : `${text} UTC`;
}

function readDatetime(text: string): string | undefined {
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  // JavaScript would take 30 February for 2 March.
  if (day && !DateTime.fromISO(day).isValid) return undefined;
  const date = new Date(withZone(text));
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString() : undefined;
}

const BAD_DATETIME = 'Invalid datetime format';

/** A point in time in any of the vendor's formats, or another that JavaScript reads; without a zone it is UTC. */
export function datetimeOr(missing: string) {
  return z
    .string({ error: ({ input }) => (input === undefined || input === null ? missing : BAD_DATETIME) })
    .transform((text, context) => {
      const instant = readDatetime(text.trim());
      if (instant) return instant;
      context.addIssue({ code: 'custom', message: BAD_DATETIME });
      return z.NEVER;
    });
}

/** The same where nothing given is as bad as a wrong format. */
export const datetime = datetimeOr(BAD_DATETIME);

const NO_PHONE = 'Phone number is required';
const BAD_PHONE = 'Invalid phone number';

function readPhone(text: string): string | undefined {
  if (!/^[\d +()-]{10,25}$/.test(text)) return undefined;
  const digits = text.replace(/\D/g, '');
  if (text.trim().startsWith('+')) return /^[1-9]\d{9,14}$/.test(digits) ? `+${digits}` : undefined;
  if (/^\d{10}$/.test(digits)) return `+1${digits}`;
  return /^1\d{10}$/.test(digits) ? `+${digits}` : undefined;
}

function phoneBy(read: (text: string) => string | undefined) {
  return z
    .string({
      error: ({ input }) => (input === undefined || input === null ? NO_PHONE : BAD_PHONE),
    })
    .transform((text, context) => {
      const number = read(text);
      if (number) return number;
      context.addIssue({ code: 'custom', message: text === '' ? NO_PHONE : BAD_PHONE });
      return z.NEVER;
    });
}

/** A phone number by the vendor's rule: ten digits are American, eleven from 1 too, a plus sign is kept. */
export const phone = phoneBy(readPhone);

/** The same in a query string, where a plus sign that is not escaped arrives as a space. */
export const queryPhone = phoneBy((text) => readPhone(text.replace(/^ /, '+')));

const BAD_EMAIL = 'Invalid email format';

/** An e-mail address. */
export const emailAddress = z
  .string({ error: BAD_EMAIL })
  .refine(isEmail, BAD_EMAIL)
  .meta({ format: 'email', maxLength: 254 });

/** An e-mail address; null empties the field, and so does what a form sends that was left blank. */
export const email = z.preprocess((text) => (text === '' ? null : text), emailAddress.nullable());

const KEY = /^[A-Za-z0-9_-]{1,50}$/;
const BAD_TAGS = 'Tags must be an array of strings';

const BAD_TAG = 'Tags can only contain letters, numbers, hyphens, and underscores';

/** Tags; null empties the list. */
export const tags = z
  .array(z.string({ error: BAD_TAGS }).regex(KEY, BAD_TAG), { error: BAD_TAGS })
  .max(20, 'Maximum 20 tags allowed')
  .nullable()
  .transform((names) => names ?? []);

const BAD_FIELDS = 'Custom fields must be an object';
const BAD_FIELD_NAME = 'Custom field names can only contain letters, numbers, hyphens, and underscores';
const BAD_VALUE = 'Custom field values must be strings of at most 1000 characters, numbers, booleans or null';

/** Values of the account's own by name; null changes nothing. */
export const customFields = z
  .record(
    z.string().regex(KEY),
    z.union([z.string().max(1000, BAD_VALUE), z.number(), z.boolean(), z.null()], { error: BAD_VALUE }),
    { error: ({ code }) => (code === 'invalid_key' ? BAD_FIELD_NAME : BAD_FIELDS) },
  )
  .refine((fields) => Object.keys(fields).length <= 20, 'Maximum 20 custom fields allowed')
  .meta({ maxProperties: 20 })
  .nullable()
  .transform((fields) => fields ?? {});

/** The id of a campaign in a body or a query. */
export const campaignId = uuid('Invalid campaign_id');

/** How the leads of a campaign are reached. */
export const kind = z.enum(['call', 'sms'], { error: 'Kind must be one of: call, sms' });

/** The status of a lead, to filter by. */
export const status = wordOf(STATUS_WORDS, `Status must be one of: ${Object.keys(STATUS_WORDS).join(', ')}`);
