import { z } from 'zod';
import { isDate } from '../../../domain/analytics/period.rules';
import type { Instant } from '../../../domain/datetime';
import { isEmail } from '../../../domain/field-kinds';
import { isStorable, lengthOf } from '../../../domain/text';
import { RECORD_NUMBERS, recordNumber } from '../../codecs';

/** The message for a body that is no object. */
export const NO_OBJECT = 'The request body must be a JSON object.';

/** The message for a field that must be there and is not. */
export const missing = (name: string) => `The ${name} field is required.`;

const isGiven = (input: unknown) => input !== undefined && input !== null;

/** The message for a value that is missing, or another for one that is wrong. */
const requiredOr =
  (name: string, wrong: string) =>
  ({ input }: { input?: unknown }) =>
    isGiven(input) ? wrong : missing(name);

const isAtMost = (max: number) => (text: string) => lengthOf(text) <= max;

function trimmedText(name: string, max: number) {
  return z
    .string({ error: requiredOr(name, `The ${name} must be a string.`) })
    .trim()
    .refine(isStorable, `The ${name} may not contain NUL bytes or unpaired surrogates.`)
    .refine(isAtMost(max), `The ${name} may not be greater than ${max} characters.`);
}

/** A text with at least one character that is no space. */
export function requiredText(name: string, max = 255) {
  return trimmedText(name, max).refine((text) => text !== '', missing(name));
}

/** A text that may be empty; null is as empty. */
export function emptyableText(name: string, max = 255) {
  return trimmedText(name, max)
    .nullable()
    .transform((text) => text ?? '');
}

/** A text or nothing; an empty one is nothing. */
export function optionalText(name: string, max: number) {
  return trimmedText(name, max)
    .nullable()
    .transform((text) => text || null);
}

/** What stands for an address that a new contact lacks; no client can send it. */
export const ASKED_FOR = Symbol('asked for');

/** An e-mail address; null and an empty one empty the field. */
export const email = z
  .string({ error: ({ input }) => (input === ASKED_FOR ? missing('email') : 'The email must be a string.') })
  .trim()
  .refine((text) => text === '' || isEmail(text), 'The email must be a valid email address.')
  .meta({ format: 'email' })
  .nullable()
  .transform((text) => text || null);

/** A phone number as it is written; null and an empty one empty the field. */
export const phone = z
  .string({ error: 'The phone must be a string.' })
  .trim()
  .refine(
    (text) => text === '' || /^\+?[0-9 ()-]{5,40}$/.test(text),
    'The phone must be a valid phone number.',
  )
  .nullable()
  .transform((text) => text || null);

/** The audience of a contact. */
export const audienceId = z.preprocess((given, context) => {
  if (!isGiven(given)) context.addIssue({ code: 'custom', message: missing('audience_id') });
  return given;
}, recordNumber('The audience_id must be an integer.'));

const BAD_GROUPS = 'The groups must be an array of group ids.';

/** Groups of an audience; null is as none. */
export const groupIds = z
  .array(recordNumber(BAD_GROUPS), { error: BAD_GROUPS })
  .nullable()
  .transform((numbers) => numbers ?? []);

const PAGE_MAX = 100_000_000;

/** A whole number of a query from 1 on; above `max` it counts as `max`, and an empty one is none. */
function countFrom1(name: string, { max, fallback }: { max: number; fallback: number }) {
  const wrong = `The ${name} must be an integer of at least 1.`;
  return z
    .string({ error: wrong })
    .trim()
    .transform((text) => text || String(fallback))
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) > 0, wrong)
    .transform((text) => Math.min(Number(text), max))
    .prefault(String(fallback))
    .meta({ type: 'integer', minimum: 1, maximum: 999_999_999_999_999 });
}

/** The parameters of every list. */
export const paging = {
  page: countFrom1('page', { max: PAGE_MAX, fallback: 1 }).describe('Page number (default 1).'),
  per_page: countFrom1('per_page', { max: 100, fallback: 25 }).describe(
    'Rows per page (default 25); above 100 it counts as 100.',
  ),
};

/** Which part of a list is asked for. */
export interface Paging {
  page: number;
  per_page: number;
}

/** The part of a list, newest first. */
export function sliceOf({ page, per_page: limit }: Paging) {
  return { limit, offset: (page - 1) * limit };
}

/** A text in a query; an empty one is none. */
export function queryText(name: string) {
  return z
    .string({ error: `The ${name} must be a string.` })
    .transform((text) => text.trim() || undefined)
    .optional();
}

/** A phone number in a query, where a plus sign that is not escaped arrives as a space. */
export const queryPhone = z
  .string({ error: 'The phone must be a string.' })
  .transform((text) => text.replace(/^ (?=\d)/, '+').trim() || undefined)
  .optional();

/** The number of a record in a query; an empty one is none. */
export function queryRecord(name: string) {
  const wrong = `The ${name} must be an integer.`;
  return z
    .string({ error: wrong })
    .transform((text): string | number | undefined => text.trim() || undefined)
    .pipe(recordNumber(wrong).optional())
    .meta({ type: 'integer', 'x-record': true, ...RECORD_NUMBERS })
    .optional();
}

/** One of the words in a query; an empty one is none. */
export function queryWord<const Word extends string>(name: string, words: readonly Word[]) {
  const wrong = `The ${name} must be one of: ${words.join(', ')}.`;
  return z
    .enum([...words, ''], { error: wrong })
    .transform((word) => (word === '' ? undefined : (word as Word)))
    .optional();
}

/** A day in a query; an empty one is none. */
export function queryDate(name: string) {
  const wrong = `The ${name} must be a date like 2026-01-31.`;
  return z
    .string({ error: wrong })
    .transform((text) => text.trim() || undefined)
    .refine((text) => text === undefined || isDate(text), wrong)
    .meta({ format: 'date' })
    .optional();
}

/** A point in time as answers have it: `2026-01-15T10:30:00Z`. */
export function wireTime(instant: Instant): string {
  return `${instant.slice(0, 19)}Z`;
}

/** When a row was made and last changed. */
export const times = {
  created_at: {
    about: 'When it was made.',
    format: ({ createdAt }: { createdAt: Instant }) => wireTime(createdAt),
    output: z.iso.datetime(),
  },
  updated_at: {
    about: 'When it was last changed.',
    format: ({ updatedAt }: { updatedAt: Instant }) => wireTime(updatedAt),
    output: z.iso.datetime(),
  },
};
