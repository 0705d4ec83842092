import { openTestAccount, type TestAccount } from '../support/account';
import { Door } from './door';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
});
afterAll(() => door.close());

type Row = Record<string, unknown>;

const CREATE = `mutation M($input: CreateWebhookInput!) {
  createWebhook(input: $input) { secret webhook { id name url events filters format isActive publicKey } } }`;

async function create(input: object = {}): Promise<{ secret: string; webhook: Row }> {
  const full = { name: 'CRM', url: 'https://hooks.example.com/in', events: ['lead.*'], ...input };
  const data = await door.run<{ createWebhook: { secret: string; webhook: Row } }, object>(
    account.key,
    CREATE,
    {
      input: full,
    },
  );
  return data.createWebhook;
}

test('a webhook shows its secret once, and a new one when it is rotated', async () => {
  const { secret, webhook } = await create({ filters: { field: 'stage' } });
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
  expect(webhook).toMatchObject({
    ...{ name: 'CRM', url: 'https://hooks.example.com/in', events: ['lead.*'], filters: { field: 'stage' } },
    ...{ format: 'standard', isActive: true, publicKey: expect.stringMatching(/^whpk_/) },
  });
  const rotate = `mutation M($id: ID!) { rotateWebhookSecret(id: $id, overlapHours: 1) {
    secret webhook { previousSecretUntil } } }`;
  const { rotateWebhookSecret: rotated } = await door.run<{ rotateWebhookSecret: Row }, object>(
    account.key,
    rotate,
    {
      id: webhook.id,
    },
  );
  expect(rotated.secret).not.toBe(secret);
  expect(rotated.webhook).toEqual({ previousSecretUntil: '2026-03-02T11:00:00.000Z' });
});

test('a test delivery stands in the log of the webhook, and is sent again when asked', async () => {
  const { webhook } = await create();
  const send = 'mutation M($id: ID!) { testWebhook(id: $id) { id event status isTest attemptCount } }';
  const { testWebhook } = await door.run<{ testWebhook: Row }, object>(account.key, send, { id: webhook.id });
  expect(testWebhook).toEqual({
    ...{ id: expect.any(String), event: 'webhook.test', status: 'PENDING', isTest: true, attemptCount: 0 },
  });
  const log =
    'query Q($id: ID!) { webhook(id: $id) { deliveries { id webhook { name } attempts { error } } } }';
  expect(await door.run(account.key, log, { id: webhook.id })).toEqual({
    webhook: { deliveries: [{ id: testWebhook.id, webhook: { name: 'CRM' }, attempts: [] }] },
  });
  const retry = 'mutation M($id: ID!) { retryDelivery(id: $id) { id status nextAttemptAt } }';
  expect(await door.run(account.key, retry, { id: testWebhook.id })).toEqual({
    retryDelivery: { id: testWebhook.id, status: 'PENDING', nextAttemptAt: '2026-03-02T10:00:00.000Z' },
  });
});

test('a stretch of the log is replayed', async () => {
  const { webhook } = await create({ events: ['lead.created'] });
  await door.run(account.key, 'mutation { createLead(input: { phone: "+12025550101" }) { id } }');
  const replay = `mutation M($id: ID!, $since: String!) {
    replayWebhook(id: $id, since: $since) { deliveryCount isComplete } }`;
  const range = { id: webhook.id, since: '2026-01-01T00:00:00Z' };
  expect(await door.run(account.key, replay, range)).toEqual({
    replayWebhook: { deliveryCount: 1, isComplete: true },
  });
});

test.each([
  [{ url: 'ftp://example.com' }, 'Url must be an http or https address.'],
  [{ events: ['lead.exploded!'] }, 'Events: lead.exploded! is no event.'],
  [{ events: ['lead.creatd'] }, 'Events: lead.creatd is no event. There are lead.created, '],
  [{ events: [] }, 'Events must name at least one event.'],
  [{ filters: { colour: 'red' } }, 'The filter colour is not known'],
  [{ format: 'fax' }, 'Format fax is not known.'],
])('%j is refused', async (input, message) => {
  const full = { name: 'CRM', url: 'https://hooks.example.com/in', events: ['lead.*'], ...input };
  const error = await door.fail(account.key, CREATE, { input: full });
  expect(error).toMatchObject({ message: expect.stringContaining(message), extensions: { code: 'INVALID' } });
});

test('another account’s deliveries are missing', async () => {
  const stranger = await openTestAccount();
  const { webhook } = await create();
  const send = 'mutation M($id: ID!) { testWebhook(id: $id) { id } }';
  const { testWebhook } = await door.run<{ testWebhook: Row }, object>(account.key, send, { id: webhook.id });
  const retry = 'mutation M($id: ID!) { retryDelivery(id: $id) { id } }';
  for (const [text, id] of [
    [send, webhook.id],
    [retry, testWebhook.id],
  ] as const) {
    expect((await door.fail(stranger.key, text, { id })).extensions?.code).toBe('NOT_FOUND');
  }
});
