import { audiences } from '../../../src/domain/audience/audience.service';
import { audienceGroups } from '../../../src/domain/audience/audience-group.service';
import { contacts } from '../../../src/domain/contact/contact.service';
import { openTestAccount, type TestAccount } from '../../support/account';

let account: TestAccount;
let audienceId: string;

beforeEach(async () => {
  account = await openTestAccount();
  audienceId = (await audiences.create(account.ctx, { name: 'News' })).id;
});

describe('lists for flat records', () => {
  const PEOPLE = [
    { firstName: 'Jane', lastName: 'Smith', email: 'jane@example.com', phone: '+44 20 7946 0018' },
    { firstName: 'Janet', lastName: 'Smithson', email: 'j2@example.com', company: 'Smith & Sons' },
    { firstName: 'Ann', lastName: '', phone: '12345', email2: '100%_ann@example.com' },
  ];
  let groupId: number;

  beforeEach(async () => {
    const { number, id } = await audienceGroups.create(account.ctx, { audienceId, name: 'VIP' });
    groupId = number;
    const rows = PEOPLE.map((one, at) => ({ audienceId, ...one, ...(at === 1 && { groupIds: [id] }) }));
    await contacts.createMany(account.ctx, rows, 'all_or_nothing');
    await contacts.create(account.ctx, { firstName: 'Jane', lastName: 'Desk', phone2: '(202) 555-0143' });
  });

  const found = async (query: Parameters<typeof contacts.records>[1]) => {
    const { records, total } = await contacts.records(account.ctx, query, { limit: 10, offset: 0 });
    expect(total).toBe(records.length);
    return records.map(({ name }) => name).toSorted();
  };

  test('are narrowed by the whole address or number, a part of the name, the group and the audience', async () => {
    expect(await found({})).toEqual(['Ann', 'Jane Desk', 'Jane Smith', 'Janet Smithson']);
    expect(await found({ email: 'JANE@example.com' })).toEqual(['Jane Smith']);
    expect(await found({ email: 'jane@example' })).toEqual([]);
    for (const phone of ['+442079460018', '+44 20 7946 0018', '+44 (20) 7946 0018'])
      expect(await found({ phone })).toEqual(['Jane Smith']);
    expect(await found({ phone: '12345' })).toEqual(['Ann']);
    expect(await found({ name: 'jane' })).toEqual(['Jane Desk', 'Jane Smith', 'Janet Smithson']);
    expect(await found({ name: 'E SMITH' })).toEqual(['Jane Smith']);
    expect(await found({ name: 'nn' })).toEqual(['Ann']);
    expect(await found({ name: '%' })).toEqual([]);
    expect(await found({ groupId })).toEqual(['Janet Smithson']);
    expect(await found({ groupId: 0 })).toEqual([]);
    expect(await found({ audienceId, name: 'jane' })).toEqual(['Jane Smith', 'Janet Smithson']);
    expect(await found({ audienceId: 'nonsense' })).toEqual([]);
  });

  test('come with audience and groups, by offset', async () => {
    const sort = { field: 'name', direction: 'asc' } as const;
    const { records, total } = await contacts.records(account.ctx, {}, { sort, limit: 2, offset: 2 });
    expect(total).toBe(4);
    expect(records).toMatchObject([
      { name: 'Jane Smith', audience: { name: 'News' }, groups: [] },
      { name: 'Janet Smithson', audience: { name: 'News' }, groups: [{ number: groupId, name: 'VIP' }] },
    ]);
  });

  test('a search looks for every word in names, company, addresses and numbers', async () => {
    const search = async (text: string) => {
      const page = await contacts.search(account.ctx, text);
      expect(await page.count()).toBe(page.rows.length);
      return page.rows.map(({ name }) => name).toSorted();
    };
    expect(await search('smith')).toEqual(['Jane Smith', 'Janet Smithson']);
    expect(await search(' JANE  sons ')).toEqual(['Janet Smithson']);
    expect(await search('555-0143')).toEqual(['Jane Desk']);
    expect(await search('2079460018')).toEqual(['Jane Smith']);
    expect(await search('100%_a')).toEqual(['Ann']);
    expect(await search('j2@')).toEqual(['Janet Smithson']);
    expect(await search('janesmith')).toEqual([]);
    expect(await search('')).toHaveLength(4);
    const first = await contacts.search(account.ctx, 'jane', { first: 2 });
    const after = first.cursorOf(first.rows[1] as (typeof first.rows)[number]);
    const second = await contacts.search(account.ctx, 'jane', { first: 2, after });
    expect([...first.rows, ...second.rows].map(({ name }) => name)).toEqual([
      ...['Jane Desk', 'Janet Smithson', 'Jane Smith'],
    ]);
  });
});
