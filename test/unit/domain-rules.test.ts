import fc from 'fast-check';
import {
  ALWAYS,
  checkSchedule,
  isAgentAvailable,
  isWithinSchedule,
} from '../../src/domain/agent/agent.rules';
import { generateKey, isKeyPrefix, isWellFormedKey } from '../../src/domain/api-key/api-key.rules';
import { CalendarEvent } from '../../src/domain/calendar-event/calendar-event.entity';
import { instantFromPostgres, isTimeZone, parseInstant } from '../../src/domain/datetime';
import { checkInput } from '../../src/domain/input';
import { joinName, mergeFields, splitName } from '../../src/domain/lead/lead.rules';
import { isE164, parsePhone } from '../../src/domain/phone';
import { isDeepStorable, isStorable, lengthOf, slugOf, snakeCase } from '../../src/domain/text';

describe('names', () => {
  test.each([
    ['John Doe', { firstName: 'John', lastName: 'Doe' }],
    ['Cher', { firstName: 'Cher', lastName: '' }],
    ['Ana María de la Cruz', { firstName: 'Ana', lastName: 'María de la Cruz' }],
  ])('%s is split at the first space', (name, parts) => expect(splitName(name)).toEqual(parts));

  test('splitting and joining gives the same text back', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !text.endsWith(' '));
    fc.assert(fc.property(name, (text) => expect(joinName(splitName(text))).toBe(text)));
  });

  test('custom fields are merged, null removes', () => {
    expect(mergeFields({ a: 1, b: 2 }, { b: null, c: 3 })).toEqual({ a: 1, c: 3 });
  });
});

describe('instants', () => {
  test.each([
    ['2026-01-31T14:30:00Z', '2026-01-31T14:30:00.000Z'],
    ['2026-01-31T14:30:00+05:30', '2026-01-31T09:00:00.000Z'],
    ['2026-01-31T14:30Z', '2026-01-31T14:30:00.000Z'],
    ['2026-02-30T00:00:00Z', undefined],
    ['2026-01-31T14:30:00', undefined],
    ['tomorrow', undefined],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00+01:00', undefined],
    ['0000-01-01T00:00:00Z', undefined],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ['9999-12-31T23:59:59-01:00', undefined],
  ])('%s is %s', (text, instant) => expect(parseInstant(text)).toBe(instant));

  test.each([
    ['2026-06-17 12:00:00+00', '2026-06-17T12:00:00.000Z'],
    ['2026-06-17 12:00:00.5+00', '2026-06-17T12:00:00.500Z'],
    ['2026-06-17 12:00:00.123+00', '2026-06-17T12:00:00.123Z'],
    ['2026-06-17 12:00:00.123456+00', '2026-06-17T12:00:00.123Z'],
    ['2026-06-17 14:00:00+02', '2026-06-17T12:00:00.000Z'],
  ])('PostgreSQL’s %s is %s', (text, instant) => expect(instantFromPostgres(text)).toBe(instant));

  test.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Mars/Olympus', false],
    ['UTC+2', false],
    ['', false],
  ])('%s as a zone: %s', (zone, is) => expect(isTimeZone(zone)).toBe(is));
});

describe('phones', () => {
  test.each([
    ['(202) 555-0143', 'US', '+12025550143'],
    ['202-555-0143', 'US', '+12025550143'],
    ['030 901820', 'DE', '+4930901820'],
    ['+44 20 7946 0958', 'US', '+442079460958'],
    ['+1234567890', 'US', '+1234567890'],
    ['12', 'US', undefined],
    ['call me', 'US', undefined],
    ['2025550143 ext. 7', 'US', undefined],
    // Possible in Germany and Japan, and no E.164.
    ['+49 0012', 'US', undefined],
    ['+81 00123456789012345', 'US', undefined],
  ])('%s in %s is %s', (text, country, phone) => expect(parsePhone(text, country)).toBe(phone));

  test('whatever is accepted is E.164 and stays as it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+\d ()-]{1,20}$/), (text) => {
        const phone = parsePhone(text, 'US');
        if (phone === undefined) return;
        expect(isE164(phone)).toBe(true);
        expect(parsePhone(phone, 'DE')).toBe(phone);
      }),
    );
  });
});

