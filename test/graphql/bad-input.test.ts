import { openTestAccount, type TestAccount } from '../support/account';
import {
  CreateLeadDocument,
  LeadCountDocument,
  LeadPageDocument,
  UpdateLeadDocument,
} from '../support/documents';
import { leastMs, msOf } from '../support/quick';
import { Door } from './door';

let door: Door;
let account: TestAccount;
let leadId: string;

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
  const made = await door.run(account.key, CreateLeadDocument, {
    input: { phone: '+12025550100', firstName: 'Ann' },
  });
  leadId = made.createLead.id;
});
afterAll(() => door.close());

/** How much there is, and what the one lead looks like: what a refused request must not touch. */
async function state(): Promise<unknown> {
  const { ctx } = account;
  return ctx.query(
    `select (select json_agg(lead) from lead where account_id = $1) as leads,
      (select count(*) from change_event where account_id = $1) as events,
      (select count(*) from tag where account_id = $1) as tags`,
    [ctx.account.id],
  );
}

const LONE = '\ud83d';
const STORABLE = 'must not contain NUL bytes or unpaired surrogates.';
const deep = (levels: number): unknown => (levels === 0 ? 'x' : { a: deep(levels - 1) });

/** Values that the domain refuses, by field, with the message. */
const VALUES: [field: string, value: unknown, message: string][] = [
  ['firstName', 'a\u0000b', `First name ${STORABLE}`],
  ['firstName', `a${LONE}b`, `First name ${STORABLE}`],
  ['firstName', 'a'.repeat(10_000), 'First name must be at most 255 characters long, not 10000.'],
  ['firstName', null, 'First name must not be null.'],
  ['message', '🙂'.repeat(10_001), 'Message must be at most 10000 characters long, not 10001.'],
  ['phone', '12', 'Phone must be a phone number, best in E.164 form like +12025550143.'],
  ['phone', '', 'Phone must be a phone number, best in E.164 form like +12025550143.'],
  ['email', 'nobody', 'Email must be an e-mail address.'],
  ['customFields', { a: { [`k${LONE}`]: 1 } }, `Custom fields ${STORABLE}`],
  ['customFields', { a: ['\u0000'] }, `Custom fields ${STORABLE}`],
  ['customFields', { a: 'x'.repeat(70_000) }, 'Custom fields must be at most 64 KiB of JSON.'],
  ['tagNames', ['a'.repeat(101)], 'Tag names must hold texts of at most 100 characters.'],
  ['tagNames', Array(51).fill('a'), 'Tag names must have at most 50 items, not 51.'],
];

test.each(VALUES)('the value of %s: %.40j', async (field, value, message) => {
  const before = await state();
  const attempts = [
    [CreateLeadDocument, { input: { phone: '+12025550199', [field]: value } }],
    [UpdateLeadDocument, { id: leadId, input: { [field]: value } }],
  ] as const;
  for (const [document, variables] of attempts) {
    const error = await door.fail(account.key, document, variables);
    expect(error).toMatchObject({ message, extensions: { code: 'INVALID', fields: { [field]: [message] } } });
    expect(error.extensions?.requestId).toBe('request-1');
  }
  expect(await state()).toEqual(before);
});

test('all that is wrong is said at once', async () => {
  const input = { phone: 'x', email: 'x', firstName: 'a\u0000' };
  const { extensions } = await door.fail(account.key, CreateLeadDocument, { input });
  expect(Object.keys(extensions?.fields as object).toSorted()).toEqual(['email', 'firstName', 'phone']);
});

/** Variables that GraphQL itself refuses; the message names the place. */
const VARIABLES: [variables: object, message: RegExp][] = [
  [{ input: { phone: 12025550100 } }, /"input\.phone"; String cannot represent a non string value/],
  [{ input: { phone: '+12025550100', isStopped: 'yes' } }, /"input\.isStopped"; Boolean cannot represent/],
  [
    { input: { phone: '+12025550100', scheduledCallAt: 'tomorrow' } },
    /"input\.scheduledCallAt"; DateTime must be a text like 2026-01-31T14:30:00Z/,
  ],
  [
    { input: { phone: '+12025550100', scheduledCallAt: '9999-12-31T23:59:59-01:00' } },
    /"input\.scheduledCallAt"; DateTime must be a text like 2026-01-31T14:30:00Z/,
  ],
  [
    { input: { phone: '+12025550100', scheduledCallAt: 1767225600 } },
    /"input\.scheduledCallAt"; DateTime must be/,
  ],
  [{ input: { phone: '+12025550100', customFields: [1] } }, /"input\.customFields"/],
  [{ input: { phone: '+12025550100', tagNames: [1] } }, /"input\.tagNames\[0\]"/],
  [
    { input: { phone: '+12025550100', nonsense: 1 } },
    /Field "nonsense" is not defined by type "CreateLeadInput"/,
  ],
  [{ input: {} }, /Field "phone" of required type "String!" was not provided/],
  [{ input: null }, /Variable "\$input" of non-null type "CreateLeadInput!" must not be null/],
  [{}, /Variable "\$input" of required type "CreateLeadInput!" was not provided/],
  [
    { input: { phone: '+12025550100' }, onDuplicate: 'MAYBE' },
    /Value "MAYBE" does not exist in "OnDuplicate" enum/,
  ],
];

test.each(VARIABLES)('the variables %j', async (variables, message) => {
  const before = await state();
  const { status, body } = await door.send(account.key, CreateLeadDocument, variables);
  expect(status).toBe(400);
  expect(body.errors).toEqual([
    {
      ...{ message: expect.stringMatching(message), locations: expect.any(Array) },
      extensions: { code: 'INVALID', reason: 'BAD_USER_INPUT', requestId: 'request-1' },
    },
  ]);
  expect(await state()).toEqual(before);
});

