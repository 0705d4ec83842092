import { audiences } from '../../../src/domain/audience/audience.service';
import { audienceGroups } from '../../../src/domain/audience/audience-group.service';
import { contacts } from '../../../src/domain/contact/contact.service';
import type { RowRef } from '../../../src/domain/entity';
import { openTestAccount, type TestAccount } from '../../support/account';
import { eventNamesOf, eventsOf, withoutChange } from '../../support/account-state';

let account: TestAccount;
let audienceId: string;

const group = async (name: string, of = audienceId) =>
  audienceGroups.create(account.ctx, { audienceId: of, name });

const create = (input: object) => contacts.create(account.ctx, { audienceId, ...input });

const groupsOf = async (id: RowRef) =>
  (await contacts.record(account.ctx, id)).groups.map(({ name }) => name);

const refuse = (work: () => Promise<unknown>) =>
  withoutChange(account, () =>
    work().then(
      () => 'done',
      ({ code, fields }) => ({ code, fields }),
    ),
  );

beforeEach(async () => {
  account = await openTestAccount();
  audienceId = (await audiences.create(account.ctx, { name: 'News' })).id;
});

describe('an e-mail address', () => {
  const TAKEN = {
    ...{ code: 'CONFLICT' },
    fields: { email: ['Another contact of the audience has this e-mail address.'] },
  };

  test('stands once in an audience, upper and lower case alike', async () => {
    const { id } = await create({ email: 'jane@example.com' });
    const other = await create({ email: 'joe@example.com' });
    expect(await refuse(() => create({ email: 'Jane@EXAMPLE.com' }))).toEqual(TAKEN);
    expect(await refuse(() => contacts.update(account.ctx, other.id, { email: 'JANE@example.com' }))).toEqual(
      TAKEN,
    );
    const updated = await contacts.update(account.ctx, id, { email: 'JANE@example.com' });
    expect(updated.email).toBe('JANE@example.com');
  });

  test('may stand in two audiences, and any number of times outside of all', async () => {
    const { id } = await audiences.create(account.ctx, { name: 'Other' });
    const email = 'jane@example.com';
    for (const audience of [audienceId, id, null, null]) await create({ audienceId: audience, email });
    const page = await contacts.page(account.ctx, { filter: { email: { eq: 'JANE@Example.com' } } });
    expect(page.rows.map((row) => row.audienceId)).toEqual([null, null, id, audienceId]);
  });

  test('is made once by ten requests at the same moment', async () => {
    const email = 'jane@example.com';
    const made = await Promise.allSettled(Array.from({ length: 10 }, () => create({ email })));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await contacts.page(account.ctx, {}).then(({ count }) => count())).toBe(1);
  });
});

test('a contact of an audience can be reached; one of the help desk need not', async () => {
  const unreachable = {
    ...{ code: 'INVALID' },
    fields: { email: ['A contact of an audience needs an e-mail address or a phone number.'] },
  };
  expect(await refuse(() => create({ firstName: 'Jane' }))).toEqual(unreachable);
  const { id } = await create({ phone: '+442079460018', email: 'jane@example.com' });
  await contacts.update(account.ctx, id, { email: null });
  expect(await refuse(() => contacts.update(account.ctx, id, { phone: null }))).toEqual(unreachable);
  const { audienceId: none } = await contacts.create(account.ctx, { firstName: 'Jane' });
  expect(none).toBeNull();
});

test.each([
  ['+447911123456', '+447911123456'],
  ['(202) 555-0143', '+12025550143'],
  ['+1 202 555 0143', '+12025550143'],
  ['12345', null],
])('the phone number %s is kept as it is, beside its E.164 form', async (phone, phoneE164) => {
  expect(await create({ phone })).toMatchObject({ phone, phoneE164 });
});

test.each(['1234', '+44x20', '202.555.0143', '+1+1202555', '1'.repeat(41)])(
  'the phone number %s is refused',
  async (phone) => {
    const message =
      'must be a phone number: 5 to 40 digits, spaces, brackets and dashes, with a plus sign before them or none.';
    const fields = { phone: [`Phone ${message}`], phone2: [`Phone2 ${message}`] };
    expect(await refuse(() => create({ phone, phone2: phone }))).toEqual({ code: 'INVALID', fields });
  },
);

