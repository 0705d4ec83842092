import { formPages } from '../../../src/domain/form-page/form-page.service';
import { submit } from '../../../src/domain/submission/submit';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { essence, FuriosaClient, listed, refused, single, unprocessable } from './furiosa-client';

let client: FuriosaClient;

beforeEach(async () => {
  client = await FuriosaClient.open();
});

const EMAIL = { name: 'email', label: 'E-mail', kind: 'email', isRequired: true, mapsTo: 'email' };
const SIZE = { name: 'size', label: 'Size', kind: 'select', options: ['S', 'L'] };

/** A page without anything in it as answers have it, but for these fields. */
function page(fields: object, settings: object = {}): object {
  return {
    ...{ status: 'draft', audience_id: null, submission_count: 0, created_at: client.now },
    settings: {
      ...{ title: null, intro: null, language: 'en', fields: [], submit_label: 'Send', thank_you_text: null },
      ...{ redirect_url: null, allowed_origins: [], group_ids: [], ...settings },
    },
    ...{ updated_at: client.now, ...fields },
  };
}

test('a page has every field, in lists and alone, and counts what it was sent', async () => {
  const audience = await client.makeAudience('News', 'One', 'Two');
  const made = await formPages.create(client.ctx, {
    ...{ name: 'Spring fair', slug: `spring-fair-${Date.now()}`, title: 'Welcome', intro: 'Come!' },
    ...{ language: 'de', audienceId: audience.id, groupIds: audience.groups.toReversed() },
    ...{ fields: [EMAIL, SIZE], status: 'published', submitLabel: 'Join', thankYouText: 'Thanks.' },
    ...{ redirectUrl: 'https://example.com/thanks', allowedOrigins: ['https://example.com'] },
  });
  const created = client.now;
  client.account.clock.advance(60_000);
  for (const email of ['a@example.com', 'b@example.com'])
    await submit(client.ctx, made, { given: { email }, address: undefined, origin: undefined });
  const expected = page(
    {
      ...{ id: made.number, name: 'Spring fair', slug: made.slug },
      ...{ url: `http://crm.example.test/p/${made.slug}`, status: 'published', audience_id: audience.id },
      ...{ submission_count: 2, created_at: created, updated_at: created },
    },
    {
      ...{ title: 'Welcome', intro: 'Come!', language: 'de', submit_label: 'Join' },
      ...{ thank_you_text: 'Thanks.', redirect_url: 'https://example.com/thanks' },
      ...{ allowed_origins: ['https://example.com'], group_ids: audience.groups.toReversed() },
      fields: [
        {
          ...{ name: 'email', label: 'E-mail', type: 'email', required: true, options: [], value: null },
          maps_to: 'email',
        },
        {
          ...{ name: 'size', label: 'Size', type: 'select', required: false, options: ['S', 'L'] },
          ...{ value: null, maps_to: null },
        },
      ],
    },
  );
  expect(essence(await client.get(`/pages/${made.number}`))).toEqual(single(200, expected));
  expect(essence(await client.get('/pages'))).toEqual(listed([expected]));
});

test('pages are listed newest first, by parts, without those of others', async () => {
  const stamp = Date.now();
  const names = ['A', 'B', 'C'];
  for (const name of names)
    await formPages.create(client.ctx, { name, slug: `${name.toLowerCase()}-${stamp}` });
  await formPages.create((await FuriosaClient.open()).ctx, { name: 'D', slug: `d-${stamp}` });
  const { status, body } = await client.get('/pages?per_page=2&page=2');
  const { data, ...paging } = body;
  expect([status, data]).toEqual([
    200,
    [
      page({
        ...{ id: expect.any(Number), name: 'A', slug: `a-${stamp}` },
        url: `http://crm.example.test/p/a-${stamp}`,
      }),
    ],
  ]);
  expect(paging).toEqual({ total: 3, page: 2, per_page: 2, total_pages: 2 });
  const all = (await client.get('/pages')).body.data.map(({ name }) => name);
  expect(all).toEqual(names.toReversed());
  expect(essence(await client.get('/pages?page=0'))).toEqual(
    unprocessable({ page: 'The page must be an integer of at least 1.' }),
  );
});

test('a page that is none, deleted, or of another account', async () => {
  const stranger = await FuriosaClient.open();
  const [gone, other] = [
    await formPages.create(client.ctx, { name: 'Gone', slug: `gone-${Date.now()}` }),
    await formPages.create(stranger.ctx, { name: 'Other', slug: `other-${Date.now()}` }),
  ];
  await formPages.delete(client.ctx, gone.id);
  for (const id of [UNKNOWN_IDS.integer, gone.number, other.number, 'contact-us'])
    expect(essence(await client.get(`/pages/${id}`))).toEqual(refused(404, 'Form page not found'));
});

test('pages are read, not written', async () => {
  for (const path of ['/pages', '/pages/1'])
    expect(essence(await client.post(path, { name: 'X' }))).toEqual(
      refused(405, 'The POST method is not supported for this endpoint.'),
    );
});
