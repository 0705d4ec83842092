import { z } from 'zod';
import type { Context } from '../../../domain/context';
import type { Instant } from '../../../domain/datetime';
import { DomainError } from '../../../domain/error';
import { isUuid } from '../../../domain/field-kinds';
import { recordNumber } from '../../codecs';
import { strtotime } from './strtotime.rules';

/** The message for a parameter that must be there and is not. */
export const missing = (name: string) => `The parameter ${name} is required.`;

/** The message for parameters that are no object; the pipeline has refused those before. */
export const NO_OBJECT = 'The parameters must be an object.';

/** Forms send texts alone, JSON may send numbers. */
const asText = (value: unknown) => (typeof value === 'number' ? String(value) : value);

/** A text that says something, ends trimmed. */
export function text(name: string) {
  const said = z
    .string({ error: ({ input }) => (input === undefined ? missing(name) : `${name} must be a text.`) })
    .trim()
    .min(1, missing(name));
  return z.preprocess(asText, said).meta({ type: 'string' });
}

/** An optional text. */
export const words = (name: string) => text(name).optional();

/** The whole number of a record. */
export function record(name: string) {
  const wrong = `${name} must be a whole number.`;
  return recordNumber(wrong);
}

/** The same where one must be given. */
export function requiredRecord(name: string) {
  return z.preprocess((given, context) => {
    if (given === undefined) context.addIssue({ code: 'custom', message: missing(name) });
    return given;
  }, record(name));
}

/** A whole number that names nothing. */
export function wholeNumber(name: string, { min = 0, max = 2_147_483_647 } = {}) {
  const wrong = `${name} must be a whole number from ${min} to ${max}.`;
  return z
    .union([z.int(), z.string().regex(/^\s*\d{1,10}\s*$/, wrong)], { error: wrong })
    .transform(Number)
    .refine((value) => value >= min && value <= max, wrong)
    .meta({ type: 'integer', minimum: min, maximum: max });
}

const FLAGS: Record<string, boolean> = {
  ...{ '1': true, true: true, yes: true, on: true },
  ...{ '0': false, false: false, no: false, off: false },
};

/** Yes or no, in the words of forms and of JSON. */
export function flag(name: string) {
  return z
    .union([z.boolean(), z.int(), z.string()])
    .transform((given) => FLAGS[String(given).trim().toLowerCase()])
    .refine((value) => value !== undefined, `${name} must be true or false.`)
    .transform((value) => value as boolean)
    .meta({ type: 'boolean' });
}

/** Several values: a list, or a text with commas between them; empty ones are none. */
export function list(name: string) {
  const item = z.union([z.string(), z.int()]);
  return z
    .union([z.array(item), item, z.record(z.string(), item)], { error: `${name} must be a list.` })
    .transform((given) => (typeof given === 'object' ? Object.values(given) : String(given).split(',')))
    .transform((items) => items.map((one) => String(one).trim()).filter(Boolean));
}

/** Several whole numbers of records. */
export function records(name: string) {
  return list(name)
    .refine((items) => items.every((item) => /^\d{1,10}$/.test(item)), `${name} must hold whole numbers.`)
    .transform((items) => items.map(Number));
}

const isTime = (given: string) => strtotime(given, new Date(0), 'utc') !== undefined;

/** A time as PHP's strtotime reads it; {@link instantOf} makes it an instant. */
export function time(name: string) {
  return text(name)
    .refine(
      (given) => isTime(given as string),
      `${name} must be a time like 2018-01-01T10:00:00+00:00 or -30 days.`,
    )
    .transform(String);
}

/** The instant of a {@link time}: without a zone it is of the account's. */
export function instantOf(ctx: Context, given: string): Instant {
  return strtotime(given, ctx.now(), ctx.account.timeZone) as Instant;
}

function parsed(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    return JSON.parse(given);
  } catch {
    return undefined;
  }
}

/** A stretch of time: an object, or its JSON as text, with `after`, `before` or both; an end that is empty is none. */
export function period(name: string) {
  const wrong = `${name} must be JSON like {"after":"2018-01-01","before":"-30 days"}.`;
  const end = z.preprocess(
    (given) => (given === null || given === '' ? undefined : given),
    z.string(wrong).refine(isTime, wrong).optional(),
  );
  return z
    .preprocess(parsed, z.object({ after: end, before: end }, wrong))
    .optional()
    .meta({ type: 'string' });
}

/** A {@link period} with instants for its ends. */
export function periodOf(
  ctx: Context,
  given: { after?: string | undefined; before?: string | undefined } | undefined,
) {
  if (!given) return undefined;
  const { after, before } = given;
  return {
    ...(after !== undefined && { after: instantOf(ctx, after) }),
    ...(before !== undefined && { before: instantOf(ctx, before) }),
  };
}

/** How many rows, and how many before them. */
export const slice = {
  limit: wholeNumber('limit', { min: 1, max: 1000 }).default(50).describe('Rows of the answer.'),
  offset: wholeNumber('offset', { max: 1_000_000 }).default(0).describe('Rows before them.'),
};

/** The id of a path: a whole number or a UUID; anything else is the id of nothing. */
export const pathRef = z
  .string()
  .transform((given) => (/^\d{1,10}$/.test(given) ? Number(given) : isUuid(given) ? given.toLowerCase() : -1))
  .meta({ type: 'string' });

/** An instant as the vendor writes it: ISO 8601 with the offset as numbers. */
export function wireTime(instant: Instant): string {
  return `${instant.slice(0, 19)}+00:00`;
}

/** See {@link wireTime}; empty stays empty. */
export const timeOrNull = (instant: Instant | null | undefined) => (instant ? wireTime(instant) : null);

/** What an answered time looks like. */
export const timeOutput = z.string().meta({ format: 'date-time' });

const NOTHING = 'There is nothing to change: at least one parameter is required.';

const isSomething = (given: Record<string, unknown>) =>
  Object.values(given).some((value) => value !== undefined);

/** Refuses parameters that name nothing to do. */
export function something<Body extends z.ZodType<Record<string, unknown>>>(body: Body) {
  return body.refine(isSomething, NOTHING);
}

/** The same for parameters that are checked already. Throws INVALID. */
export function someOf<Given extends Record<string, unknown>>(given: Given): Given {
  if (!isSomething(given)) throw new DomainError('INVALID', NOTHING);
  return given;
}
