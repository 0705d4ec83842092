import { audiences } from '../../src/domain/audience/audience.service';
import { audienceGroups } from '../../src/domain/audience/audience-group.service';
import { contacts } from '../../src/domain/contact/contact.service';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import {
  AudienceNumbersDocument,
  ContactPageDocument,
  type ContactPageQueryVariables,
  CreateContactsDocument,
  NestedContactsDocument,
  SearchContactsDocument,
  UpdateContactDocument,
  UpsertContactDocument,
} from '../support/documents';
import { Door } from './door';

let door: Door;
let account: TestAccount;
let audienceId: string;

beforeAll(async () => {
  door = await Door.open();
});
beforeEach(async () => {
  account = await openTestAccount();
  audienceId = (await audiences.create(account.ctx, { name: 'News' })).id;
});
afterAll(() => door.close());

const group = async (name: string) => (await audienceGroups.create(account.ctx, { audienceId, name })).id;
const page = async (variables: ContactPageQueryVariables) =>
  (await door.run(account.key, ContactPageDocument, variables)).contacts;

describe('bulk creation', () => {
  const inputs = () => [
    { audienceId, firstName: 'Ann', email: 'ann@example.com' },
    { audienceId, firstName: 'Bo', email: 'nobody', phone: 'x' },
    { audienceId, firstName: 'Cy', email: 'ANN@example.com' },
    { audienceId: '0190a000-0000-7000-8000-000000000000', email: 'd@example.com' },
    { audienceId, firstName: 'Eve', phone: '(202) 555-0143', groupIds: [] },
  ];
  const taken = 'Another contact of the audience has this e-mail address.';
  const phone =
    'Phone must be a phone number: 5 to 40 digits, spaces, brackets and dashes, with a plus sign before them or none.';
  const ERRORS = [
    null,
    {
      ...{ code: 'INVALID', message: 'Email must be an e-mail address.' },
      fields: [
        { field: 'email', messages: ['Email must be an e-mail address.'] },
        { field: 'phone', messages: [phone] },
      ],
    },
    { code: 'CONFLICT', message: taken, fields: [{ field: 'email', messages: [taken] }] },
    {
      ...{ code: 'NOT_FOUND', message: 'Audience not found' },
      fields: [{ field: 'audienceId', messages: ['Audience not found'] }],
    },
    null,
  ];

  test('writes nothing unless every row is good', async () => {
    const { createContacts } = await withoutChange(account, () =>
      door.run(account.key, CreateContactsDocument, { inputs: inputs() }),
    );
    expect(createContacts).toEqual({
      outcomes: ERRORS.map((error, index) => ({ index, contact: null, error })),
      ...{ created: 0, failed: 3 },
    });
  });

  test('writes the good rows when asked', async () => {
    const variables = { inputs: inputs(), errorPolicy: 'SKIP_INVALID' as const };
    const { createContacts } = await door.run(account.key, CreateContactsDocument, variables);
    const made = [{ name: 'Ann', email: 'ann@example.com' }, null, null, null, { name: 'Eve', email: null }];
    expect(createContacts).toEqual({
      outcomes: ERRORS.map((error, index) => {
        const contact = made[index];
        return { index, error, contact: contact ? { ...contact, groups: [] } : null };
      }),
      ...{ created: 2, failed: 3 },
    });
    expect(await page({})).toMatchObject({ totalCount: 2 });
  });

  test('takes 1 to 1,000 rows', async () => {
    const rows = (length: number) =>
      Array.from({ length }, (_, at) => ({ audienceId, email: `${at}@example.com` }));
    for (const length of [0, 1001]) {
      const work = () => door.fail(account.key, CreateContactsDocument, { inputs: rows(length) });
      expect(await withoutChange(account, work)).toMatchObject({
        message: `Give 1 to 1000 contacts, not ${length}.`,
        extensions: { code: 'INVALID', fields: { inputs: [`Give 1 to 1000 contacts, not ${length}.`] } },
      });
    }
    const { createContacts } = await door.run(account.key, CreateContactsDocument, { inputs: rows(1000) });
    expect(createContacts).toMatchObject({ created: 1000, failed: 0 });
    expect(await audiences.get(account.ctx, audienceId)).toMatchObject({ contactCount: 1000 });
  });
});

