import fc from 'fast-check';
import type { ZodType } from 'zod';
import {
  campaignId,
  customFields,
  datetime,
  email,
  kind,
  phone,
  queryPhone,
  STATUS_WORDS,
  status,
  tags,
} from '../../src/rest/dialects/fusion/codecs';

/** The read value, or the messages of the refusal. */
function read(codec: ZodType, value: unknown): unknown {
  const parsed = codec.safeParse(value);
  return parsed.success ? parsed.data : parsed.error.issues.map(({ message }) => message);
}

describe('phones', () => {
  test.each([
    ['+1 (234) 567-8900', '+12345678900'],
    ['5551234567', '+15551234567'],
    ['+15551234567', '+15551234567'],
    ['15551234567', '+15551234567'],
    ['(555) 123-4567', '+15551234567'],
    ['+1234567890', '+1234567890'],
    ['+44 20 7946 0958', '+442079460958'],
    ['+123456789012345', '+123456789012345'],
  ])('%s is %s', (text, number) => expect(read(phone, text)).toBe(number));

  test.each([
    ['too few digits', '123456789'],
    ['twelve digits without a plus sign', '442079460958'],
    ['eleven digits that do not start with 1', '25551234567'],
    ['a plus sign and a zero', '+0123456789'],
    ['sixteen digits', '+1234567890123456'],
    ['more than 25 characters', '+1 (234) 567-8900          '],
    ['letters', '555-CALL-NOW'],
    ['a dot', '555.123.4567'],
    ['an extension', '555-123-4567 x8'],
    ['a NUL byte', '555123456\u00007'],
    ['digits of another script', '٥٥٥١٢٣٤٥٦٧'],
    ['a number', 5551234567],
    ['a list', ['5551234567']],
  ])('%s is refused', (_, value) => expect(read(phone, value)).toEqual(['Invalid phone number']));

  test.each([[undefined], [null], ['']])('%p is missing', (value) => {
    expect(read(phone, value)).toEqual(['Phone number is required']);
  });

  test('a space in a query string can be a plus sign that was not escaped', () => {
    expect(read(queryPhone, ' 1234567890')).toBe('+1234567890');
    expect(read(queryPhone, '+1234567890')).toBe('+1234567890');
    expect(read(queryPhone, '1234567890')).toBe('+11234567890');
  });

  test('whatever is accepted is E.164, of the digits that were given, and accepted as it is', () => {
    const written = fc.string({ unit: fc.constantFrom(...'0123456789 +()-'), minLength: 8, maxLength: 27 });
    fc.assert(
      fc.property(fc.oneof(written, fc.string()), (text) => {
        const { success, data: number } = phone.safeParse(text);
        if (!success) return;
        expect(number).toMatch(/^\+[1-9]\d{9,14}$/);
        expect(number?.endsWith(text.replace(/\D/g, ''))).toBe(true);
        expect(phone.parse(number)).toBe(number);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('datetimes', () => {
  test.each([
    ['2025-12-15T14:30:00', '2025-12-15T14:30:00.000Z'],
    ['2025-12-15T14:30:00Z', '2025-12-15T14:30:00.000Z'],
    ['2025-12-15T14:30:00.000Z', '2025-12-15T14:30:00.000Z'],
    ['2025-12-15T20:00:00+05:30', '2025-12-15T14:30:00.000Z'],
    ['2025-12-15 14:30:00', '2025-12-15T14:30:00.000Z'],
    ['2025-12-15 14:30', '2025-12-15T14:30:00.000Z'],
    ['2025-12-15T20:00:00 05:30', '2025-12-15T14:30:00.000Z'],
    ['2025-12-15 20:00:00 +0530', '2025-12-15T14:30:00.000Z'],
    ['2025-12-15t14:30:00z', '2025-12-15T14:30:00.000Z'],
    [' 2025-12-01 ', '2025-12-01T00:00:00.000Z'],
    ['2025-12-15T14:30:00.1234567Z', '2025-12-15T14:30:00.123Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['Mon, 15 Dec 2025 14:30:00 GMT', '2025-12-15T14:30:00.000Z'],
    ['Mon Dec 15 2025 20:00:00 GMT+0530 (India Standard Time)', '2025-12-15T14:30:00.000Z'],
    ['Dec 15, 2025 09:30 EST', '2025-12-15T14:30:00.000Z'],
    ['Dec 15, 2025 14:30', '2025-12-15T14:30:00.000Z'],
    ['12/15/2025 2:30 PM', '2025-12-15T14:30:00.000Z'],
    ['12-15-2025', '2025-12-15T00:00:00.000Z'],
    ['2025-12-15 2:30 PM', '2025-12-15T14:30:00.000Z'],
  ])('%s is %s', (text, instant) => expect(read(datetime, text)).toBe(instant));

  test.each([
    ['2025-02-30'],
    ['2025-02-30T10:00:00Z'],
    ['2025-02-30 2:30 PM'],
    ['2025-13-01'],
    ['2025-12-15T25:00:00'],
    ['2025-12-15T14:30:00+99:00'],
    ['2025-12-15 garbage'],
    ['0000-01-01'],
    ['9999-12-31T23:59:59-05:00'],
    ['+012025-12-15T00:00:00Z'],
    ['tomorrow'],
    ['\u0000'],
    [''],
    [1765809000000],
    [null],
  ])('%p is refused', (value) => expect(read(datetime, value)).toEqual(['Invalid datetime format']));

  test('the five documented formats give the same instant', () => {
    const date = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (at, offsetMinutes) => {
        const instant = new Date(Math.floor(at.getTime() / 1000) * 1000).toISOString();
        const wall = instant.slice(0, 19);
        const local = new Date(Date.parse(instant) + offsetMinutes * 60_000).toISOString().slice(0, 19);
        const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
        const two = (value: number) => String(value).padStart(2, '0');
        const offset = `${offsetMinutes < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
        const texts = [wall, `${wall}Z`, `${wall}.000Z`, local + offset, wall.replace('T', ' ')];
        expect(texts.map((text) => read(datetime, text))).toEqual(texts.map(() => instant));
      }),
    );
  });

  test('whatever is accepted is an instant that stands for itself', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789-:TZ+ ./aPMGJn'), maxLength: 30 }),
        (text) => {
          const { success, data: instant } = datetime.safeParse(text);
          if (!success) return;
          expect(instant).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
          expect(datetime.parse(instant)).toBe(instant);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const NAMES = 'can only contain letters, numbers, hyphens, and underscores';
const VALUES = 'Custom field values must be strings of at most 1000 characters, numbers, booleans or null';
const twentyOne = Array.from({ length: 21 }, (_, at) => `key${at}`);

test.each<[string, ZodType, unknown, unknown]>([
  ['tags', tags, ['vip', 'Web_site-1'], ['vip', 'Web_site-1']],
  ['no tags', tags, null, []],
  ['a tag of 50 characters', tags, ['x'.repeat(50)], ['x'.repeat(50)]],
  ['twenty tags', tags, twentyOne.slice(1), twentyOne.slice(1)],
  ['twenty-one tags', tags, twentyOne, ['Maximum 20 tags allowed']],
  ['a tag with a space', tags, ['v i p'], [`Tags ${NAMES}`]],
  ['an empty tag', tags, [''], [`Tags ${NAMES}`]],
  ['a tag of 51 characters', tags, ['x'.repeat(51)], [`Tags ${NAMES}`]],
  ['a tag with an umlaut', tags, ['größe'], [`Tags ${NAMES}`]],
  ['a tag that is a number', tags, [1], ['Tags must be an array of strings']],
  ['tags in one text', tags, 'vip,updated', ['Tags must be an array of strings']],
  [
    'custom fields',
    customFields,
    { a: 'x', 'b-1': 2, c_2: true, d: null },
    { a: 'x', 'b-1': 2, c_2: true, d: null },
  ],
  ['no custom fields', customFields, null, {}],
  ['a value of 1000 characters', customFields, { a: 'x'.repeat(1000) }, { a: 'x'.repeat(1000) }],
  ['a value of 1001 characters', customFields, { a: 'x'.repeat(1001) }, [VALUES]],
  ['a value that is an object', customFields, { a: {} }, [VALUES]],
  ['a value that is a list', customFields, { a: [1] }, [VALUES]],
  ['an endless value', customFields, { a: Number.POSITIVE_INFINITY }, [VALUES]],
  ['a name with a space', customFields, { 'a b': 1 }, [`Custom field names ${NAMES}`]],
  ['an empty name', customFields, { '': 1 }, [`Custom field names ${NAMES}`]],
  [
    'twenty-one custom fields',
    customFields,
    Object.fromEntries(twentyOne.map((name) => [name, 1])),
    ['Maximum 20 custom fields allowed'],
  ],
  ['a list as custom fields', customFields, [], ['Custom fields must be an object']],
  ['a text as custom fields', customFields, 'a', ['Custom fields must be an object']],
  ['an e-mail address', email, 'john@example.com', 'john@example.com'],
  ['no e-mail address', email, null, null],
  ['an address of 254 characters', email, `${'a'.repeat(242)}@example.com`, `${'a'.repeat(242)}@example.com`],
  ['an address of 255 characters', email, `${'a'.repeat(243)}@example.com`, ['Invalid email format']],
  ['an address without a domain', email, 'john@', ['Invalid email format']],
  ['an address that a form left blank', email, '', null],
  ['an address of a space', email, ' ', ['Invalid email format']],
  ['an address that is a number', email, 5, ['Invalid email format']],
  ['a campaign', campaignId, 'F1C2D3E4-5B6A-7C8D-9E0F-1A2B3C4D5E6F', 'f1c2d3e4-5b6a-7c8d-9e0f-1a2b3c4d5e6f'],
  ['a campaign that is no UUID', campaignId, '7', ['Invalid campaign_id']],
  ['a campaign that is null', campaignId, null, ['Invalid campaign_id']],
  ['a kind', kind, 'sms', 'sms'],
  ['another kind', kind, 'email', ['Kind must be one of: call, sms']],
  ['a status', status, 'in-progress', 'in_progress'],
  [
    'a status in the words of the domain',
    status,
    'in_progress',
    [`Status must be one of: ${Object.keys(STATUS_WORDS).join(', ')}`],
  ],
])('%s', (_, codec, value, expected) => expect(read(codec, value)).toEqual(expected));
