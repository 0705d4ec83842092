import { audiences } from '../../../src/domain/audience/audience.service';
import { Contact } from '../../../src/domain/contact/contact.entity';
import { contacts } from '../../../src/domain/contact/contact.service';
import { searchFilter } from '../../../src/domain/contact/contact-lookup';
import type { Filter } from '../../../src/domain/filter';
import { countStatement, pageStatement } from '../../../src/domain/page';
import type { Statement } from '../../../src/domain/store';
import { tableOf } from '../../../src/domain/table';
import { openTestAccount, type TestAccount, testStore } from '../../support/account';
import { areSearchesMarked } from '../../support/marked-searches';

const ROWS = 50_000;
// Name 5, and Name 50 to 59.
const COMMON = Array.from({ length: ROWS }, (_, at) => at % 97).filter(
  (n) => n === 5 || (n > 49 && n < 60),
).length;

// Names by the alphabet: what begins with "mor" stands together, far from both ends of the list.
const FILL = `
insert into contact (id, account_id, audience_id, first_name, last_name, email, phone, created_at, updated_at)
select gen_random_uuid(), $1, $2, 'Name ' || at % 97, chr(97 + at / 2000) || substr(md5(at::text), 1, 8), at || '@example.com',
  '+1212555' || at, now(), now()
from generate_series(0, $3::int - 1) at`;

let account: TestAccount;
let areMarked: boolean;

beforeAll(async () => {
  account = await openTestAccount();
  const { ctx } = account;
  const { id } = await audiences.create(ctx, { name: 'Many' });
  const store = await testStore();
  areMarked = await areSearchesMarked(store);
  await store.acrossAccounts.query(FILL, [ctx.account.id, id, ROWS]);
  await contacts.create(ctx, { audienceId: id, firstName: 'Ivo', lastName: 'Moravec', phone: '12345' });
  await store.acrossAccounts.query('vacuum analyze contact', []);
});

/** The indexes that a statement is answered by, and the tables that it reads from end to end. */
async function readsOf({ text, values }: Statement): Promise<string[]> {
  const rows = await account.ctx.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
  const pattern = /(?:Index Scan on|Scan using|Scan Backward using|Seq Scan on) (\w+)/;
  return rows.flatMap((row) => pattern.exec(row['QUERY PLAN'])?.[1] ?? []);
}

/** That the trigrams answer it; without the marks of a superuser they cannot, and PostgreSQL chooses what to read. */
async function expectTrigrams(statement: Statement): Promise<void> {
  if (areMarked) expect(await readsOf(statement)).toEqual(['contact_by_text']);
}

test.each<[string, Filter, string[]]>([
  ['a part of a name', { name: { contains: 'moravec' } }, ['Ivo Moravec']],
  ['a part of both names', { name: { contains: 'VO MOR' } }, ['Ivo Moravec']],
  ['the beginning of a name', { name: { startsWith: 'ivo' } }, ['Ivo Moravec']],
  ['a search', searchFilter('ivo moravec'), ['Ivo Moravec']],
  [
    'a name among other conditions',
    { status: { eq: 'subscribed' }, and: [{ name: { contains: 'mora' } }] },
    ['Ivo Moravec'],
  ],
])('%s is found by the trigrams, and counted by them', async (_, filter, names) => {
  const table = tableOf(Contact);
  const { view } = account.ctx;
  await expectTrigrams(pageStatement(table, view, { filter, first: 25 }));
  await expectTrigrams(countStatement(table, view, filter));
  const { rows, count } = await contacts.page(account.ctx, { filter });
  expect(rows.map(({ name }) => name)).toEqual(names);
  expect(await count()).toBe(names.length);
});

test('an e-mail address is found by its index, whatever its case', async () => {
  const filter = { email: { eq: 'Nobody@Example.com' } };
  const reads = await readsOf(countStatement(tableOf(Contact), account.ctx.view, filter));
  expect(reads).toEqual(['contact_email_once']);
});

test('those that have a common part of a name are found before they are put in order', async () => {
  const filter = { name: { contains: 'name 5' } };
  await expectTrigrams(pageStatement(tableOf(Contact), account.ctx.view, { filter, first: 25 }));
  const { rows, count } = await contacts.page(account.ctx, { filter, first: 25 });
  expect(await count()).toBe(COMMON);
  expect(rows.filter(({ firstName }) => /^Name 5\d?$/.test(firstName))).toHaveLength(25);
  expect(rows.map(({ id }) => id)).toEqual(
    rows
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );
});

test('a part too short for trigrams is found and counted, too', async () => {
  const filter = { name: { contains: 'vo' } };
  const { rows, count } = await contacts.page(account.ctx, { filter });
  expect(rows.map(({ name }) => name)).toEqual(['Ivo Moravec']);
  expect(await count()).toBe(1);
});

test.each<[string, Filter, string]>([
  ['an address', { email: { eq: 'NOBODY@example.com' } }, 'contact_email_once'],
  ['one of some addresses', { email: { in: ['1@example.com', '2@EXAMPLE.com'] } }, 'contact_email_once'],
  ['a number', { phone: { eq: '12345' } }, 'contact_by_phone'],
  ['a number as E.164', { phoneE164: { eq: '+12025550143' } }, 'contact_by_phone_e164'],
])('%s is found by its index', async (_, filter, index) => {
  const { view } = account.ctx;
  expect(await readsOf(countStatement(tableOf(Contact), view, filter))).toEqual([index]);
  expect(await readsOf(pageStatement(tableOf(Contact), view, { filter, first: 1 }))).toEqual([index]);
});