test('lists are narrowed by address in any case, by groups and parts of names, and ordered by name', async () => {
  const [vip, late] = [await group('VIP'), await group('Late')];
  const people = [
    { firstName: 'Jane', lastName: 'Smith', email: 'Jane@example.com', groupIds: [vip, late] },
    { firstName: 'Ann', lastName: 'Lee', email: 'ann@example.com', groupIds: [late] },
    { firstName: 'Bo', email: 'bo@example.com' },
  ];
  for (const one of people) await contacts.create(account.ctx, { audienceId, ...one });
  const names = async (filter: ContactPageQueryVariables['filter']) => {
    const sort = { field: 'NAME', direction: 'ASC' } as const;
    const { nodes, totalCount } = await page({ filter, sort });
    expect(totalCount).toBe(nodes.length);
    return nodes.map(({ name }) => name);
  };
  expect(await names({ audienceId: { eq: audienceId } })).toEqual(['Ann Lee', 'Bo', 'Jane Smith']);
  expect(await names({ email: { eq: 'JANE@EXAMPLE.COM' } })).toEqual(['Jane Smith']);
  expect(await names({ email: { in: ['jane@example.com', 'BO@example.com'] } })).toEqual([
    'Bo',
    'Jane Smith',
  ]);
  expect(await names({ email: { ne: 'JANE@example.com' } })).toEqual(['Ann Lee', 'Bo']);
  expect(await names({ email: { startsWith: 'AN' } })).toEqual(['Ann Lee']);
  expect(await names({ email: { startsWith: 'example' } })).toEqual([]);
  expect(await names({ name: { contains: 'E SMI' } })).toEqual(['Jane Smith']);
  expect(await names({ groupIds: { eq: vip } })).toEqual(['Jane Smith']);
  expect(await names({ groupIds: { in: [vip, late] } })).toEqual(['Ann Lee', 'Jane Smith']);
  expect(await names({ not: { groupIds: { eq: vip } } })).toEqual(['Ann Lee', 'Bo']);
  expect(await names({ groupIds: { isNull: true } })).toEqual(['Bo']);
  expect(await names({ or: [{ groupIds: { eq: vip } }, { name: { contains: 'lee' } }] })).toEqual([
    ...['Ann Lee', 'Jane Smith'],
  ]);
});

test('a search finds every word, page by page', async () => {
  for (const lastName of ['Smith', 'Smithson', 'Lee'])
    await contacts.create(account.ctx, { firstName: 'Jane', lastName, company: 'Acme & Sons' });
  const search = async (variables: { text: string; first?: number; after?: string }) =>
    (await door.run(account.key, SearchContactsDocument, variables)).searchContacts;
  const first = await search({ text: 'smith ACME', first: 1 });
  expect(first).toMatchObject({
    totalCount: 2,
    nodes: [{ name: 'Jane Smithson' }],
    pageInfo: { hasNextPage: true },
  });
  const second = await search({ text: 'smith ACME', first: 1, after: String(first.pageInfo.endCursor) });
  expect(second).toMatchObject({ nodes: [{ name: 'Jane Smith' }], pageInfo: { hasNextPage: false } });
  expect(await search({ text: 'smith nowhere' })).toMatchObject({ totalCount: 0, nodes: [] });
});

test('audiences, groups and contacts are read with one statement per relation', async () => {
  const [vip, late] = [await group('VIP'), await group('Late')];
  const people = ['Ann', 'Bo', 'Cy', 'Dee'].map((firstName, at) => ({
    ...{ audienceId, firstName, email: `${firstName}@example.com` },
    groupIds: at % 2 ? [late, vip] : [vip],
  }));
  await contacts.createMany(account.ctx, people, 'all_or_nothing');
  door.statements.length = 0;
  const data = await door.run(account.key, NestedContactsDocument, {});
  expect(door.statements.map((text) => /\bfrom "(\w+)"/.exec(text)?.[1]).toSorted()).toEqual([
    ...['audience', 'audience', 'audience_group', 'audience_group'],
    ...['contact', 'contact', 'contact'],
  ]);
  const audience = { name: 'News' };
  const vipGroup = { name: 'VIP', contacts: [{ name: 'Dee' }], audience };
  const lateGroup = { name: 'Late', contacts: [{ name: 'Dee' }], audience };
  expect(data.contacts.nodes).toEqual(
    people.map(({ firstName }, at) => ({
      ...{ name: firstName, audience: { ...audience, contactCount: 4 } },
      groups: at % 2 ? [lateGroup, vipGroup] : [vipGroup],
    })),
  );
  expect(data.audiences.nodes).toEqual([
    {
      ...{ name: 'News', contacts: [{ name: 'Dee' }, { name: 'Cy' }] },
      groups: [
        { name: 'Late', contactCount: 2 },
        { name: 'VIP', contactCount: 4 },
      ],
    },
  ]);
});

