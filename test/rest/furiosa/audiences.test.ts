import { AudienceGroup } from '../../../src/domain/audience/audience-group.entity';
import { contacts } from '../../../src/domain/contact/contact.service';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { essence, FuriosaClient, listed, refused, single, unprocessable } from './furiosa-client';

let client: FuriosaClient;

const UNKNOWN = UNKNOWN_IDS.integer;
const NO_AUDIENCE = refused(404, 'Audience not found');
const NO_GROUP = refused(404, 'Audience group not found');
const REQUIRED = unprocessable({ name: 'The name field is required.' });

beforeEach(async () => {
  client = await FuriosaClient.open();
});

/** What a new audience looks like, but for these fields. */
function audience(fields: object): object {
  return {
    ...{ id: expect.any(Number), description: null, email_count: 0, phone_count: 0, contact_count: 0 },
    ...{ groups_count: 0, created_at: client.now, updated_at: client.now, ...fields },
  };
}

async function fill(id: number, groups: number[]): Promise<void> {
  const rows = [
    { email: 'a@example.com', phone: '+447911123456', groupIds: groups },
    { email: 'b@example.com', status: 'unsubscribed', groupIds: groups.slice(0, 1) },
    { phone: '+447911123457', status: 'bounced' },
  ];
  for (const row of rows) await contacts.create(client.ctx, { ...row, audienceId: id });
}

test('an audience is created', async () => {
  const answer = await client.post('/audiences', {
    name: ' News ',
    description: 'Monthly.',
    id: 7,
    email_count: 9,
  });
  const expected = audience({ name: 'News', description: 'Monthly.' });
  expect(essence(answer)).toEqual(single(201, expected));
  expect(await client.get('/audiences').then(essence)).toEqual(listed([expected]));
  expect(await eventsOf(client.account, 'audience')).toMatchObject([{ name: 'audience.created' }]);
});

test.each<[string, unknown, object]>([
  ['no name', {}, REQUIRED],
  ['an empty name', { name: '  ' }, REQUIRED],
  ['a name that is null', { name: null }, REQUIRED],
  ['a number as name', { name: 5 }, unprocessable({ name: 'The name must be a string.' })],
  [
    'a long name',
    { name: 'x'.repeat(256) },
    unprocessable({ name: 'The name may not be greater than 255 characters.' }),
  ],
  [
    'a long description',
    { name: 'x', description: 'x'.repeat(10_001) },
    unprocessable({ description: 'The description may not be greater than 10000 characters.' }),
  ],
  ['a list', [], refused(400, 'The request body must be a JSON object.')],
])('an audience with %s is refused', async (_, body, expected) => {
  const answer = await withoutChange(client.account, () => client.post('/audiences', body));
  expect(essence(answer)).toEqual(expected);
});

test('an audience counts its contacts and groups, in lists and alone', async () => {
  const { id, groups } = await client.makeAudience('News', 'VIP', 'Press');
  await fill(id, groups);
  const counts = { contact_count: 3, email_count: 2, phone_count: 2, groups_count: 2 };
  const row = audience({ id, name: 'News', ...counts });
  expect(essence(await client.get('/audiences'))).toEqual(listed([row]));
  const [vip, press] = groups;
  const stats = { ...counts, subscribed: 1, unsubscribed: 1, bounced: 1, complained: 0 };
  const shown = [
    { id: vip, name: 'VIP', contact_count: 2 },
    { id: press, name: 'Press', contact_count: 1 },
  ];
  expect(essence(await client.get(`/audiences/${id}`))).toEqual(
    single(200, { ...row, groups: shown, stats }),
  );
  expect(essence(await client.get(`/audiences/${id}/stats`))).toEqual({
    status: 200,
    body: { id, data: stats },
  });
});

test('audiences are paged, newest first', async () => {
  for (const name of ['One', 'Two', 'Three']) await client.makeAudience(name);
  const { body } = await client.get('/audiences?per_page=2&page=2');
  expect(body).toMatchObject({ data: [{ name: 'One' }], total: 3, page: 2, per_page: 2, total_pages: 2 });
  expect(essence(await client.get('/audiences?page=x'))).toEqual(
    unprocessable({ page: 'The page must be an integer of at least 1.' }),
  );
});

test.each<[string, object, object]>([
  ['the name', { name: 'Letters' }, { name: 'Letters' }],
  ['the description', { description: 'Weekly.' }, { description: 'Weekly.' }],
  ['no description', { description: '' }, { description: null }],
  ['nothing', {}, {}],
])('a change of %s leaves the rest', async (_, body, changes) => {
  const { id } = (await client.post('/audiences', { name: 'News', description: 'Monthly.' })).body;
  const expected = audience({ id, name: 'News', description: 'Monthly.', ...changes });
  expect(essence(await client.put(`/audiences/${id}`, body))).toEqual(single(200, expected));
  expect(essence(await client.get('/audiences'))).toEqual(listed([expected]));
});

