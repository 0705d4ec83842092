import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Context } from '../../../domain/context';
import type { AccountScope } from '../../../domain/context-seed';
import { type Instant, instantWithin, parseInstant } from '../../../domain/datetime';
import { invalid } from '../../../domain/error';
import type { Condition } from '../../../domain/filter';
import { queryInt, RECORD_NUMBERS, recordNumber } from '../../codecs';

/** A row as an answer shows it: with the account whose it is, and the time of the answer. */
export type Seen<Row> = Row & { account: AccountScope; now: Date };

/**
 * The row with what its answer needs besides. It is the row itself, which is the answer's own: copies of so many
 * fields live so long that those of a long list would fill the memory.
 */
export function seen<Row extends object>(row: Row, ctx: Context): Seen<Row> {
  return Object.assign(row, { account: ctx.account, now: ctx.now() });
}

/** A field of every answer: the number of the account. */
export const accountId = {
  about: 'The account that it belongs to.',
  format: ({ account }: Seen<object>) => account.number,
  output: z.int(),
};

/** The message for a field that must be there and is not. */
export const missing = (name: string) => `The ${name} field is required.`;

const isGiven = (input: unknown) => input !== undefined && input !== null;

/** A text with at least one character that is no space, ends trimmed. */
export function requiredText(name: string, max = 255) {
  const wrong = `The ${name} must be a text of at most ${max} characters.`;
  return z
    .string({ error: ({ input }) => (isGiven(input) ? wrong : missing(name)) })
    .trim()
    .min(1, missing(name))
    .max(max, wrong);
}

const textOf = (name: string) =>
  z.union([z.string(), z.number().transform(String)], { error: `The ${name} must be a text.` }).nullable();

/** A text that may be empty; null is as empty. */
export function emptyableText(name: string) {
  return textOf(name).transform((text) => text ?? '');
}

/** A text or nothing; an empty one is nothing. */
export function optionalText(name: string) {
  return textOf(name).transform((text) => text?.trim() || null);
}

