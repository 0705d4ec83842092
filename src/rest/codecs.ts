import { z } from 'zod';
import { isUuid } from '../domain/field-kinds';

/** A UUID in any case, as lower case. */
export function uuid(message: string) {
  return z
    .string({ error: message })
    .refine(isUuid, message)
    .transform((text) => text.toLowerCase())
    .meta({ format: 'uuid' });
}

/** The id of a path: any text, since one that is no UUID is the id of nothing and answers 404, not 400. */
export const pathId = z.string().meta({ format: 'uuid' });

/** What ten digits can say; which numbers there are, the account knows. */
export const RECORD_NUMBERS = { minimum: 0, maximum: 9_999_999_999 };

/** The whole number that names a record, also written as text. */
export function recordNumber(message: string) {
  return z
    .union(
      [
        z.int({ error: message }),
        z
          .string()
          .trim()
          .regex(/^\d{1,10}$/, message),
      ],
      { error: message },
    )
    .transform(Number)
    .meta({ 'x-record': true });
}

/** The number of a path: text that is none is the number of nothing and answers 404, not 400. */
export const pathNumber = z
  .string()
  .transform((text) => (/^\d{1,10}$/.test(text) ? Number(text) : -1))
  .meta({ type: 'integer', ...RECORD_NUMBERS });

/** A text with a length from `min` to `max` characters, ends trimmed. */
export function text({
  min = 0,
  max,
  missing,
  wrong,
}: {
  min?: number;
  max: number;
  missing: string;
  wrong: string;
}) {
  return z
    .string({ error: ({ input }) => (input === undefined || input === null ? missing : wrong) })
    .trim()
    .min(min, { error: ({ input }) => (input === '' ? missing : wrong) })
    .max(max, wrong);
}

/** A whole number of a query string from `min` to `max`. */
export function queryInt(
  name: string,
  { min, max, fallback }: { min: number; max: number; fallback: number },
) {
  const wrong = `${name} must be a whole number from ${min} to ${max}`;
  return z
    .string({ error: wrong })
    .refine((digits) => /^\d{1,9}$/.test(digits), wrong)
    .transform(Number)
    .refine((value) => value >= min && value <= max, wrong)
    .default(fallback)
    .meta({ type: 'integer', minimum: min, maximum: max });
}

/** One of the dialect's words, each standing for a word of the domain. */
export function wordOf<Wire extends string, Domain>(words: Record<Wire, Domain>, wrong: string) {
  return z.enum(Object.keys(words) as [Wire, ...Wire[]], { error: wrong }).transform((word) => words[word]);
}

/** The table of a {@link wordOf} turned round, for answers. */
export function wordFor<Wire extends string, Domain extends string>(words: Record<Wire, Domain>) {
  const byDomain = new Map(Object.entries(words).map(([wire, domain]) => [domain as Domain, wire as Wire]));
  return (value: Domain): Wire => byDomain.get(value) as Wire;
}