test('a name cannot be emptied', async () => {
  const { id } = await client.makeAudience('News');
  const answer = await withoutChange(client.account, () => client.put(`/audiences/${id}`, { name: '' }));
  expect(essence(answer)).toEqual(REQUIRED);
});

test('a deleted audience is gone with its groups and contacts', async () => {
  const { id, groups } = await client.makeAudience('News', 'VIP');
  await fill(id, groups);
  expect(essence(await client.delete(`/audiences/${id}`))).toEqual({
    status: 200,
    body: { success: true, id },
  });
  for (const list of ['/audiences', '/contacts']) expect(essence(await client.get(list))).toEqual(listed([]));
  const contactEvents = await eventsOf(client.account, 'contact');
  expect(contactEvents.filter(({ name }) => name === 'contact.deleted')).toHaveLength(3);
});

test.each<[string, 'GET' | 'POST' | 'PUT' | 'DELETE', string, unknown]>([
  ['reading', 'GET', '', undefined],
  ['its stats', 'GET', '/stats', undefined],
  ['changing', 'PUT', '', { name: 'X' }],
  ['deleting', 'DELETE', '', undefined],
  ['its groups', 'GET', '/groups', undefined],
  ['a group in it', 'POST', '/groups', { name: 'X' }],
])('%s an unknown audience', async (_, method, tail, body) => {
  const answer = await withoutChange(client.account, () =>
    client.send(method, `/audiences/${UNKNOWN}${tail}`, body),
  );
  expect(essence(answer)).toEqual(NO_AUDIENCE);
});

/** What a new group looks like. */
const group = (fields: object) => ({
  ...{ id: expect.any(Number), contact_count: 0, created_at: client.now, ...fields },
});

test('groups are created, listed newest first, read, changed and deleted', async () => {
  const { id: audience_id } = await client.makeAudience('News');
  const path = `/audiences/${audience_id}/groups`;
  const made = await client.post(path, { name: 'VIP', contact_count: 9, audience_id: 1 });
  const vip = group({ id: made.body.id, audience_id, name: 'VIP' });
  expect(essence(made)).toEqual(single(201, vip));
  const press = group({ audience_id, name: 'Press' });
  expect(essence(await client.post(path, { name: 'Press' }))).toEqual(single(201, press));
  expect(essence(await client.get(path))).toEqual(listed([press, vip]));
  expect(essence(await client.get(`${path}?per_page=1&page=2`))).toEqual(
    listed([vip], { total: 2, page: 2, per_page: 1, total_pages: 2 }),
  );
  expect(essence(await client.get(`${path}/${made.body.id}`))).toEqual(single(200, vip));
  const renamed = { ...vip, name: 'Best' };
  expect(essence(await client.put(`${path}/${made.body.id}`, { name: 'Best' }))).toEqual(
    single(200, renamed),
  );
  expect(essence(await client.delete(`${path}/${made.body.id}`))).toEqual({
    status: 200,
    body: { success: true, id: made.body.id },
  });
  expect(essence(await client.get(`${path}/${made.body.id}`))).toEqual(NO_GROUP);
  expect(essence(await client.get(path))).toEqual(listed([press]));
});

test('contacts of a deleted group stay in the audience', async () => {
  const { id, groups } = await client.makeAudience('News', 'VIP');
  await fill(id, groups);
  await client.delete(`/audiences/${id}/groups/${groups[0]}`);
  const { body } = await client.get(`/contacts?audience_id=${id}`);
  expect(body.data.map((row) => row.groups)).toEqual([[], [], []]);
});

test.each<[string, unknown, object]>([
  ['no name', {}, REQUIRED],
  [
    'a long name',
    { name: 'x'.repeat(101) },
    unprocessable({ name: 'The name may not be greater than 100 characters.' }),
  ],
  [
    'the name of another',
    { name: 'vip' },
    refused(409, 'A group with this name already exists in this audience.'),
  ],
])('a group with %s is refused', async (_, body, expected) => {
  const { id, groups } = await client.makeAudience('News', 'VIP', 'Press');
  const answer = await withoutChange(client.account, () => client.post(`/audiences/${id}/groups`, body));
  expect(essence(answer)).toEqual(expected);
  if (Object.keys(body as object).length === 0) return;
  const path = `/audiences/${id}/groups/${groups[1]}`;
  expect(essence(await withoutChange(client.account, () => client.put(path, body)))).toEqual(expected);
});

test('a group is found in its own audience only', async () => {
  const { groups } = await client.makeAudience('News', 'VIP');
  const other = await client.makeAudience('Other');
  const path = `/audiences/${other.id}/groups/${groups[0]}`;
  await withoutChange(client.account, async () => {
    for (const answer of [
      await client.get(path),
      await client.put(path, { name: 'X' }),
      await client.delete(path),
    ])
      expect(essence(answer)).toEqual(NO_GROUP);
  });
  expect(await client.ctx.repo(AudienceGroup).get(groups[0] as number)).toMatchObject({ name: 'VIP' });
});
