import { audiences } from '../../../src/domain/audience/audience.service';
import { contacts } from '../../../src/domain/contact/contact.service';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { essence, FuriosaClient, listed, refused, single, unprocessable } from './furiosa-client';

let client: FuriosaClient;
let audience: { id: number; groups: number[] };

const UNKNOWN = Number(UNKNOWN_IDS.integer);
const JANE = { email: 'jane@example.com', phone: '+447911123456', first_name: 'Jane', last_name: 'Smith' };
const NOT_FOUND = refused(404, 'Contact not found');
const DUPLICATE = refused(409, 'A contact with this email already exists in this audience.');
const NO_OBJECT = refused(400, 'The request body must be a JSON object.');
const EMAIL = 'The email must be a valid email address.';
const PHONE = 'The phone must be a valid phone number.';
const GROUPS = 'The groups must be an array of group ids.';

beforeEach(async () => {
  client = await FuriosaClient.open();
  audience = await client.makeAudience('Newsletter', 'Customers', 'Partners', 'Events');
});

async function create(fields: object = JANE): Promise<number> {
  const { status, body } = await client.post('/contacts', { audience_id: audience.id, ...fields });
  expect(status).toBe(201);
  return body.id;
}

test('the documented contact is created, with its groups in the order that was given', async () => {
  const [customers, , events] = audience.groups as [number, number, number];
  const body = { audience_id: audience.id, ...JANE, groups: [events, customers] };
  const answer = await client.post('/contacts', body);
  expect(essence(answer)).toEqual(single(201, client.contact(body)));
  expect(answer.body.data.id).toBe(answer.body.id);
  expect(essence(await client.get(`/contacts/${answer.body.id}`))).toEqual(single(200, answer.body.data));
  const { number, id } = await contacts.get(client.ctx, answer.body.id);
  expect(number).toBe(answer.body.id);
  expect(await eventsOf(client.account, 'contact')).toMatchObject([
    { name: 'contact.created', subjectId: id, payload: { email: 'jane@example.com', firstName: 'Jane' } },
  ]);
  expect(await audiences.get(client.ctx, audience.id)).toMatchObject({
    ...{ contactCount: 1, emailCount: 1, phoneCount: 1 },
  });
});

test.each<[string, object, object]>([
  ['an e-mail address alone', { email: 'jane@example.com' }, {}],
  ['a phone number alone', { phone: '+447911123456' }, {}],
  ['a phone number as people write it', { phone: '(020) 7946 0958' }, {}],
  ['an empty phone number', { email: 'jane@example.com', phone: '' }, { phone: null }],
  ['an e-mail address that is null', { email: null, phone: '+447911123456' }, {}],
  ['names that are null', { email: 'j@example.com', first_name: null }, { first_name: '' }],
  [
    'spaces around',
    { email: ' j@example.com ', last_name: ' Roe ' },
    { email: 'j@example.com', last_name: 'Roe' },
  ],
  ['no groups', { email: 'jane@example.com', groups: [] }, {}],
  ['groups that are null', { email: 'jane@example.com', groups: null }, { groups: [] }],
  ['a name of 255 characters', { email: 'j@example.com', first_name: '😀'.repeat(255) }, {}],
  [
    'fields that are unknown',
    { email: 'j@example.com', id: 7, status: 'bounced', company: 'Acme' },
    { company: undefined },
  ],
])('%s', async (_, fields, changes) => {
  const { company, id, status, ...shown } = { ...fields, ...changes } as Record<string, unknown>;
  expect(essence(await client.post('/contacts', { audience_id: audience.id, ...fields }))).toEqual(
    single(201, client.contact({ audience_id: audience.id, ...shown })),
  );
});

test('ids may be written as text', async () => {
  const [group] = audience.groups;
  const body = { audience_id: String(audience.id), email: 'jane@example.com', groups: [String(group)] };
  expect(essence(await client.post('/contacts', body))).toEqual(
    single(201, client.contact({ ...body, audience_id: audience.id, groups: [group] })),
  );
});

