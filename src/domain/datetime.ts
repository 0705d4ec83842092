import { DateTime } from 'luxon';

/** An instant as the program knows it: `YYYY-MM-DDTHH:mm:ss.sssZ`. */
export type Instant = string;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** The instant that an RFC 3339 text with a zone names, or undefined for any other text. */
export function parseInstant(text: string): Instant | undefined {
  if (!INSTANT.test(text)) return undefined;
  const parsed = DateTime.fromISO(text, { zone: 'utc' });
  return parsed.isValid ? instantWithin(parsed.toJSDate()) : undefined;
}

/** The instant of a JS date; undefined outside the years 1 to 9999, which are all that our texts and PostgreSQL have. */
export function instantWithin(date: Date): Instant | undefined {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? toInstant(date) : undefined;
}

/** The instant of a JS date. */
export function toInstant(date: Date): Instant {
  return date.toISOString();
}

/** The instant in PostgreSQL's text form of a timestamptz in a UTC session (`2026-06-17 12:00:00.5+00`). */
export function instantFromPostgres(text: string): Instant {
  const zoneAt = text.length - 3;
  if (text.charCodeAt(10) !== 32 || !text.endsWith('+00')) return toInstant(new Date(text));
  if (zoneAt === 23) return `${text.slice(0, 10)}T${text.slice(11, 23)}Z`;
  const fraction = zoneAt > 19 ? text.slice(20, zoneAt).padEnd(3, '0').slice(0, 3) : '000';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

/** Midnight of the moment's day in the zone. */
export function startOfDay(now: Date, timeZone: string): Date {
  return DateTime.fromJSDate(now, { zone: timeZone }).startOf('day').toJSDate();
}

/** Midnight after the moment's day in the zone. */
export function startOfNextDay(now: Date, timeZone: string): Date {
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  return local.plus({ days: 1 }).startOf('day').toJSDate();
}

/** Whether the text is an IANA time zone that this runtime knows. */
export function isTimeZone(text: string): boolean {
  return /^[A-Za-z]/.test(text) && DateTime.local({ zone: text }).isValid && !/^utc[+-]/i.test(text);
}
