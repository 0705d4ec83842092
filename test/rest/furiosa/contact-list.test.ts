import { contacts } from '../../../src/domain/contact/contact.service';
import { essence, FuriosaClient, listed, unprocessable } from './furiosa-client';

let client: FuriosaClient;
let first: { id: number; groups: number[] };
let second: { id: number; groups: number[] };

beforeAll(async () => {
  client = await FuriosaClient.open();
  first = await client.makeAudience('First', 'VIP');
  second = await client.makeAudience('Second');
  const rows = [
    {
      audienceId: first.id,
      email: 'ann@example.com',
      firstName: 'Ann',
      lastName: 'Lee',
      groupIds: first.groups,
    },
    { audienceId: first.id, phone: '+44 7911 123456', firstName: 'Bob', lastName: 'Leeds' },
    { audienceId: second.id, email: 'ANN@example.com', firstName: 'Ann', lastName: 'Roe' },
    { audienceId: second.id, email: 'cy@example.com', firstName: 'Cy', lastName: '100%' },
  ];
  for (const row of rows) await contacts.create(client.ctx, row);
});

beforeEach(() => client.account.clock.advance(60_000));

async function namesOf(query: string): Promise<string[]> {
  const { status, body } = await client.get(`/contacts?${query}`);
  expect({ status, total: body.total }).toEqual({ status: 200, total: body.data.length });
  return body.data.map((row) => `${row.first_name} ${row.last_name}`);
}

const ANN_LEE = 'Ann Lee';
const BOB = 'Bob Leeds';
const ANN_ROE = 'Ann Roe';
const CY = 'Cy 100%';

test.each<[string, () => string, string[]]>([
  ['all, newest first', () => '', [CY, ANN_ROE, BOB, ANN_LEE]],
  ['of an audience', () => `audience_id=${first.id}`, [BOB, ANN_LEE]],
  ['of an unknown audience', () => 'audience_id=2147483647', []],
  ['of a number that is too large', () => 'audience_id=9999999999', []],
  ['of an empty audience id', () => 'audience_id=', [CY, ANN_ROE, BOB, ANN_LEE]],
  ['of a group', () => `group_id=${first.groups[0]}`, [ANN_LEE]],
  ['of an unknown group', () => 'group_id=2147483647', []],
  ['of a group and another audience', () => `group_id=${first.groups[0]}&audience_id=${second.id}`, []],
  ['by e-mail address', () => 'email=Ann@Example.com', [ANN_ROE, ANN_LEE]],
  ['by a part of an e-mail address', () => 'email=ann', []],
  ['by e-mail address and audience', () => `email=ann@example.com&audience_id=${second.id}`, [ANN_ROE]],
  ['by phone number', () => 'phone=%2B447911123456', [BOB]],
  ['by phone number with a bare plus', () => 'phone=+447911123456', [BOB]],
  ['by phone number as written', () => 'phone=%2B44%207911%20123456', [BOB]],
  ['by a part of a phone number', () => 'phone=7911', []],
  ['by a part of the last name', () => 'name=LEE', [BOB, ANN_LEE]],
  ['by first and last name', () => 'name=ann%20l', [ANN_LEE]],
  ['by a letter', () => 'name=y', [CY]],
  ['by a sign that SQL knows', () => 'name=%25', [CY]],
  ['by nothing', () => 'name=&email=&phone=&group_id=', [CY, ANN_ROE, BOB, ANN_LEE]],
  ['by a field that is unknown', () => 'company=Acme', [CY, ANN_ROE, BOB, ANN_LEE]],
])('%s', async (_, query, names) => expect(await namesOf(query())).toEqual(names));

test('a list has every field', async () => {
  const { body } = await client.get(`/contacts?group_id=${first.groups[0]}`);
  const ann = { audience_id: first.id, email: 'ann@example.com', first_name: 'Ann', last_name: 'Lee' };
  expect(body).toEqual({
    data: [
      client.contact({
        ...{ ...ann, groups: first.groups },
        ...{ created_at: expect.any(String), updated_at: expect.any(String) },
      }),
    ],
    ...{ total: 1, page: 1, per_page: 25, total_pages: 1 },
  });
});

test.each<[string, string[], object]>([
  ['per_page=3', [CY, ANN_ROE, BOB], { total: 4, page: 1, per_page: 3, total_pages: 2 }],
  ['per_page=3&page=2', [ANN_LEE], { total: 4, page: 2, per_page: 3, total_pages: 2 }],
  ['per_page=3&page=3', [], { total: 4, page: 3, per_page: 3, total_pages: 2 }],
  ['per_page=2&page=2', [BOB, ANN_LEE], { total: 4, page: 2, per_page: 2, total_pages: 2 }],
  ['page=', [CY, ANN_ROE, BOB, ANN_LEE], { total: 4, page: 1, per_page: 25, total_pages: 1 }],
  ['per_page=100', [CY, ANN_ROE, BOB, ANN_LEE], { total: 4, page: 1, per_page: 100, total_pages: 1 }],
  ['per_page=101', [CY, ANN_ROE, BOB, ANN_LEE], { total: 4, page: 1, per_page: 100, total_pages: 1 }],
  ['per_page=99999999999', [CY, ANN_ROE, BOB, ANN_LEE], { total: 4, page: 1, per_page: 100, total_pages: 1 }],
  ['page=100000000', [], { total: 4, page: 100_000_000, per_page: 25, total_pages: 1 }],
  ['name=nobody', [], { total: 0, page: 1, per_page: 25, total_pages: 0 }],
])('?%s', async (query, names, paging) => {
  const { status, body } = await client.get(`/contacts?${query}`);
  const { data, ...rest } = body;
  expect(status).toBe(200);
  expect(data.map((row) => `${row.first_name} ${row.last_name}`)).toEqual(names);
  expect(rest).toEqual(paging);
});

const LEAST = (name: string) => `The ${name} must be an integer of at least 1.`;

test.each<[string, Record<string, string>]>([
  ['page=0', { page: LEAST('page') }],
  ['page=-1', { page: LEAST('page') }],
  ['page=1.5', { page: LEAST('page') }],
  ['page=two', { page: LEAST('page') }],
  ['page=1&page=2', { page: LEAST('page') }],
  ['per_page=0&page=0', { per_page: LEAST('per_page'), page: LEAST('page') }],
  ['audience_id=Newsletter', { audience_id: 'The audience_id must be an integer.' }],
  ['group_id=-1', { group_id: 'The group_id must be an integer.' }],
  ['name=a&name=b', { name: 'The name must be a string.' }],
])('?%s: 422', async (query, errors) => {
  expect(essence(await client.get(`/contacts?${query}`))).toEqual(unprocessable(errors));
});

test('a NUL byte is in no name', async () => {
  expect((await client.get('/contacts?name=%00')).status).toBe(422);
});

test('an account with nothing has an empty list', async () => {
  const stranger = await FuriosaClient.open();
  expect(essence(await stranger.get('/contacts'))).toEqual(listed([]));
});
