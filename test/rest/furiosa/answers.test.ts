import { apiKeys } from '../../../src/domain/api-key/api-key.service';
import { formPages } from '../../../src/domain/form-page/form-page.service';
import { withoutChange } from '../../support/account-state';
import { startTestServer } from '../../support/server';
import { essence, FuriosaClient, refused } from './furiosa-client';

// The answers that do not depend on the operation, with the exact texts that clients compare.

let client: FuriosaClient;

const UNAUTHENTICATED = refused(401, 'The API key is missing, invalid or revoked.');

beforeEach(async () => {
  client = await FuriosaClient.open();
});

test('a key of the vendor’s form opens the door, and is refused once it is revoked', async () => {
  const { apiKey, key } = await apiKeys.create(client.ctx, { name: 'Website', prefix: 'fcrm_pk' });
  expect(key).toMatch(/^fcrm_pk_[0-9a-f]{48}_[0-9a-f]{8}$/);
  expect(apiKey.hint).toMatch(/^fcrm_pk_[0-9a-f]{4}…$/);
  const website = new FuriosaClient(client.server, client.account, key);
  expect((await website.get('/contacts')).status).toBe(200);
  await apiKeys.revoke(client.ctx, apiKey.id);
  const fresh = await startTestServer();
  expect(essence(await new FuriosaClient(fresh, client.account, key).get('/contacts'))).toEqual(
    UNAUTHENTICATED,
  );
  await fresh.close();
});

test.each([
  ['no key', { authorization: '' }],
  ['another key', { authorization: 'Bearer fcrm_pk_your_key_here' }],
  ['another word', { authorization: 'Token KEY' }],
  ['the key in another header', { authorization: '', 'x-api-key': 'KEY' }],
])('%s: 401', async (_, headers) => {
  const given = JSON.parse(JSON.stringify(headers).replace('KEY', client.account.key));
  expect(essence(await client.send('GET', '/contacts', undefined, given))).toEqual(UNAUTHENTICATED);
});

const WRITES = { contacts: { email: 'j@example.com', audience_id: 1 }, audiences: { name: 'X' } };

test.each<[string, string, 'GET' | 'POST' | 'PUT' | 'DELETE', string, unknown]>([
  ['contacts:read', 'contacts:write', 'GET', '/contacts', undefined],
  ['contacts:read', 'contacts:write', 'GET', '/contacts/1', undefined],
  ['contacts:write', 'contacts:read', 'POST', '/contacts', WRITES.contacts],
  ['contacts:write', 'contacts:read', 'POST', '/contacts/batch', [WRITES.contacts]],
  ['contacts:write', 'contacts:read', 'PUT', '/contacts/1', {}],
  ['contacts:write', 'contacts:read', 'DELETE', '/contacts/1', undefined],
  ['audiences:read', 'audiences:write', 'GET', '/audiences', undefined],
  ['audiences:read', 'audiences:write', 'GET', '/audiences/1', undefined],
  ['audiences:read', 'audiences:write', 'GET', '/audiences/1/stats', undefined],
  ['audiences:write', 'audiences:read', 'POST', '/audiences', WRITES.audiences],
  ['audiences:write', 'audiences:read', 'PUT', '/audiences/1', {}],
  ['audiences:write', 'audiences:read', 'DELETE', '/audiences/1', undefined],
  ['audiences:read', 'audiences:write', 'GET', '/audiences/1/groups', undefined],
  ['audiences:read', 'audiences:write', 'GET', '/audiences/1/groups/1', undefined],
  ['audiences:write', 'audiences:read', 'POST', '/audiences/1/groups', WRITES.audiences],
  ['audiences:write', 'audiences:read', 'PUT', '/audiences/1/groups/1', {}],
  ['audiences:write', 'audiences:read', 'DELETE', '/audiences/1/groups/1', undefined],
  ['campaigns:read', 'campaigns:write', 'GET', '/campaigns', undefined],
  ['campaigns:read', 'campaigns:write', 'GET', '/campaigns/1', undefined],
  ['campaigns:read', 'campaigns:write', 'GET', '/campaigns/1/metrics', undefined],
  ['campaigns:write', 'campaigns:read', 'POST', '/campaigns/1/send', undefined],
  ['pages:read', 'analytics:read', 'GET', '/pages', undefined],
  ['pages:read', 'analytics:read', 'GET', '/pages/1', undefined],
  ['analytics:read', 'pages:read', 'GET', '/analytics', undefined],
  ['analytics:read', 'pages:read', 'GET', '/analytics/pages', undefined],
  ['analytics:read', 'pages:read', 'GET', '/analytics/pages/1', undefined],
  ['analytics:read', 'campaigns:read', 'GET', '/analytics/campaigns', undefined],
  ['analytics:read', 'campaigns:read', 'GET', '/analytics/campaigns/1', undefined],
  ['analytics:read', 'audiences:read', 'GET', '/analytics/audiences', undefined],
  ['analytics:read', 'audiences:read', 'GET', '/analytics/audiences/1', undefined],
])('%s is needed, not %s: %s %s', async (needed, other, method, path, body) => {
  const without = await client.withScopes(other);
  const answer = await withoutChange(client.account, () => without.send(method, path, body));
  expect(essence(answer)).toEqual(refused(403, `This key lacks the scope ${needed}.`));
  const within = await client.withScopes(needed);
  expect((await within.send(method, path, body)).status).not.toBe(403);
});

