import { audiences } from '../../../src/domain/audience/audience.service';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { type Answer, essence, FuriosaClient, refused, unprocessable } from './furiosa-client';

let client: FuriosaClient;
let audience: { id: number; groups: number[] };

const UNKNOWN = Number(UNKNOWN_IDS.integer);
const DUPLICATE = 'A contact with this email already exists in this audience.';
const REQUIRED = 'The email field is required.';

beforeEach(async () => {
  client = await FuriosaClient.open();
  audience = await client.makeAudience('Newsletter', 'Customers');
});

const batchOf = (size: number) => Array.from({ length: size }, (_, at) => ({ email: `c${at}@example.com` }));
const emailsOf = ({ body }: Answer) => body.data.map(({ email }) => email);
const invalid = (index: number, errors: object) => ({
  index,
  status: 422,
  message: 'Validation failed',
  errors,
});

test('a hundred contacts are stored in order by one call, each with its event', async () => {
  const rows = batchOf(100);
  const answer = await client.post('/contacts/batch', { audience_id: audience.id, contacts: rows });
  expect(essence(answer)).toEqual({
    status: 201,
    body: {
      data: rows.map((row) => client.contact({ audience_id: audience.id, ...row })),
      ...{ created: 100, failed: 0, errors: [] },
    },
  });
  expect(answer.headers).toMatchObject({ 'x-ratelimit-remaining': '59' });
  expect((await audiences.get(client.ctx, audience.id)).contactCount).toBe(100);
  const events = await eventsOf(client.account, 'contact');
  expect(events.map(({ name, payload }) => [name, payload.email])).toEqual(
    expect.arrayContaining(rows.map(({ email }) => ['contact.created', email])),
  );
  expect(events).toHaveLength(100);
});

test('exactly the good ones are stored, and every bad one is answered for', async () => {
  await client.post('/contacts', { audience_id: audience.id, email: 'jane@example.com' });
  const other = await client.makeAudience('Other', 'VIP');
  const answer = await client.post('/contacts/batch', {
    audience_id: audience.id,
    contacts: [
      { email: 'a@example.com', first_name: 'Ann', groups: audience.groups },
      { email: 'JANE@example.com' },
      { email: 'b@example' },
      { first_name: 'Nobody' },
      'c@example.com',
      null,
      { email: 'd@example.com', audience_id: other.id, groups: other.groups },
      { email: 'e@example.com', audience_id: UNKNOWN },
      { email: 'A@example.com' },
      { email: 'f@example.com', groups: other.groups },
      { phone: '+447911123456', audience_id: null },
      { phone: '+447911123456', audience_id: 'x', last_name: 7 },
      { email: 'g@example.com', last_name: 'x'.repeat(256) },
    ],
  });
  const [vip] = other.groups;
  expect(essence(answer)).toEqual({
    status: 201,
    body: {
      data: [
        client.contact({
          audience_id: audience.id,
          email: 'a@example.com',
          first_name: 'Ann',
          groups: audience.groups,
        }),
        client.contact({ audience_id: other.id, email: 'd@example.com', groups: [vip] }),
        client.contact({ audience_id: audience.id, phone: '+447911123456' }),
      ],
      created: 3,
      failed: 10,
      errors: [
        { index: 1, status: 409, message: DUPLICATE },
        invalid(2, { email: 'The email must be a valid email address.' }),
        invalid(3, { email: REQUIRED }),
        invalid(4, { contacts: 'Each of the contacts must be a JSON object.' }),
        invalid(5, { contacts: 'Each of the contacts must be a JSON object.' }),
        invalid(7, { audience_id: 'The selected audience_id is invalid.' }),
        { index: 8, status: 409, message: DUPLICATE },
        invalid(9, { groups: `Group ${vip} is no group of the contact’s audience.` }),
        invalid(11, {
          audience_id: 'The audience_id must be an integer.',
          last_name: 'The last_name must be a string.',
        }),
        invalid(12, { last_name: 'The last_name may not be greater than 255 characters.' }),
      ],
    },
  });
  const list = await client.get('/contacts');
  expect(emailsOf(list).toSorted()).toEqual(
    ['a@example.com', 'd@example.com', 'jane@example.com', null].toSorted(),
  );
  expect((await audiences.get(client.ctx, audience.id)).contactCount).toBe(3);
});

test('the body may be the list alone', async () => {
  const rows = batchOf(2).map((row) => ({ ...row, audience_id: audience.id }));
  const answer = await client.post('/contacts/batch', [...rows, { email: 'x@example.com' }]);
  expect(emailsOf(answer)).toEqual(['c0@example.com', 'c1@example.com']);
  expect(answer.body.errors).toEqual([invalid(2, { audience_id: 'The audience_id field is required.' })]);
});

test('a batch of nothing but bad ones stores nothing', async () => {
  const body = { audience_id: audience.id, contacts: [{}, { email: 'x' }] };
  const answer = await withoutChange(client.account, () => client.post('/contacts/batch', body));
  expect(essence(answer)).toEqual({
    status: 201,
    body: {
      ...{ data: [], created: 0, failed: 2 },
      errors: [
        invalid(0, { email: REQUIRED }),
        invalid(1, { email: 'The email must be a valid email address.' }),
      ],
    },
  });
});

const TOO_MANY = unprocessable({ contacts: 'The contacts may not have more than 100 items.' });
const MISSING = unprocessable({ contacts: 'The contacts field is required.' });

test.each<[string, unknown, object]>([
  ['101 contacts', { contacts: batchOf(101) }, TOO_MANY],
  ['a list of 101 contacts', batchOf(101), TOO_MANY],
  ['no contacts', { contacts: [] }, MISSING],
  ['an empty list', [], MISSING],
  ['an empty object', {}, MISSING],
  ['contacts that are null', { contacts: null }, MISSING],
  [
    'contacts that are an object',
    { contacts: { 0: {} } },
    unprocessable({ contacts: 'The contacts must be an array.' }),
  ],
  [
    'an audience that is none',
    { audience_id: 'x', contacts: batchOf(1) },
    unprocessable({ audience_id: 'The audience_id must be an integer.' }),
  ],
  ['a text', '"contacts"', refused(400, 'The request body must be a JSON object.')],
  ['half of a JSON text', '[{"email": ', refused(400, 'Invalid JSON in request body')],
])('%s: refused as a whole', async (_, body, expected) => {
  const answer = await withoutChange(client.account, () => client.post('/contacts/batch', body));
  expect(essence(answer)).toEqual(expected);
});

test('a key that may not write is refused, also for a batch of nothing but bad ones', async () => {
  const reader = await client.withScopes('contacts:read');
  const answer = await withoutChange(client.account, () =>
    reader.post('/contacts/batch', { contacts: [{}] }),
  );
  expect(essence(answer)).toEqual(refused(403, 'This key lacks the scope contacts:write.'));
});
