import { apiKeys } from '../../src/domain/api-key/api-key.service';
import type { Context } from '../../src/domain/context';
import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { cursorNow } from '../support/change-log';
import { type Result, takeResults } from '../support/graphql-client';
import { type LiveServer, startLiveServer } from '../support/live-server';

let server: LiveServer;
let account: TestAccount;
let ctx: Context;

beforeAll(async () => {
  server = await startLiveServer();
});

beforeEach(async () => {
  account = await openTestAccount();
  ctx = account.ctx;
});

afterAll(() => server.close());

type Row = Record<string, unknown>;

function subscribe(key: string, query: string, variables: Row = {}): AsyncIterableIterator<Result> {
  return server.client(key).iterate({ query, variables }) as AsyncIterableIterator<Result>;
}

const NAMES = `subscription ($since: String) { changes(since: $since) { name cursor payload } }`;

test('a subscriber gets what happens, with the subject, its relations and the changes', async () => {
  const lead = await leads.create(ctx, { name: 'Ada Moreno', phone: '+12025550101', tagNames: ['vip'] });
  const results = subscribe(
    account.key,
    `subscription ($since: String) {
      leadUpdated(since: $since) {
        name changes { field old new } actor { kind name } requestId createdAt
        lead { id name company isStopped feed { name } tags { name } }
      }
    }`,
    { since: await cursorNow(ctx) },
  );
  await leads.update(ctx, lead.id, { company: 'Acme' });
  expect(await takeResults(results, 1)).toEqual([
    {
      name: 'lead.updated',
      changes: [{ field: 'company', old: null, new: 'Acme' }],
      actor: { kind: 'SYSTEM', name: 'test' },
      requestId: 'test',
      createdAt: '2026-03-02T10:00:00.000Z',
      lead: {
        id: lead.id,
        name: 'Ada Moreno',
        company: 'Acme',
        isStopped: false,
        feed: { name: 'Default Feed' },
        tags: [{ name: 'vip' }],
      },
    },
  ]);
});

test('since replays what was missed and goes live, without gap or double', async () => {
  const since = await cursorNow(ctx);
  const missed = [];
  for (let at = 0; at < 30; at++) missed.push(await leads.create(ctx, { phone: `+1202555${1000 + at}` }));
  const results = subscribe(
    account.key,
    `subscription ($since: String) { leadCreated(since: $since) { cursor lead { id } } }`,
    {
      since,
    },
  );
  const first = await takeResults(results, 10);
  const live = await Promise.all(
    Array.from({ length: 30 }, (_, at) => leads.create(ctx, { phone: `+1202556${1000 + at}` })),
  );
  const rows = [...first, ...(await takeResults(results, 50))];
  const ids = rows.map(({ lead }) => (lead as Row).id);
  expect(ids.slice(0, 30)).toEqual(missed.map(({ id }) => id));
  expect(ids.slice(30).toSorted()).toEqual(live.map(({ id }) => id).toSorted());
  const cursors = rows.map(({ cursor }) => Number(cursor));
  expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));

  // A client that comes back with the cursor of the 20th result gets the 40 after it.
  const again = subscribe(
    account.key,
    `subscription ($since: String) { leadCreated(since: $since) { lead { id } } }`,
    {
      since: rows[19]?.cursor,
    },
  );
  expect((await takeResults(again, 40)).map(({ lead }) => (lead as Row).id)).toEqual(ids.slice(20));
});

test('equal subscriptions share one execution; each gets every result', async () => {
  const since = await cursorNow(ctx);
  const readers = Array.from({ length: 20 }, () => subscribe(account.key, NAMES, { since }));
  await notes.create(ctx, { leadId: (await leads.create(ctx, { phone: '+12025550101' })).id, body: 'hello' });
  const taken = await Promise.all(readers.map((reader) => takeResults(reader, 2)));
  for (const rows of taken) expect(rows.map(({ name }) => name)).toEqual(['lead.created', 'note.created']);
});

test('what happens to a noun besides being made, changed and deleted has its subscription too', async () => {
  const { webhook } = await webhooks.create(ctx, {
    ...{ name: 'hook', url: 'https://example.com/hook', events: ['lead.*'] },
  });
  const since = await cursorNow(ctx);
  const rotated = subscribe(
    account.key,
    'subscription ($since: String) { webhookSecretRotated(since: $since) { name webhook { id name } } }',
    { since },
  );
  const revoked = subscribe(
    account.key,
    'subscription ($since: String) { apiKeyRevoked(since: $since) { name apiKey { id } } }',
    { since },
  );
  await webhooks.rotateSecret(ctx, webhook.id, { overlapHours: 0 });
  const { apiKey } = await apiKeys.create(ctx, { name: 'to be revoked' });
  await apiKeys.revoke(ctx, apiKey.id);
  expect(await takeResults(rotated, 1)).toEqual([
    { name: 'webhook.secret_rotated', webhook: { id: webhook.id, name: 'hook' } },
  ]);
  expect(await takeResults(revoked, 1)).toEqual([{ name: 'api_key.revoked', apiKey: { id: apiKey.id } }]);
});