describe('groups', () => {
  test('are given by id or number, keep their order, and are replaced as a whole', async () => {
    const [one, two, three] = [await group('One'), await group('Two'), await group('Three')];
    const { id } = await create({ email: 'a@example.com', groupIds: [two.id, one.number, two.number] });
    expect(await groupsOf(id)).toEqual(['Two', 'One']);
    await contacts.update(account.ctx, id, { groupIds: [three.number, two.id] });
    expect(await groupsOf(id)).toEqual(['Three', 'Two']);
    await contacts.update(account.ctx, id, { firstName: 'Ann' });
    expect(await groupsOf(id)).toEqual(['Three', 'Two']);
    await contacts.update(account.ctx, id, { groupIds: [] });
    expect(await groupsOf(id)).toEqual([]);
  });

  test('must be of the contact’s audience', async () => {
    const other = await audiences.create(account.ctx, { name: 'Other' });
    const [own, strange] = [await group('Own'), await group('Strange', other.id)];
    const missing = '0190a000-0000-7000-8000-000000000000';
    const error = (...refs: RowRef[]) => ({
      ...{ code: 'INVALID' },
      fields: { groupIds: refs.map((ref) => `Group ${ref} is no group of the contact’s audience.`) },
    });
    const groupIds = [own.id, strange.number, missing, 'nonsense', 1e12];
    const email = 'a@example.com';
    expect(await refuse(() => create({ email, groupIds }))).toEqual(error(...groupIds.slice(1)));
    const { id } = await create({ email, groupIds: [own.id] });
    expect(await refuse(() => contacts.update(account.ctx, id, { groupIds: [strange.id] }))).toEqual(
      error(strange.id),
    );
    expect(await refuse(() => contacts.create(account.ctx, { email, groupIds: [own.number] }))).toEqual(
      error(own.number),
    );
    expect(await groupsOf(id)).toEqual(['Own']);
  });

  test.each<[unknown, string]>([
    ['x', 'must be a list of ids'],
    [[1.5], 'must be a list of ids'],
    [[null], 'must be a list of ids'],
    [Array(101).fill(1), 'must have at most 100 items, not 101'],
    [null, 'must not be null'],
  ])('cannot be %j', async (groupIds, message) => {
    const refused = await refuse(() => create({ email: 'a@example.com', groupIds }));
    expect(refused).toEqual({ code: 'INVALID', fields: { groupIds: [`Group ids ${message}.`] } });
  });

  test('narrow lists', async () => {
    const [one, two] = [await group('One'), await group('Two')];
    const emails = [[one.id], [one.id, two.id], []];
    for (const [at, groupIds] of emails.entries()) await create({ email: `${at}@example.com`, groupIds });
    const found = async (condition: object) => {
      const page = await contacts.page(account.ctx, { filter: { groupIds: condition } });
      expect(await page.count()).toBe(page.rows.length);
      return page.rows.map(({ email }) => email?.slice(0, 1)).toSorted();
    };
    expect(await found({ eq: one.id })).toEqual(['0', '1']);
    expect(await found({ in: [two.id, 'nonsense'] })).toEqual(['1']);
    expect(await found({ ne: two.id })).toEqual(['0', '2']);
    expect(await found({ isNull: true })).toEqual(['2']);
    expect(await found({ isNull: false })).toEqual(['0', '1']);
    expect(await found({ eq: null })).toEqual(['2']);
    expect(await found({ eq: 'nonsense' })).toEqual([]);
    await expect(found({ gt: one.id })).rejects.toMatchObject({ code: 'INVALID' });
  });

  test('have a name of their own in the audience, and leave their contacts behind', async () => {
    const { id } = await group('VIP');
    expect(await refuse(() => group('vip'))).toEqual({
      ...{ code: 'CONFLICT', fields: { name: ['Another group of the audience has this name.'] } },
    });
    const contact = await create({ email: 'a@example.com', groupIds: [id] });
    await audienceGroups.delete(account.ctx, id);
    expect(await groupsOf(contact.id)).toEqual([]);
  });
});

test('a bulk write stores the good rows and says of each bad one what is wrong', async () => {
  const [{ id: groupId }, { ctx }] = [await group('One'), account];
  await create({ email: 'taken@example.com' });
  const rows = [
    { audienceId, email: 'a@example.com', groupIds: [groupId] },
    { audienceId, email: 'A@example.com' },
    { audienceId, email: 'nobody', phone: '1' },
    { audienceId, firstName: 'Nobody' },
    { audienceId: '0190a000-0000-7000-8000-000000000000', email: 'b@example.com' },
    { audienceId, email: 'c@example.com', groupIds: [0] },
    { audienceId, email: 'Taken@example.com' },
    { audienceId, phone: '+12025550143' },
    { audienceId, phone: '+12025550143' },
    { email: 'a@example.com' },
  ];
  const outcomes = await contacts.createMany(ctx, rows);
  expect(outcomes.map(({ index }) => index)).toEqual(rows.map((_, at) => at));
  const taken = ['CONFLICT', 'Another contact of the audience has this e-mail address.'];
  expect(outcomes.map(({ error }) => error && [error.code, error.message])).toEqual([
    ...[null, taken, ['INVALID', 'Email must be an e-mail address.']],
    ['INVALID', 'A contact of an audience needs an e-mail address or a phone number.'],
    ...[
      ['NOT_FOUND', 'Audience not found'],
      ['INVALID', 'Group 0 is no group of the contact’s audience.'],
    ],
    ...[taken, null, null, null],
  ]);
  expect(Object.keys(outcomes[2]?.error?.fields ?? {})).toEqual(['email', 'phone']);
  const stored = outcomes.flatMap(({ row }) => row ?? []);
  expect(stored.map(({ email, phone }) => email ?? phone)).toEqual([
    ...['a@example.com', '+12025550143', '+12025550143', 'a@example.com'],
  ]);
  expect(await audiences.get(ctx, audienceId)).toMatchObject({
    contactCount: 4,
    emailCount: 2,
    phoneCount: 2,
  });
  const events = await eventsOf(account, 'contact');
  expect(events.slice(1).map(({ name, subjectId, payload }) => [name, subjectId, payload.groupIds])).toEqual(
    stored.map(({ id }, at) => ['contact.created', id, at === 0 ? [groupId] : []]),
  );
  const refused = await withoutChange(account, () => contacts.createMany(ctx, rows, 'all_or_nothing'));
  expect(refused.map(({ row }) => row)).toEqual(rows.map(() => null));
});

