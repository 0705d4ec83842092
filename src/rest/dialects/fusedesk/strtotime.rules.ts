import { DateTime, type DurationLikeObject } from 'luxon';
import { type Instant, instantWithin } from '../../../domain/datetime';

type Match = RegExpExecArray;
type Step = [form: RegExp, move: (at: DateTime, match: Match) => DateTime | undefined];

const UNITS: Record<string, keyof DurationLikeObject> = {
  ...{ sec: 'seconds', second: 'seconds', min: 'minutes', minute: 'minutes', hour: 'hours' },
  ...{ day: 'days', week: 'weeks', month: 'months', year: 'years' },
};
const UNIT = '(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\\b';
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = `(${MONTHS.join('|')})[a-z]*\\.?`;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY = `(${DAYS.join('|')})[a-z]*`;
const ZONE = '(?:\\s*(Z|UTC|GMT|[+-]\\d{2}:?\\d{2})(?!\\s*[a-z\\d]))?';

function onDay(at: DateTime, year: string, month: string | number, day: string): DateTime {
  return DateTime.fromObject(
    { year: Number(year), month: Number(month), day: Number(day) },
    { zone: at.zone },
  );
}

function inZone(at: DateTime, zone: string | undefined): DateTime {
  if (!zone) return at;
  const offset = /^[+-]/.test(zone) ? `UTC${zone.replace(/^(.\d\d):?/, '$1:')}` : 'utc';
  return at.setZone(offset, { keepLocalTime: true });
}