test('a contact is put into an audience, made or changed', async () => {
  const [vip, late] = [await group('VIP'), await group('Late')];
  const put = async (input: object) =>
    (await door.run(account.key, UpsertContactDocument, { audienceId, input })).upsertContact;
  const made = await put({ email: 'jane@example.com', firstName: 'Jane', groupIds: [vip] });
  const contact = { id: made.contact.id, email: 'jane@example.com', phoneE164: null };
  expect(made).toEqual({ isNew: true, contact: { ...contact, name: 'Jane', groups: [{ name: 'VIP' }] } });
  const input = { email: 'JANE@example.com', lastName: 'Smith', phone: '(202) 555-0143', groupIds: [late] };
  expect(await put(input)).toEqual({
    isNew: false,
    contact: {
      ...{ ...contact, name: 'Jane Smith', phoneE164: '+12025550143' },
      groups: [{ name: 'VIP' }, { name: 'Late' }],
    },
  });
  const groupIds = [late];
  const { updateContact } = await door.run(account.key, UpdateContactDocument, {
    ...{ id: made.contact.id, input: { groupIds } },
  });
  expect(updateContact.groups).toEqual([{ name: 'Late' }]);
  const events = await eventsOf(account, 'contact');
  expect(events.map(({ name }) => name)).toEqual(['contact.created', 'contact.updated', 'contact.updated']);
});

test('a group of another audience is refused', async () => {
  const other = await audiences.create(account.ctx, { name: 'Other' });
  const strange = await audienceGroups.create(account.ctx, { audienceId: other.id, name: 'Strange' });
  const { id } = await contacts.create(account.ctx, { audienceId, email: 'a@example.com' });
  const message = `Group ${strange.id} is no group of the contact’s audience.`;
  const variables = { id, input: { groupIds: [strange.id] } };
  const work = () => door.fail(account.key, UpdateContactDocument, variables);
  expect(await withoutChange(account, work)).toMatchObject({
    ...{ message, path: ['updateContact'] },
    extensions: { code: 'INVALID', fields: { groupIds: [message] } },
  });
});

test('the numbers of an audience', async () => {
  const { id } = await contacts.create(account.ctx, { audienceId, email: 'a@example.com' });
  await contacts.create(account.ctx, { audienceId, phone: '+12025550143', status: 'bounced' });
  account.clock.advance(86_400_000);
  await contacts.delete(account.ctx, id);
  const variables = { id: audienceId, from: '2026-03-01', to: '2026-03-03' };
  expect(await door.run(account.key, AudienceNumbersDocument, variables)).toEqual({
    audienceStats: {
      ...{ contactCount: 1, emailCount: 0, phoneCount: 1, groupCount: 0 },
      statusCounts: [
        { status: 'SUBSCRIBED', count: 0 },
        { status: 'UNSUBSCRIBED', count: 0 },
        { status: 'BOUNCED', count: 1 },
        { status: 'COMPLAINED', count: 0 },
      ],
    },
    audienceAnalysis: {
      series: [
        { date: '2026-03-01', added: 0, removed: 0, total: 0 },
        { date: '2026-03-02', added: 2, removed: 0, total: 2 },
        { date: '2026-03-03', added: 0, removed: 1, total: 1 },
      ],
    },
  });
});

test('each part asks for its scope', async () => {
  const key = await issueKey(account, ['contacts:read']);
  expect((await door.run(key, ContactPageDocument, {})).contacts.totalCount).toBe(0);
  const refused = async (document: Parameters<Door['fail']>[1], variables: object) =>
    (await withoutChange(account, () => door.fail(key, document, variables))).message;
  const lacks = (scope: string) => `This key lacks the scope ${scope}.`;
  const input = { email: 'a@example.com' };
  expect(await refused(UpsertContactDocument, { audienceId, input })).toBe(lacks('contacts:write'));
  expect(await refused(CreateContactsDocument, { inputs: [input] })).toBe(lacks('contacts:write'));
  expect(await refused('{ audienceGroups { totalCount } }', {})).toBe(lacks('audienceGroups:read'));
  expect(await refused('{ suppressions { totalCount } }', {})).toBe(lacks('suppressions:read'));
  expect(await refused(`{ audienceStats(id: "${audienceId}") { contactCount } }`, {})).toBe(
    lacks('audiences:read'),
  );
});