/** A phone number as people write it; which numbers there are, the domain knows. */
export function phone(name: string) {
  const wrong = `The ${name} must be a phone number.`;
  return z
    .union([z.string(), z.int().transform(String)], {
      error: ({ input }) => (isGiven(input) ? wrong : missing(name)),
    })
    .transform((text) => text.trim())
    .refine((text) => text !== '', { error: missing(name), abort: true })
    .refine((text) => /^[+(\d][\d ().x/-]{3,31}$/i.test(text), wrong);
}

const FLAGS = new Map<unknown, boolean>([
  ...[true, 1, '1', 'true'].map((word) => [word, true] as const),
  ...[false, 0, '0', 'false'].map((word) => [word, false] as const),
]);

/** Yes or no, however a client writes it: 0 and 1, true and false, or these as texts. */
export function flag(name: string) {
  const error = ({ input }: { input?: unknown }) =>
    isGiven(input) ? `The ${name} must be 0 or 1.` : missing(name);
  return z
    .union([z.literal([0, 1]), z.boolean(), z.enum(['0', '1', 'true', 'false'])], { error })
    .transform((word) => FLAGS.get(word) as boolean);
}

/** A flag in an answer. */
export const flagOutput = z.literal([0, 1]);

/** A flag as answers have it. */
export const asFlag = (is: boolean): 0 | 1 => (is ? 1 : 0);

const digits = z
  .string()
  .trim()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/** A whole number from 0 on, also written as text; which ones there may be, the domain knows. */
export function wholeNumber(name: string) {
  return z.union([z.int(), digits], { error: `The ${name} must be a whole number.` });
}

/** Whole numbers as a list, or as a text with commas between them. */
export function numberList(name: string) {
  const wrong = `The ${name} must be a list of whole numbers.`;
  const fromText = z.string().transform((text) => (text.trim() === '' ? [] : text.split(',')));
  return z
    .union([z.array(z.unknown()), fromText], { error: wrong })
    .pipe(z.array(z.union([z.int(), digits], { error: wrong })));
}

/** One of the words. */
export function wordIn<const Word extends string>(name: string, words: readonly Word[]) {
  return z.enum(words as readonly [Word, ...Word[]], {
    error: ({ input }) =>
      isGiven(input) ? `The ${name} must be one of: ${words.join(', ')}.` : missing(name),
  });
}

const ROW_FORMAT = 'yyyy-MM-dd HH:mm:ss';

function readDatetime(text: string): Instant | undefined {
  const day = DateTime.fromFormat(text, ROW_FORMAT, { zone: 'utc' });
  return day.isValid ? instantWithin(day.toJSDate()) : parseInstant(text);
}

/** A point in time as `YYYY-MM-DD HH:MM:SS`, which is UTC as in answers, or in ISO 8601 with its zone; null is none. */
export function datetime(name: string) {
  const wrong = `The ${name} must be a time like 2026-01-31 22:00:00.`;
  return z
    .string({ error: wrong })
    .transform((text, context) => {
      if (text.trim() === '') return null;
      const instant = readDatetime(text.trim());
      if (instant) return instant;
      context.addIssue({ code: 'custom', message: wrong });
      return z.NEVER;
    })
    .nullable();
}

/** A day of a query as `YYYY-MM-DD`; an empty one is none. */
export function day(name: string) {
  const wrong = `The ${name} must be a day like 2026-01-31.`;
  return z
    .string({ error: wrong })
    .refine((text) => text === '' || DateTime.fromFormat(text, 'yyyy-MM-dd', { zone: 'utc' }).isValid, wrong)
    .transform((text) => text || undefined)
    .meta({ format: 'date' })
    .optional();
}

/** The number of a record in a query; an empty one is none. */
export function queryRecord(name: string) {
  const wrong = `The ${name} must be the id of a record.`;
  return z
    .string({ error: wrong })
    .transform((text): string | number | undefined => text || undefined)
    .pipe(recordNumber(wrong).optional())
    .meta({ type: 'integer', 'x-record': true, ...RECORD_NUMBERS })
    .optional();
}

/**
 * That a time lies in the days from `start` to `end`, both included, as people in the account's zone count days.
 * Throws INVALID when the end is before the start.
 */
export function withinDays(
  { start, end }: { start?: string | undefined; end?: string | undefined },
  { timeZone: zone }: AccountScope,
): Condition {
  const startOf = (text: string) => DateTime.fromISO(text, { zone }).startOf('day');
  if (start && end && end < start) throw invalid({ end: ['The end must not be before the start.'] });
  // A day outside of what can be asked for bounds nothing.
  const gte = start && instantWithin(startOf(start).toJSDate());
  const lt = end && instantWithin(startOf(end).plus({ days: 1 }).startOf('day').toJSDate());
  return { ...(gte && { gte }), ...(lt && { lt }) };
}

/** A whole number of a query; an empty one is as not given. */
export function queryNumber(name: string, limits: Parameters<typeof queryInt>[1]) {
  return z.preprocess((text) => (text === '' ? undefined : text), queryInt(name, limits));
}

/** A phone number in a query; a plus sign that is not escaped arrives as a space, and an empty one is none. */
export function queryPhone(name: string) {
  return z
    .string({ error: `The ${name} must be a phone number.` })
    .transform((text): string | number | undefined => text.replace(/^ /, '+') || undefined)
    .pipe(phone(name).optional())
    .optional();
}

/** A phone number for people: `(602) 481-9661`, or international where numbers do not look like that. */
export function phoneFormatted(phone: string): string {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone) ?? [];
  if (area) return `(${area}) ${exchange}-${line}`;
  return parsePhoneNumberFromString(phone)?.formatInternational() ?? phone;
}

/**
 * A point in time in the rows of answers, `YYYY-MM-DD HH:MM:SS`. It is UTC: the vendor prints no zone, its webhooks
 * print the same moments with a Z, and in UTC no hour comes twice when clocks are set back.
 */
export function rowTime(instant: Instant): string {
  return instant.slice(0, 19).replace('T', ' ');
}

/** What a {@link rowTime} looks like. */
export const rowTimeOutput = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .meta({ examples: ['2026-01-31 22:00:00'] });

function localTime(instant: Instant, timeZone: string, format: string): string {
  return DateTime.fromISO(instant, { zone: timeZone, locale: 'en-US' })
    .toFormat(format)
    .replace(/[AP]M/, (half) => half.toLowerCase());
}

/** A point in time for people, in the account's zone: `11/30/20 10:54am`. */
export function timeFormatted(instant: Instant, { timeZone }: AccountScope): string {
  return localTime(instant, timeZone, 'MM/dd/yy h:mma');
}

/** The same with the zone: `06/13/24 3:48pm MST`. */
export function timeWithZone(instant: Instant, { timeZone }: AccountScope): string {
  return localTime(instant, timeZone, 'MM/dd/yy h:mma ZZZZ');
}