function atTime(at: DateTime, [, hour, minute = '0', second = '0', half, zone]: (string | undefined)[]) {
  const hours = Number(hour);
  if (half && (hours < 1 || hours > 12)) return undefined;
  const hour24 = half ? (hours % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : hours;
  if (hour24 > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const day = at.startOf('day');
  return inZone(day.set({ hour: hour24, minute: Number(minute), second: Number(second) }), zone);
}

/** PHP counts on from the day that a month does not have: a month before March 31 is March 3. */
function plusMonths(at: DateTime, months: number): DateTime {
  return at
    .set({ day: 1 })
    .plus({ months })
    .plus({ days: at.day - 1 });
}

function moved(at: DateTime, amount: number, unit: string): DateTime {
  const word = unit.toLowerCase();
  if (word === 'fortnight') return at.plus({ days: 14 * amount });
  if (word === 'month') return plusMonths(at, amount);
  if (word === 'year') return plusMonths(at, 12 * amount);
  return at.plus({ [UNITS[word] as string]: amount });
}

function onWeekday(at: DateTime, which: string | undefined, day: string): DateTime {
  const ahead = (DAYS.indexOf(day.toLowerCase()) + 1 - at.weekday + 7) % 7;
  const isPast = which?.toLowerCase() === 'last';
  const days = isPast ? (ahead || 7) - 7 || -7 : which?.toLowerCase() === 'next' ? ahead || 7 : ahead;
  return at.startOf('day').plus({ days });
}

const NAMED: Record<string, (at: DateTime) => DateTime> = {
  now: (at) => at,
  today: (at) => at.startOf('day'),
  midnight: (at) => at.startOf('day'),
  noon: (at) => at.startOf('day').set({ hour: 12 }),
  tomorrow: (at) => at.startOf('day').plus({ days: 1 }),
  yesterday: (at) => at.startOf('day').minus({ days: 1 }),
};

const STEPS: Step[] = [
  [/^@(-?\d{1,11})(?:\.\d+)?/, (_, [, seconds]) => DateTime.fromSeconds(Number(seconds), { zone: 'utc' })],
  [
    new RegExp(
      `^(\\d{4})-(\\d{2})-(\\d{2})(?:T|\\s+)(\\d{1,2}):?(\\d{2})(?::?(\\d{2})(?:[.,]\\d{1,9})?)?${ZONE}`,
      'i',
    ),
    (at, [, year = '', month = '', day = '', hour, minute, second, zone]) =>
      atTime(onDay(at, year, month, day), ['', hour, minute, second, undefined, zone]),
  ],
  [
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})/,
    (at, [, year = '', month = '', day = '']) => onDay(at, year, month, day),
  ],
  [
    /^(\d{1,2})\/(\d{1,2})\/(\d{4})/,
    (at, [, month = '', day = '', year = '']) => onDay(at, year, month, day),
  ],
  [
    /^(\d{1,2})[-.](\d{1,2})[-.](\d{4})/,
    (at, [, day = '', month = '', year = '']) => onDay(at, year, month, day),
  ],
  [
    new RegExp(`^(?:${DAY},?\\s+)?(\\d{1,2})[ -]${MONTH}[ -,]+(\\d{4})`, 'i'),
    (at, [, , day = '', month = '', year = '']) =>
      onDay(at, year, MONTHS.indexOf(month.toLowerCase()) + 1, day),
  ],
  [
    new RegExp(`^${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})`, 'i'),
    (at, [, month = '', day = '', year = '']) =>
      onDay(at, year, MONTHS.indexOf(month.toLowerCase()) + 1, day),
  ],
  [
    new RegExp(`^T?(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.\\d{1,9})?)?(?:\\s*(am|pm)\\b)?${ZONE}`, 'i'),
    (at, match) => atTime(at, [...match]),
  ],
  [/^(\d{1,2})()()\s*(am|pm)\b/i, (at, [, hour, , , half]) => atTime(at, ['', hour, '0', '0', half])],
  [
    /^(now|today|midnight|noon|tomorrow|yesterday)\b/i,
    (at, [, word = '']) => NAMED[word.toLowerCase()]?.(at),
  ],
  [
    /^(first|last) day of\b/i,
    (at, [, which]) =>
      which?.toLowerCase() === 'first' ? at.set({ day: 1 }) : at.set({ day: at.daysInMonth ?? 1 }),
  ],
  [
    new RegExp(`^([+-]?)\\s*(\\d{1,6})\\s*${UNIT}(\\s+ago\\b)?`, 'i'),
    (at, [, sign, amount, unit = '', ago]) =>
      moved(at, Number(amount) * (sign === '-' ? -1 : 1) * (ago ? -1 : 1), unit),
  ],
  [
    new RegExp(`^(next|last|previous|this)\\s+${UNIT}`, 'i'),
    (at, [, which = '', unit = '']) => moved(at, { next: 1, this: 0 }[which.toLowerCase()] ?? -1, unit),
  ],
  [
    new RegExp(`^(?:(next|last|this)\\s+)?${DAY}\\b,?`, 'i'),
    (at, [, which, day = '']) => onWeekday(at, which, day),
  ],
];

/** `first day of next month`: the month is moved first. */
function inOrder(text: string): string {
  return text.replace(/^((?:first|last) day of)\s+(.+)$/i, '$2 $1');
}

/**
 * The instant that a text names as PHP's strtotime reads it: ISO 8601, other usual dates, and what is relative to now,
 * such as `-30 days` or `first day of next month`. A text without a zone is of `timeZone`; undefined for any other text.
 */
export function strtotime(text: string, now: Date, timeZone: string): Instant | undefined {
  let rest = inOrder(text.trim());
  let at: DateTime | undefined = DateTime.fromJSDate(now, { zone: timeZone });
  if (rest === '' || rest.length > 200) return undefined;
  while (rest !== '') {
    let match: Match | null = null;
    for (const [form, move] of STEPS) {
      match = form.exec(rest);
      if (!match) continue;
      at = move(at as DateTime, match);
      break;
    }
    if (!match || !at?.isValid) return undefined;
    rest = rest.slice(match[0].length).replace(/^[\s,]+/, '');
  }
  return instantWithin(at.toJSDate());
}
