import * as fc from 'fast-check';

/** Texts that programs stumble over. */
const ODD_TEXTS = [
  ...['', ' ', '\t\r\n', '\0', 'a\0b', '\\u0000', '\ud800', '\udfff\ud800', 'a\udc00b', '\ufeff', '\ufffe'],
  ...[
    'e\u0301\u0301\u0301',
    '\u202eabc',
    '\u200b',
    '👩‍👩‍👧‍👦',
    'ﷺ',
    'İıſẞß',
    '١٢٣',
    '½',
    '%00',
    '%s%n',
    '%zz',
    '#{7*7}',
    '{{7*7}}',
    '{% raw %}',
  ],
  ...[
    "'",
    '"',
    '`',
    ';',
    '--',
    "' or 1=1 --",
    '\\',
    '\\\\',
    '%',
    '_',
    '*',
    '(',
    '[',
    '.*',
    '(a+)+$',
    '<script>',
    '&lt;',
    ']]>',
  ],
  ...[
    '../../../etc/hosts',
    'C:\\',
    'file:///etc/hosts',
    'http://127.0.0.1/',
    'javascript:alert(1)',
    '//x',
    'a@',
    '@b',
    'a@b',
    'a@@b.c',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'null',
    'undefined',
    'true',
    'false',
    'NaN',
    'Infinity',
    '[object Object]',
  ],
  ...[
    '0',
    '-0',
    '-1',
    '00',
    '1e3',
    '1e999',
    '0x10',
    '1_000',
    '1,000',
    '+1',
    '9999999999',
    '2147483648',
    '9223372036854775808',
    '1.5',
  ],
  ...[
    '2026-02-30',
    '0000-00-00',
    '9999-12-31T23:59:59.999Z',
    '+275760-09-13T00:00:00Z',
    '-271821-04-20',
    '2026-03-08T02:30:00',
    '24:00',
  ],
  ...['tomorrow', 'last day of february 99999', '+99999999 years', 'now now', '@99999999999999', 'P1D'],
];

const NUMBERS = [
  ...[
    0, -0, 1, -1, 0.5, 1e-7, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 1e21, 1e308, -1e308, 5e-324,
  ],
  ...[2_147_483_647, 2_147_483_648, -2_147_483_648, -2_147_483_649, 4_294_967_296, 9_999_999_999],
  ...[Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64],
];

/** Texts with any characters, lone halves of surrogate pairs included; some are long. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('x', ' ', '0', 'ä', '👩', '\ud800', '(', '9 '),
        fc.constantFrom(50, 255, 256, 300, 5_000, 70_000),
      )
      .map(([unit, times]) => unit.repeat(times)),
  },
);

/** Numbers at the ends of what types hold. */
const oddNumber: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS) },
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Lists or objects within each other, so many levels. */
const nested = fc.tuple(fc.constantFrom(3, 30, 1_000), fc.boolean()).map(([levels, isList]) => {
  let value: unknown = 'deep';
  for (let level = 0; level < levels; level++) value = isList ? [value] : { a: value };
  return value;
});

/** Any JSON value, most of them where they do not belong. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: oddText },
  { weight: 4, arbitrary: oddNumber },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [null], [[]], { '': '' }, [{}]),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom<unknown>(1, 'a', null), { minLength: 101, maxLength: 1_100 }),
  },
  { weight: 1, arbitrary: nested },
);