test.each<[string, object, Record<string, string>]>([
  [
    'nothing',
    {},
    { audience_id: 'The audience_id field is required.', email: 'The email field is required.' },
  ],
  ['no address', { first_name: 'Jane' }, { email: 'The email field is required.' }],
  ['empty addresses', { email: '', phone: null }, { email: 'The email field is required.' }],
  ['a bad e-mail address', { email: 'jane@' }, { email: EMAIL }],
  ['a number as e-mail address', { email: 5 }, { email: 'The email must be a string.' }],
  ['a bad phone number', { phone: '12x45' }, { phone: PHONE }],
  ['a short phone number', { phone: '+123' }, { phone: PHONE }],
  ['a number as phone number', { phone: 447911123456 }, { phone: 'The phone must be a string.' }],
  [
    'several',
    { email: 'x', phone: 'y', first_name: [] },
    { email: EMAIL, phone: PHONE, first_name: 'The first_name must be a string.' },
  ],
  [
    'a long name',
    { ...JANE, last_name: 'x'.repeat(256) },
    { last_name: 'The last_name may not be greater than 255 characters.' },
  ],
  [
    'a name with a NUL byte',
    { email: 'x', last_name: 'x\u0000' },
    { email: EMAIL, last_name: 'The last_name may not contain NUL bytes or unpaired surrogates.' },
  ],
  ['groups that are no list', { ...JANE, groups: 1 }, { groups: GROUPS }],
  ['a group that is no id', { ...JANE, groups: [1, 'VIP'] }, { groups: GROUPS }],
  [
    'a group that is unknown',
    { ...JANE, groups: [UNKNOWN] },
    { groups: `Group ${UNKNOWN} is no group of the contact’s audience.` },
  ],
  [
    'an audience that is no id',
    { ...JANE, audience_id: 'Newsletter' },
    { audience_id: 'The audience_id must be an integer.' },
  ],
  [
    'an audience beyond all numbers',
    { ...JANE, audience_id: 1e20 },
    { audience_id: 'The audience_id must be an integer.' },
  ],
  [
    'an audience that is null',
    { ...JANE, audience_id: null },
    { audience_id: 'The audience_id field is required.' },
  ],
  [
    'an audience that is unknown',
    { ...JANE, audience_id: UNKNOWN },
    { audience_id: 'The selected audience_id is invalid.' },
  ],
])('%s: 422, and nothing is stored', async (_, fields, errors) => {
  const isEmpty = Object.keys(fields).length === 0;
  const body = isEmpty ? fields : { audience_id: audience.id, ...fields };
  const answer = await withoutChange(client.account, () => client.post('/contacts', body));
  expect(essence(answer)).toEqual(unprocessable(errors));
});

test('a group of another audience is refused', async () => {
  const other = await client.makeAudience('Other', 'VIP');
  const body = { audience_id: audience.id, ...JANE, groups: other.groups };
  const answer = await withoutChange(client.account, () => client.post('/contacts', body));
  const text = `Group ${other.groups[0]} is no group of the contact’s audience.`;
  expect(essence(answer)).toEqual(unprocessable({ groups: text }));
});

test('an address stands once in an audience, upper and lower case alike', async () => {
  await create();
  const body = { audience_id: audience.id, email: 'JANE@Example.com' };
  expect(essence(await withoutChange(client.account, () => client.post('/contacts', body)))).toEqual(
    DUPLICATE,
  );
  const { id } = await client.makeAudience('Other');
  expect((await client.post('/contacts', { ...body, audience_id: id })).status).toBe(201);
});

test('of two that come at once, one is stored', async () => {
  const body = { audience_id: audience.id, ...JANE };
  const answers = await Promise.all(Array.from({ length: 8 }, () => client.post('/contacts', body)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)]);
  expect((await audiences.get(client.ctx, audience.id)).contactCount).toBe(1);
});

test('a phone number may stand twice', async () => {
  const body = { phone: '+447911123456' };
  expect(await create(body)).not.toBe(await create(body));
});

test('the documented change leaves the rest', async () => {
  const [group] = audience.groups;
  const id = await create({ ...JANE, groups: [group] });
  const created_at = client.now;
  client.account.clock.advance(5_000);
  const body = { first_name: 'Jane', last_name: 'Doe', phone: '+447911999888' };
  const before = { ...JANE, id, audience_id: audience.id, groups: [group], created_at };
  const answer = await client.put(`/contacts/${id}`, body);
  expect(essence(answer)).toEqual(single(200, client.contact({ ...before, ...body })));
  expect(answer.body.data).toMatchObject({
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    updated_at: new Date(Date.parse(created_at) + 5_000).toISOString().replace('.000', ''),
  });
  expect((await eventsOf(client.account, 'contact')).at(-1)).toMatchObject({
    name: 'contact.updated',
    changes: {
      lastName: { old: 'Smith', new: 'Doe' },
      phone: { old: '+447911123456', new: '+447911999888' },
    },
  });
});