test('names narrow the log', async () => {
  const since = await cursorNow(ctx);
  const results = subscribe(
    account.key,
    `subscription ($since: String) { changes(since: $since, names: ["note.created"]) { name payload } }`,
    { since },
  );
  const lead = await leads.create(ctx, { phone: '+12025550101' });
  await notes.create(ctx, { leadId: lead.id, body: 'hello' });
  const [row] = await takeResults(results, 1);
  expect(row).toMatchObject({ name: 'note.created', payload: { body: 'hello', leadId: lead.id } });
});

test('another account’s events do not arrive', async () => {
  const stranger = await openTestAccount();
  const since = await cursorNow(ctx);
  const results = subscribe(stranger.key, NAMES, { since });
  await leads.create(ctx, { name: 'Mine', phone: '+12025550101' });
  await leads.create(stranger.ctx, { name: 'Theirs', phone: '+12025550101' });
  const [row] = await takeResults(results, 1);
  expect(row).toMatchObject({ name: 'lead.created', payload: { firstName: 'Theirs' } });
});

test('a key without the scope is refused, and sees only what it may in the whole log', async () => {
  const key = await issueKey(account, ['notes:read']);
  const since = await cursorNow(ctx);
  const refused = await subscribe(key, `subscription { leadCreated { cursor } }`)
    .next()
    .catch((error) => error);
  expect(JSON.stringify(refused)).toContain('This key lacks the scope leads:read.');
  const results = subscribe(key, NAMES, { since });
  const lead = await leads.create(ctx, { phone: '+12025550101' });
  await notes.create(ctx, { leadId: lead.id, body: 'hello' });
  expect((await takeResults(results, 1)).map(({ name }) => name)).toEqual(['note.created']);
});

test.each([
  [
    ...(['a bad cursor', NAMES, { since: 'x' }] as const),
    'since is no cursor of the change log: pass one from an earlier answer.',
  ],
  [
    ...([
      'two fields at the root',
      'subscription { leadCreated { cursor } noteCreated { cursor } }',
    ] as const),
    ...([undefined, 'must select only one top level field'] as const),
  ],
  [
    ...([
      'a pattern as a name',
      'subscription { changes(names: ["lead.*"]) { cursor } }',
      undefined,
    ] as const),
    'lead.* is no event: names are whole, such as lead.created.',
  ],
  [
    ...(['a strange team', 'subscription { leadUpdated(filter: { teamId: "x" }) { cursor } }'] as const),
    ...([undefined, 'The filter teamId must be an id.'] as const),
  ],
])('%s is refused with INVALID', async (_, query, variables, message) => {
  const refused = await subscribe(account.key, query, variables)
    .next()
    .catch((error) => error);
  expect(refused).toEqual([
    expect.objectContaining({
      message: expect.stringContaining(message),
      extensions: expect.objectContaining({ code: 'INVALID', requestId: expect.any(String) }),
    }),
  ]);
});

test('queries and mutations work over the socket too, with the limits of HTTP', async () => {
  const client = server.client(account.key);
  const results = client.iterate({ query: 'mutation { createTeam(input: { name: "Sales" }) { name } }' });
  expect((await results.next()).value).toEqual({
    data: { createTeam: { name: 'Sales' } },
    extensions: { cost: { requested: 1, maximum: 50_000 } },
  });
  const aliases = Array.from({ length: 16 }, (_, at) => `a${at}: __typename`).join(' ');
  const refused = await client
    .iterate({ query: `{ ${aliases} }` })
    .next()
    .catch((error) => error);
  expect(JSON.stringify(refused)).toContain('aliases');
});

test('a filter lets through only the events that a webhook with it would get', async () => {
  const since = await cursorNow(ctx);
  const query = `subscription ($since: String, $filter: ChangeFilter) {
    leadUpdated(since: $since, filter: $filter) { changes { field new } } }`;
  const results = subscribe(account.key, query, { since, filter: { field: 'stage', value: 'customer' } });
  const lead = await leads.create(ctx, { phone: '+12025550101' });
  for (const stage of ['prospect', 'customer']) await leads.update(ctx, lead.id, { stage });
  await leads.update(ctx, lead.id, { company: 'Acme' });
  await leads.update(ctx, lead.id, { stage: 'closed' });
  await leads.update(ctx, lead.id, { stage: 'customer' });
  const wanted = { changes: [{ field: 'stage', new: 'customer' }] };
  expect(await takeResults(results, 2)).toEqual([wanted, wanted]);
});
