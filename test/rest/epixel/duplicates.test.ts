import { Lead } from '../../../src/domain/lead/lead.entity';
import type { TestAccount } from '../../support/account';
import { eventNamesOf, withoutChange } from '../../support/account-state';
import { EpixelClient, JANE } from '../../support/epixel-client';
import { startTestServer, type TestServer } from '../../support/server';

let server: TestServer;
let account: TestAccount;
let client: EpixelClient;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  account = await server.openAccount();
  client = await EpixelClient.of(server, account, { username: 'amy', role: 'agent' });
});

afterAll(() => server.close());

const leadOf = async (slug: unknown) => (await account.ctx.repo(Lead).findBy({ slug: String(slug) })) as Lead;

test('two leads may have one number', async () => {
  const [first, second] = [await client.done('create/lead', JANE), await client.done('create/lead', JANE)];
  expect(second.slug).not.toBe(first.slug);
});

test('a lead may be given the number of another, which keeps it until it goes', async () => {
  const first = String((await client.done('create/lead', JANE)).slug);
  const second = String((await client.done('create/lead', { ...JANE, phone: '2025550144' })).slug);
  const changed = { ...JANE, first_name: 'Janet', slug: second };
  expect(await client.done('update/lead', changed)).toMatchObject({
    ...{ slug: second, first_name: 'Janet', phone: '+12025550143' },
  });
  expect(await leadOf(first)).toMatchObject({ phone: '+12025550143', isDuplicate: false });
  expect(await leadOf(second)).toMatchObject({ phone: '+12025550143', isDuplicate: true });
  expect(await eventNamesOf(account, 'lead')).toEqual(['lead.created', 'lead.created', 'lead.updated']);
  const again = await withoutChange(account, () => client.post('update/lead', changed));
  expect(again.statusCode).toBe(200);
  await client.done('delete/lead', { slug: first });
  expect(await leadOf(second)).toMatchObject({ isDuplicate: false });
  await client.done('update/lead', { ...changed, phone: '2025550144' });
  expect(await leadOf(second)).toMatchObject({ phone: '+12025550144', isDuplicate: false });
});

test('of leads that are given one number at once one holds it', async () => {
  const phones = ['2025550144', '2025550145', '2025550146', '2025550147'];
  const made = await Promise.all(phones.map((phone) => client.done('create/lead', { ...JANE, phone })));
  const slugs = made.map(({ slug }) => String(slug));
  await Promise.all(slugs.map((slug) => client.done('update/lead', { ...JANE, slug })));
  const held = await Promise.all(slugs.map(async (slug) => (await leadOf(slug)).isDuplicate));
  expect(held.toSorted()).toEqual([false, true, true, true]);
});
