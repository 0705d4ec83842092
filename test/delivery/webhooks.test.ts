import type { Context } from '../../src/domain/context';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { webhookDeliveries } from '../../src/domain/webhook/webhook-delivery.service';
import { Authenticator } from '../../src/server/auth';
import { MemoryRateLimiter } from '../../src/server/rate-limit';
import { issueKey, openTestAccount, type TestAccount, testStore, testVault } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';

const INPUT = { name: 'hook', url: 'https://example.com/hook', events: ['lead.*'] };

/** The account with a key of these scopes. */
async function withScopes(account: TestAccount, scopes: string[]): Promise<Context> {
  const key = await issueKey(account, scopes);
  const { signIn } = new Authenticator({
    store: await testStore(),
    vault: testVault,
    now: account.clock.now,
    rateLimiter: new MemoryRateLimiter(),
  });
  return signIn({ key, requestId: 'test' });
}

test('a new webhook has its defaults and a secret that is shown once', async () => {
  const account = await openTestAccount();
  const { webhook, secret } = await webhooks.create(account.ctx, INPUT);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(await webhooks.get(account.ctx, webhook.id)).toMatchObject({
    ...INPUT,
    ...{ filters: {}, format: 'standard', isActive: true, disabledAt: null, failingSince: null },
    ...{
      publicKey: expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/),
      previousSecretUntil: null,
      number: expect.any(Number),
    },
  });
  const [created] = await eventsOf(account, 'webhook');
  expect(created).toMatchObject({ name: 'webhook.created', payload: { url: INPUT.url } });
  expect(created?.payload).not.toHaveProperty('signingKeys');
});

test.each([
  [{ url: 'ftp://example.com' }, 'Url must be an http or https address.'],
  [{ url: 'https://user:pw@example.com' }, 'Url must not hold a user name or a password.'],
  [{ url: 'https://example.com/#x' }, 'Url must not have a fragment (#…).'],
  [{ events: [] }, 'Events must name at least one event.'],
  [
    { events: ['leed.created'] },
    'Events: leed.created is no event. Write one like lead.created, all of a noun like lead.*, or *.',
  ],
  [{ format: 'morse' }, 'Format morse is not known. Formats are: standard.'],
  [
    { filters: { callStatus: 'x' } },
    expect.stringMatching(/^The filter callStatus must be one of .*missed.*\.$/),
  ],
  [
    { filters: { teamId: '0190a0b0-0000-7000-8000-000000000001' } },
    'The filter teamId is the id of nothing in this account.',
  ],
  [{ disabledAt: '2026-01-01T00:00:00Z' }, 'Disabled at cannot be set.'],
])('%j is refused, at creation and at change', async (input, message) => {
  const account = await openTestAccount();
  const { webhook } = await webhooks.create(account.ctx, INPUT);
  await withoutChange(account, async () => {
    await expect(webhooks.create(account.ctx, { ...INPUT, ...input })).rejects.toMatchObject({
      code: 'INVALID',
      message,
    });
    await expect(webhooks.update(account.ctx, webhook.id, input)).rejects.toMatchObject({
      code: 'INVALID',
      message,
    });
  });
});