test.each<[string, object, object]>([
  ['the e-mail address', { email: 'jd@example.com' }, { email: 'jd@example.com' }],
  ['the case of the e-mail address', { email: 'Jane@example.com' }, { email: 'Jane@example.com' }],
  ['no e-mail address', { email: null }, { email: null }],
  ['no phone number', { phone: '' }, { phone: null }],
  ['no last name', { last_name: null }, { last_name: '' }],
  ['nothing', {}, {}],
  ['what cannot be set', { id: 1, status: 'bounced', created_at: 'x' }, {}],
])('a change of %s', async (_, body, changes) => {
  const id = await create();
  const expected = client.contact({ id, audience_id: audience.id, ...JANE, ...changes });
  expect(essence(await client.put(`/contacts/${id}`, body))).toEqual(single(200, expected));
  expect(essence(await client.get(`/contacts/${id}`))).toEqual(single(200, expected));
});

test('groups are replaced, and taken off', async () => {
  const [customers, partners, events] = audience.groups;
  const id = await create({ ...JANE, groups: [customers, partners] });
  const groupsAfter = async (groups: unknown) =>
    (await client.put(`/contacts/${id}`, { groups })).body.data.groups;
  expect(await groupsAfter([events, partners])).toEqual([events, partners]);
  expect(await groupsAfter([])).toEqual([]);
});

test('a contact stays in its audience, which may be named', async () => {
  const id = await create();
  const other = await client.makeAudience('Other');
  expect((await client.put(`/contacts/${id}`, { audience_id: audience.id, last_name: 'Roe' })).status).toBe(
    200,
  );
  const change = { audience_id: other.id, last_name: 'Doe' };
  const answer = await withoutChange(client.account, () => client.put(`/contacts/${id}`, change));
  expect(essence(answer)).toEqual(
    unprocessable({ audience_id: 'The audience_id of a contact cannot be changed.' }),
  );
});

test.each<[string, unknown, object]>([
  ['a bad e-mail address', { email: 'x' }, unprocessable({ email: EMAIL })],
  [
    'no address at all',
    { email: null, phone: null },
    unprocessable({ email: 'A contact of an audience needs an e-mail address or a phone number.' }),
  ],
  [
    'an unknown group',
    { groups: [UNKNOWN] },
    unprocessable({ groups: `Group ${UNKNOWN} is no group of the contact’s audience.` }),
  ],
  ['the address of another', { email: 'JACK@example.com' }, DUPLICATE],
  ['a list', [], NO_OBJECT],
  ['half of a JSON text', '{"email": ', refused(400, 'Invalid JSON in request body')],
])('a change with %s is refused', async (_, body, expected) => {
  const id = await create();
  await create({ email: 'jack@example.com' });
  const answer = await withoutChange(client.account, () => client.put(`/contacts/${id}`, body));
  expect(essence(answer)).toEqual(expected);
});

test('a deleted contact is gone for good, and the counters go down', async () => {
  const id = await create({ ...JANE, groups: audience.groups });
  expect(essence(await client.delete(`/contacts/${id}`))).toEqual({
    status: 200,
    body: { success: true, id },
  });
  expect(await audiences.get(client.ctx, audience.id)).toMatchObject({
    ...{ contactCount: 0, emailCount: 0, phoneCount: 0 },
  });
  await withoutChange(client.account, async () => {
    for (const answer of [
      await client.get(`/contacts/${id}`),
      await client.put(`/contacts/${id}`, { first_name: 'X' }),
      await client.delete(`/contacts/${id}`),
    ])
      expect(essence(answer)).toEqual(NOT_FOUND);
  });
  expect((await eventsOf(client.account, 'contact')).at(-1)).toMatchObject({
    ...{ name: 'contact.deleted', payload: { email: 'jane@example.com' } },
  });
  await create();
});

test('a contact of the help desk, which is in no audience, is none here', async () => {
  const ann = { firstName: 'Ann', email: 'ann@example.com', phone: '+447911123456' };
  const { number: id } = await contacts.create(client.ctx, ann);
  await withoutChange(client.account, async () => {
    for (const answer of [
      await client.get(`/contacts/${id}`),
      await client.put(`/contacts/${id}`, { first_name: 'X' }),
      await client.delete(`/contacts/${id}`),
    ])
      expect(essence(answer)).toEqual(NOT_FOUND);
    for (const query of ['', 'email=ann@example.com', 'phone=%2B447911123456', 'name=ann'])
      expect(essence(await client.get(`/contacts?${query}`))).toEqual(listed([]));
  });
});