test('every change is told, with the groups before and after', async () => {
  const [one, two] = [await group('One'), await group('Two')];
  const { id } = await create({ email: 'a@example.com', groupIds: [one.id] });
  await contacts.update(account.ctx, id, { firstName: 'Ann', groupIds: [two.id] });
  await contacts.update(account.ctx, id, { firstName: 'Ann', groupIds: [two.id] });
  await contacts.delete(account.ctx, id);
  const events = await eventsOf(account, 'contact');
  expect(events.map(({ name, changes }) => [name, changes])).toEqual([
    ['contact.created', {}],
    ['contact.updated', { firstName: { old: '', new: 'Ann' }, groupIds: { old: [one.id], new: [two.id] } }],
    ['contact.deleted', {}],
  ]);
  expect(events.map(({ payload }) => [payload.name, payload.groupIds, payload.searchText])).toEqual([
    ['', [one.id], undefined],
    ...[
      ['Ann', [two.id], undefined],
      ['Ann', [two.id], undefined],
    ],
  ]);
});

describe('a contact that is put into an audience', () => {
  const put = (input: object) => contacts.upsertInto(account.ctx, audienceId, input);

  test('is the one of its e-mail address, and keeps what is not given', async () => {
    const [one, two] = [await group('One'), await group('Two')];
    const made = await put({ email: 'Jane@example.com', firstName: 'Jane', groupIds: [one.id] });
    const again = await put({ email: 'jane@EXAMPLE.com', phone: '+12025550143', groupIds: [two.id] });
    expect([made.isNew, again.isNew]).toEqual([true, false]);
    expect(again.contact).toMatchObject({
      ...{ id: made.contact.id, email: 'Jane@example.com', firstName: 'Jane', phoneE164: '+12025550143' },
    });
    expect(await groupsOf(made.contact.id)).toEqual(['One', 'Two']);
    const count = (await eventsOf(account, 'contact')).length;
    await put({ email: 'jane@example.com', firstName: 'Jane', groupIds: [one.id] });
    expect(await eventsOf(account, 'contact')).toHaveLength(count);
  });

  test('is without an address the one of its phone number, however that is written', async () => {
    const made = await put({ phone: '+1 202 555 0143', firstName: 'Jane' });
    const again = await put({ phone: '(202) 555-0143', lastName: 'Smith' });
    expect(again).toMatchObject({
      ...{ isNew: false, contact: { id: made.contact.id, phone: '+1 202 555 0143', name: 'Jane Smith' } },
    });
    expect((await put({ phone: '12345' })).isNew).toBe(true);
    expect((await put({ phone: '12345' })).isNew).toBe(false);
    expect((await put({ email: 'new@example.com', phone: '12345' })).isNew).toBe(true);
  });

  test.each([[{ email: 'a@example.com' }], [{ phone: '+12025550143' }]])(
    'is made once by ten requests at the same moment: %j',
    async (input) => {
      const done = await Promise.all(
        Array.from({ length: 10 }, (_, at) => put({ ...input, city: `City ${at}` })),
      );
      expect(done.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(done.map(({ contact }) => contact.id)).size).toBe(1);
      expect(await eventNamesOf(account, 'contact')).toEqual([
        ...['contact.created', ...Array(9).fill('contact.updated')],
      ]);
    },
  );

  test('is refused when it is wrong', async () => {
    const strange = '0190a000-0000-7000-8000-000000000000';
    expect(await refuse(() => put({ firstName: 'Jane' }))).toMatchObject({ code: 'INVALID' });
    expect(await refuse(() => put({ email: 'a@example.com', groupIds: [strange] }))).toMatchObject({
      ...{ code: 'INVALID', fields: { groupIds: expect.anything() } },
    });
    expect(await refuse(() => contacts.upsertInto(account.ctx, strange, { email: 'a@example.com' }))).toEqual(
      { code: 'NOT_FOUND', fields: { audienceId: ['Audience not found'] } },
    );
  });
});