test('a webhook keeps events from before verbs were checked, for those who could read their nouns', async () => {
  const account = await openTestAccount();
  const { ctx } = account;
  const { webhook } = await webhooks.create(ctx, INPUT);
  const events = ['call.created', 'lead.creatd'];
  await ctx.query('update webhook set events = $2 where account_id = $1', [ctx.account.id, events]);
  const renamed = await webhooks.update(ctx, webhook.id, { name: 'renamed', events });
  expect(renamed).toMatchObject({ name: 'renamed', events });
  const caller = await withScopes(account, ['webhooks:write', 'webhooks:read', 'calls:read']);
  await withoutChange(account, async () => {
    await expect(
      webhooks.update(ctx, webhook.id, { events: [...events, 'tag.creatd'] }),
    ).rejects.toMatchObject({
      code: 'INVALID',
      fields: {
        events: ['Events: tag.creatd is no event. There are tag.created, tag.updated, tag.deleted.'],
      },
    });
    await expect(webhooks.update(caller, webhook.id, { url: 'https://evil.example' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'This key lacks the scope leads:read.',
    });
  });
});

test('a key subscribes to nothing that it could not read, nor points such a webhook elsewhere', async () => {
  const account = await openTestAccount();
  const { webhook } = await webhooks.create(account.ctx, INPUT);
  const ctx = await withScopes(account, ['webhooks:write', 'webhooks:read', 'calls:read']);
  const lacksLeads = { code: 'FORBIDDEN', message: 'This key lacks the scope leads:read.' };
  await withoutChange(account, async () => {
    await expect(webhooks.create(ctx, INPUT)).rejects.toMatchObject(lacksLeads);
    await expect(webhooks.create(ctx, { ...INPUT, events: ['*'] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(webhooks.update(ctx, webhook.id, { url: 'https://evil.example' })).rejects.toMatchObject(
      lacksLeads,
    );
  });
  await expect(webhooks.create(ctx, { ...INPUT, events: ['call.created'] })).resolves.toBeDefined();
});

test('each operation needs its scope', async () => {
  const account = await openTestAccount();
  const { webhook } = await webhooks.create(account.ctx, INPUT);
  const { id: deliveryId } = await webhooks.test(account.ctx, webhook.id);
  const ctx = await withScopes(account, ['leads:read']);
  const attempts: [string, () => Promise<unknown>][] = [
    ['webhooks:read', () => webhooks.get(ctx, webhook.id)],
    ['webhooks:read', () => webhooks.page(ctx, {})],
    ['webhooks:write', async () => webhooks.create(ctx, INPUT)],
    ['webhooks:write', () => webhooks.update(ctx, webhook.id, { name: 'x' })],
    ['webhooks:write', () => webhooks.delete(ctx, webhook.id)],
    ['webhooks:write', () => webhooks.rotateSecret(ctx, webhook.id)],
    ['webhooks:write', async () => webhooks.replay(ctx, webhook.id, { since: '0' })],
    ['webhooks:write', async () => webhooks.test(ctx, webhook.id)],
    ['webhookDeliveries:read', () => webhookDeliveries.get(ctx, deliveryId)],
    ['webhookDeliveries:read', () => webhookDeliveries.page(ctx, {})],
    ['webhookDeliveries:write', () => webhookDeliveries.retry(ctx, deliveryId)],
  ];
  await withoutChange(account, async () => {
    for (const [scope, attempt] of attempts) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'FORBIDDEN',
        message: `This key lacks the scope ${scope}.`,
      });
    }
  });
});

test('another account’s webhooks and deliveries are missing', async () => {
  const [own, stranger] = [await openTestAccount(), await openTestAccount()];
  const { webhook } = await webhooks.create(own.ctx, INPUT);
  const { id: deliveryId } = await webhooks.test(own.ctx, webhook.id);
  const missing = { code: 'NOT_FOUND', message: 'Webhook not found' };
  await withoutChange(own, async () => {
    for (const attempt of [
      webhooks.get(stranger.ctx, webhook.id),
      webhooks.update(stranger.ctx, webhook.id, { name: 'x' }),
      webhooks.delete(stranger.ctx, webhook.id),
      webhooks.rotateSecret(stranger.ctx, webhook.id),
      webhooks.replay(stranger.ctx, webhook.id, { since: '0' }),
      webhooks.test(stranger.ctx, webhook.id),
    ]) {
      await expect(attempt).rejects.toMatchObject(missing);
    }
    for (const attempt of [
      webhookDeliveries.get(stranger.ctx, deliveryId),
      webhookDeliveries.retry(stranger.ctx, deliveryId),
    ]) {
      await expect(attempt).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: 'Webhook delivery not found',
      });
    }
    expect((await webhooks.page(stranger.ctx, {})).rows).toEqual([]);
    expect((await webhookDeliveries.page(stranger.ctx, {})).rows).toEqual([]);
  });
});
