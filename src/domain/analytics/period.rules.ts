import { DateTime } from 'luxon';
import { type Instant, toInstant } from '../datetime';
import { type FieldMessages, invalid } from '../error';

/** The stretches that numbers are told in; weeks begin on Monday. */
export type Interval = 'day' | 'week' | 'month';

/** Days of the account’s zone, both included, like 2026-01-31, and the stretches between them. */
export interface Period {
  from: string;
  to: string;
  interval: Interval;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const YEARS_MAX = 3;

const dateOf = (text: string) => DateTime.fromISO(text, { zone: 'utc' });

/** Whether the text is a day like 2026-01-31. */
export function isDate(text: string): boolean {
  return DATE.test(text) && dateOf(text).isValid && Number(text.slice(0, 4)) >= 1;
}

/** The day of the moment in the zone. */
export function dayOf(now: Date, zone: string): string {
  return DateTime.fromJSDate(now, { zone }).toISODate() as string;
}

/** The first of so many days of which the given one is the last. */
export function firstOfDays(count: number, last: string): string {
  const days = count - 1;
  return dateOf(last).minus({ days }).toISODate() as string;
}

/** The period, checked: dates that exist, in order, at most three years, by days when nothing is said. Throws INVALID. */
export function checkPeriod({ from, to, interval = 'day' }: Partial<Period>): Period {
  const problems: FieldMessages = {};
  for (const [name, text] of Object.entries({ from, to })) {
    if (!isDate(text ?? '')) problems[name] = [`${name} must be a date like 2026-01-31.`];
  }
  if (!['day', 'week', 'month'].includes(interval))
    problems.interval = ['interval must be one of day, week, month.'];
  if (Object.keys(problems).length > 0) throw invalid(problems);
  const [first, last] = [dateOf(String(from)), dateOf(String(to))];
  if (last < first) throw invalid({ to: ['to must not be before from.'] });
  if (last >= first.plus({ years: YEARS_MAX }))
    throw invalid({ to: [`to must be less than ${YEARS_MAX} years after from.`] });
  return { from: String(from), to: String(to), interval };
}

/** The first day of the stretch that the date is in, or the first day of the period when that is later. */
export function stretchOf({ from, interval }: Period, date: string): string {
  const start = dateOf(date).startOf(interval).toISODate() as string;
  return start < from ? from : start;
}

/** The first days of all stretches of the period, in order; at most 1,097. */
export function stretchesOf(period: Period): string[] {
  const stretches: string[] = [];
  let day = dateOf(period.from);
  while (day <= dateOf(period.to)) {
    stretches.push(day.toISODate() as string);
    day = day.startOf(period.interval).plus({ [`${period.interval}s`]: 1 });
  }
  return stretches;
}

const QUARTER_MS = 900_000;

/** The first quarter of an hour that is on the date or later in the zone: midnight may come twice, or not at all. */
function startOf(date: string, zone: string): Instant {
  let ms = dateOf(date).minus({ days: 1 }).toMillis();
  while ((DateTime.fromMillis(ms, { zone }).toISODate() as string) < date) ms += QUARTER_MS;
  return toInstant(new Date(ms));
}

/** The moment that a period begins at, and the one that it ends before. */
export function boundsOf({ from, to }: Period, zone: string): [Instant, Instant] {
  return [startOf(from, zone), startOf(dateOf(to).plus({ days: 1 }).toISODate() as string, zone)];
}