const notCursor = (side: string) => `${side} is not a cursor: pass a cursor from an earlier answer.`;
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Pages that there cannot be. */
const PAGES: [variables: object, field: string, message: string][] = [
  [{ first: 0 }, 'first', 'first must be from 1 to 100, not 0.'],
  [{ first: -1 }, 'first', 'first must be from 1 to 100, not -1.'],
  [{ first: 101 }, 'first', 'first must be from 1 to 100, not 101.'],
  [{ last: 101 }, 'last', 'last must be from 1 to 100, not 101.'],
  [{ first: 1, last: 1 }, 'first', 'Give either first or last, not both.'],
  [{ after: 'nonsense' }, 'after', notCursor('after')],
  [{ before: '' }, 'before', notCursor('before')],
  [{ after: `${LONE}\u0000` }, 'after', notCursor('after')],
  [{ after: encoded(['id', 'desc', 'x', 'no id']) }, 'after', notCursor('after')],
  [{ after: encoded({}) }, 'after', notCursor('after')],
  [
    { after: encoded(['number', 'desc', 1, '0190a000-0000-7000-8000-000000000000']) },
    'after',
    'after belongs to a list in another order: start again without it.',
  ],
  [
    { filter: { firstName: { eq: 'a\u0000' } } },
    'firstName',
    'The filter on firstName contains a NUL byte or an unpaired surrogate.',
  ],
  [
    { filter: { not: { company: { in: ['a', LONE] } } } },
    'company',
    'The filter on company contains a NUL byte or an unpaired surrogate.',
  ],
  [{ filter: { id: { in: Array(101).fill('x') } } }, 'id', 'A list in a filter has at most 100 items.'],
];

test.each(PAGES)('the page %.80j', async (variables, field, message) => {
  for (const _time of ['plain', 'plain', 'compiled']) {
    const error = await door.fail(account.key, LeadPageDocument, variables);
    expect(error).toMatchObject({
      message,
      path: ['leads'],
      extensions: { code: 'INVALID', fields: { [field]: [message] } },
    });
  }
});

test('cursors made by hand are refused, whatever value they hold', async () => {
  const id = '0190a000-0000-7000-8000-000000000000';
  for (const value of ['no time', 5, true, 'a\u0000', LONE, '2026-13-45T00:00:00.000Z']) {
    const after = encoded(['updatedAt', 'desc', value, id]);
    const error = await door.fail(account.key, LeadPageDocument, {
      after,
      sort: { field: 'UPDATED_AT', direction: 'DESC' },
    });
    expect(error.extensions?.code).toBe('INVALID');
  }
  const wrongId = encoded(['id', 'desc', 'x', '-'.repeat(36)]);
  expect((await door.fail(account.key, LeadPageDocument, { after: wrongId })).extensions?.code).toBe(
    'INVALID',
  );
});

test('a filter with ever so many conditions is refused, not run', async () => {
  const condition = { number: { eq: 1, ne: 2, lt: 3, gt: 4 } };
  const filters = [{ or: Array(201).fill(condition) }, { or: Array(9_000).fill(condition) }];
  for (const filter of [...filters, { and: Array(19_000).fill({}) }]) {
    const error = await door.fail(account.key, LeadCountDocument, { filter });
    expect(error).toMatchObject({
      message: 'A filter has at most 1000 conditions.',
      extensions: { code: 'INVALID' },
    });
  }
  const fits = { or: Array(199).fill(condition) };
  expect((await door.run(account.key, LeadCountDocument, { filter: fits })).leads.totalCount).toBe(0);
});

test('variables that hold ever so much are refused before they are read', async () => {
  const filter = { and: Array(300_000).fill({}) };
  const send = () => door.send(account.key, LeadCountDocument, { filter });
  const { status, body } = await send();
  const message = 'The variables have 300002 lists and objects (inputObjects); the limit is 20000.';
  expect(status).toBe(400);
  expect(body.errors).toEqual([
    { message, extensions: { code: 'INVALID', fields: { variables: [message] }, requestId: 'request-1' } },
  ]);
  expect(await leastMs(2_000, () => msOf(send))).toBeLessThan(2_000);
});

test('variables nested ever so deep are refused, not walked', async () => {
  const nested = (levels: number) =>
    `{"query":"{ account { id } }","variables":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
  const headers = { authorization: `Bearer ${account.key}` };
  expect((await door.post(nested(32), headers)).status).toBe(200);
  for (const levels of [33, 5_000]) {
    const { status, body } = await door.post(nested(levels), headers);
    const message = `The variables have ${levels} levels of input values (inputDepth); the limit is 32.`;
    expect(status).toBe(400);
    expect(body.errors).toEqual([
      { message, extensions: { code: 'INVALID', fields: { variables: [message] }, requestId: 'request-1' } },
    ]);
  }
  const input = { phone: '+12025550198', customFields: deep(32) };
  const refused = await door.send(account.key, CreateLeadDocument, { input });
  expect(refused.status).toBe(400);
});

test('more wrong values of variables than are told of one by one are the fault of the request', async () => {
  const text = 'query Q($ids: [ID!]) { leads(filter: { id: { in: $ids } }) { totalCount } }';
  const { status, body } = await door.send(account.key, text, {
    ids: Array.from({ length: 60 }, () => ({})),
  });
  expect(status).toBe(400);
  expect(new Set(body.errors?.map(({ extensions }) => extensions?.code))).toEqual(new Set(['INVALID']));
  expect(body.errors?.at(-1)?.message).toBe(
    'Too many errors processing variables, error limit reached. Execution aborted.',
  );
  expect(door.logged).toEqual([]);
});
