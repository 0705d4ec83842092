import { DateTime } from 'luxon';
import { z } from 'zod';
import { isEmail } from '../../../domain/field-kinds';
import { isStorable } from '../../../domain/text';

/** The vendor's texts for a field that is not there, and for one that is empty. */
export const REQUIRED = 'This field is required.';
/** See {@link REQUIRED}. */
export const BLANK = 'This field may not be blank.';
/** The same in the words of the operations on appointments. */
export const BLANK_OF_APPOINTMENT = 'This field is may not be blank.';

/** A given value as text: forms send nothing else, JSON may send numbers. */
function asText(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

/** A body of fields; one that is no object has none of them. */
export function anyFields<Body extends z.ZodType>(body: Body) {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return z.preprocess((value) => (isObject(value) ? value : {}), body);
}

/** A body in which nothing stands is as none. */
export function someFields<Body extends z.ZodType>(body: Body) {
  const isEmpty = (value: unknown) => typeof value === 'object' && value && Object.keys(value).length === 0;
  return z.preprocess((value) => (isEmpty(value) ? undefined : value), body);
}

const UNSTORABLE = 'This field may not contain NUL bytes or unpaired surrogates.';

const given = (blank: string) => z.string({ error: ({ input }) => (input === undefined ? REQUIRED : blank) });

/** A password: spaces at its ends belong to it. */
export const secret = z.preprocess(asText, given(BLANK).min(1, BLANK)).meta({ type: 'string' });

/** A text that is not blank, ends trimmed, of at most `max` characters. */
export function words({ max, blank = BLANK }: { max?: number; blank?: string } = {}) {
  const text = given(blank).trim().min(1, { error: blank, abort: true }).refine(isStorable, UNSTORABLE);
  const bounded = max ? text.max(max, `Ensure this field has no more than ${max} characters.`) : text;
  return z.preprocess(asText, bounded).meta({ type: 'string', ...(max && { maxLength: max }) });
}

/** A text that may be empty, which is as if it were not given. */
export function optionalWords(max: number) {
  return z
    .preprocess(
      asText,
      z
        .string({ error: BLANK })
        .trim()
        .refine(isStorable, UNSTORABLE)
        .max(max, `Ensure this field has no more than ${max} characters.`),
    )
    .transform((text) => text || null)
    .meta({ type: 'string', maxLength: max });
}

/** A text that a list is searched for. */
export function search(name: string, about: string) {
  const wrong = `The filter on ${name} contains a NUL byte or an unpaired surrogate.`;
  return z.string().trim().refine(isStorable, wrong).optional().describe(about);
}

/** An e-mail address. */
export const email = words({ max: 255 }).refine((text) => isEmail(text as string), 'Invalid email.');

/** What is said of a text that is no phone number. */
export const BAD_PHONE = "Phone number must be entered in the format: '999999999'. Up to 15 digits allowed.";

/** A phone number: 9 to 15 digits, with or without a plus sign. */
export const phone = words().refine((text) => /^\+?1?\d{9,15}$/.test(text as string), BAD_PHONE);

/** What is said of a choice that is none. */
export const notAChoice = (value: unknown) =>
  `"${typeof value === 'object' ? JSON.stringify(value) : String(value)}" is not a valid choice.`;

/** A word that the account knows, or none; which there are, the domain knows. */
export const ownWord = z
  .preprocess(asText, z.string({ error: ({ input }) => notAChoice(input) }).trim())
  .meta({ type: 'string' });

/** One of the vendor's words. */
export function choice<Wire extends string>(choices: readonly Wire[]) {
  return z.enum(choices, { error: ({ input }) => notAChoice(input) });
}

/** The whole number that names a record. */
export function recordId({ blank, wrong }: { blank: string; wrong: string }) {
  return words({ blank })
    .refine((text) => /^\d{1,10}$/.test(text as string), wrong)
    .transform(Number)
    .meta({ type: 'string', 'x-record': true });
}

const LOCAL = 'yyyy-MM-dd HH:mm';

/** A time of the account's clock, `yyyy-mm-dd HH:MM`; {@link instantOf} makes it an instant. */
export const localTime = words({ blank: BLANK_OF_APPOINTMENT }).refine(
  (text) => DateTime.fromFormat(text as string, LOCAL).isValid,
  'Invalid date format.',
);

/** The instant of a time of the account's clock. */
export function instantOf(local: string, timeZone: string): string {
  return DateTime.fromFormat(local, LOCAL, { zone: timeZone }).toUTC().toISO() as string;
}

/** An instant as the account's clock shows it. */
export function localOf(instant: string, timeZone: string): string {
  return DateTime.fromISO(instant, { zone: timeZone }).toFormat(LOCAL);
}

/** The first and the last moment of a day `MM/DD/YYYY` of the account's clock; undefined when there is no such day. */
export function dayOf(text: string, timeZone: string): [from: string, until: string] | undefined {
  const day = DateTime.fromFormat(text, 'MM/dd/yyyy', { zone: timeZone });
  if (!day.isValid) return undefined;
  return [day, day.plus({ days: 1 })].map((one) => one.toUTC().toISO()) as [string, string];
}

function numberOr(fallback: number, min: number) {
  return z.string().transform((text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : fallback;
    return value < min ? fallback : value;
  });
}

/** `limit` and `offset` of a query: what is no number counts as not given; at most 100 rows, 10 by default. */
export const slice = {
  limit: numberOr(10, 1)
    .transform((limit) => Math.min(limit, 100))
    .prefault('10')
    .meta({ type: 'integer', minimum: 1, maximum: 100 })
    .describe('Rows of a page.'),
  offset: numberOr(0, 0)
    .prefault('0')
    .meta({ type: 'integer', minimum: 0, maximum: 999_999_999 })
    .describe('Rows before it.'),
};