test.each<[string, string, 'GET' | 'POST' | 'PUT', string, unknown]>([
  ['contacts:read', 'contacts:write', 'GET', '/contacts?page=0', undefined],
  ['contacts:write', 'contacts:read', 'POST', '/contacts', {}],
  ['contacts:write', 'contacts:read', 'POST', '/contacts/batch', { contacts: [] }],
  ['contacts:write', 'contacts:read', 'PUT', '/contacts/1', { email: 'x' }],
  ['audiences:write', 'audiences:read', 'POST', '/audiences', undefined],
  ['audiences:write', 'audiences:read', 'POST', '/audiences/1/groups', { name: '' }],
  ['campaigns:read', 'campaigns:write', 'GET', '/campaigns?status=x', undefined],
  ['pages:read', 'analytics:read', 'GET', '/pages?per_page=x', undefined],
  ['analytics:read', 'pages:read', 'GET', '/analytics?interval=x', undefined],
])(
  'that %s is needed, not %s, goes before what is wrong: %s %s',
  async (needed, other, method, path, body) => {
    const without = await client.withScopes(other);
    const answer = await withoutChange(client.account, () => without.send(method, path, body));
    expect(essence(answer)).toEqual(refused(403, `This key lacks the scope ${needed}.`));
  },
);

test('a key that may write answers what it wrote', async () => {
  const audiences = await client.withScopes('audiences:write');
  const { id } = (await audiences.post('/audiences', { name: 'News' })).body;
  const group = await audiences.post(`/audiences/${id}/groups`, { name: 'VIP' });
  const contacts = await client.withScopes('contacts:write');
  const fields = { audience_id: id, email: 'j@example.com', groups: [group.body.id] };
  const made = await contacts.post('/contacts', fields);
  expect([group.status, made.status, made.body.data]).toEqual([201, 201, client.contact(fields)]);
});

test('pages:read shows pages with their audiences and groups; it is given by who has it', async () => {
  const audience = await client.makeAudience('News', 'VIP');
  const slug = `scoped-${Date.now()}`;
  await formPages.create(client.ctx, { name: 'P', slug, audienceId: audience.id, groupIds: audience.groups });
  const reader = await client.withScopes('pages:read');
  expect((await reader.get('/pages')).body.data).toMatchObject([
    { audience_id: audience.id, settings: { group_ids: audience.groups } },
  ]);
  await expect(client.withScopes('pages:write')).rejects.toMatchObject({ code: 'INVALID' });
});

test('a key without scopes of its own may do everything', async () => {
  const { status, body } = await client.post('/audiences', { name: 'News' });
  expect([status, (await client.get(`/audiences/${body.id}/groups`)).status]).toEqual([201, 200]);
});

test.each<[string, string, 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE']>([
  ['unknown paths', '/contacts/1/notes', 'GET'],
  ['a path below pages', '/pages/1/x', 'POST'],
  ['a path below analytics', '/analytics/x/y/z', 'GET'],
])('%s are answered in the envelope: %s', async (_, path, method) => {
  expect(essence(await client.send(method, path))).toEqual(
    refused(404, `No such operation: ${method} /api/v1${path}`),
  );
});

test.each<['PATCH' | 'PUT' | 'DELETE' | 'GET', string, string]>([
  ['PATCH', '/contacts/1', 'GET, HEAD, PUT, DELETE'],
  ['PUT', '/contacts', 'GET, HEAD, POST'],
  ['DELETE', '/campaigns/1', 'GET, HEAD'],
  ['GET', '/contacts/batch', 'POST'],
])('%s %s is not supported, but %s are', async (method, path, allowed) => {
  const answer = await client.send(method, path);
  expect(essence(answer)).toEqual(refused(405, `The ${method} method is not supported for this endpoint.`));
  expect(answer.headers.allow).toBe(allowed);
});

test('sixty requests a minute over all endpoints, told on every answer', async () => {
  const calls = [
    () => client.get('/contacts'),
    () => client.get('/audiences/1'),
    () => client.get('/campaigns?status=x'),
    () => client.get('/analytics/x/y/z'),
  ];
  for (let remaining = 59; remaining >= 0; remaining--) {
    const { headers } = await (calls[remaining % calls.length] as (typeof calls)[0])();
    expect(headers).toMatchObject({ 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': String(remaining) });
  }
  client.account.clock.advance(37_000);
  const body = { audience_id: 1, email: 'j@example.com' };
  const answer = await withoutChange(client.account, () => client.post('/contacts', body));
  expect(essence(answer)).toEqual(
    refused(429, 'Rate limit of 60 requests per minute exceeded. Try again in 23 seconds.'),
  );
  expect(answer.headers).toMatchObject({
    ...{ 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'retry-after': '23' },
  });
  client.account.clock.advance(23_000);
  expect((await client.get('/contacts')).status).toBe(200);
});