describe('texts', () => {
  test.each([
    ['plain', true],
    ['emoji 😀', true],
    ['nul \u0000', false],
    ['high \ud83d alone', false],
    ['low \ude00 alone', false],
  ])('%j can be stored: %s', (text, is) => {
    expect(isStorable(text)).toBe(is);
    expect(isDeepStorable({ list: [{ [text]: 1 }] })).toBe(is);
  });

  test('characters are counted as people count them', () => expect(lengthOf('a😀b')).toBe(3));

  test.each([
    ['Summer Sale 2026!', 'summer-sale-2026'],
    ['Zürich – Büro', 'zurich-buro'],
    ['***', 'unnamed'],
  ])('the slug of %s is %s', (text, slug) => expect(slugOf(text)).toBe(slug));

  test('a field name becomes a column name', () =>
    expect(snakeCase('doNotDisturbUntil')).toBe('do_not_disturb_until'));
});

describe('keys', () => {
  test('a new key is well formed, and no changed one is', () => {
    const key = generateKey('fcrm_pk');
    expect(key).toMatch(/^fcrm_pk_[0-9a-f]{48}_[0-9a-f]{8}$/);
    expect(isWellFormedKey(key)).toBe(true);
    fc.assert(
      fc.property(fc.nat(key.length - 1), fc.constantFrom('0', 'f', 'x'), (at, letter) => {
        const other = key.slice(0, at) + letter + key.slice(at + 1);
        expect(isWellFormedKey(other)).toBe(other === key);
      }),
    );
  });

  test.each([
    ['sb_live', true],
    ['a', true],
    ['', false],
    ['Upper', false],
    ['dash-ed', false],
    ['trailing_', false],
    ['a'.repeat(21), false],
  ])('%s as a prefix: %s', (prefix, is) => expect(isKeyPrefix(prefix)).toBe(is));
});

describe('availability', () => {
  const nine = {
    day: 1,
    isAvailable: true,
    isAllDay: false,
    windows: [{ start: '09:00:00', end: '17:00:00' }],
  };
  const agent = {
    isActive: true,
    isDoNotDisturb: false,
    doNotDisturbUntil: null,
    schedule: [nine],
    timeZone: 'America/New_York',
  };

  test.each([
    // A Monday in winter (UTC−5) and one in summer (UTC−4).
    ['2026-01-05T13:59:59Z', false],
    ['2026-01-05T14:00:00Z', true],
    ['2026-01-05T21:59:59Z', true],
    ['2026-01-05T22:00:00Z', false],
    ['2026-07-06T13:00:00Z', true],
    ['2026-07-07T13:00:00Z', false],
  ])('at %s: %s', (at, is) => expect(isAgentAvailable(agent, new Date(at))).toBe(is));

  test('do-not-disturb ends by itself, and an inactive agent takes nothing', () => {
    const at = new Date('2026-01-05T15:00:00Z');
    expect(isAgentAvailable({ ...agent, isDoNotDisturb: true }, at)).toBe(false);
    const until = { ...agent, isDoNotDisturb: true, doNotDisturbUntil: '2026-01-05T15:00:00.000Z' };
    expect(isAgentAvailable(until, at)).toBe(true);
    expect(isAgentAvailable(until, new Date('2026-01-05T14:59:59Z'))).toBe(false);
    expect(isAgentAvailable({ ...agent, isActive: false }, at)).toBe(false);
  });

  test('the schedule of a new agent is always', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date('1970-01-02'), max: new Date('2100-01-01') }),
        (at) => expect(isWithinSchedule(ALWAYS, 'Asia/Tokyo', at)).toBe(true),
      ),
    );
  });

  test.each([
    [[{ start: '9', end: '17:00:00' }], 'Schedule: 9–17:00:00 is not written as HH:MM:SS.'],
    [[{ start: '17:00', end: '09:00' }], 'Schedule: 17:00–09:00 must end after it starts.'],
    [
      [
        { start: '09:00', end: '12:00' },
        { start: '11:00', end: '13:00' },
      ],
      'Schedule: 09:00–12:00 overlaps another window.',
    ],
  ])('windows %j are refused', (windows, sentence) => {
    expect(() => checkSchedule([{ ...nine, windows }])).toThrow(sentence);
  });

  test('a day twice is refused', () => {
    expect(() => checkSchedule([nine, nine])).toThrow('Schedule: day 1 stands twice.');
  });
});

test('a list of objects has at most as many items as its field says', () => {
  const attendeesOf = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ email: `a${at}@b.example` }));
  const check = (count: number) =>
    checkInput(CalendarEvent, 'update', { attendees: attendeesOf(count) }, 'US').fields;
  expect(check(50)).toEqual({});
  expect(check(51)).toEqual({ attendees: ['Attendees must have at most 50 items, not 51.'] });
});
