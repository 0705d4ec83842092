import { Context } from '../../src/domain/context';
import { Vault } from '../../src/domain/vault';
import { Webhook } from '../../src/domain/webhook/webhook.entity';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { openSigningKeys } from '../../src/domain/webhook/webhook-keys';
import { registerDialects } from '../../src/rest/dialects';
import { openTestAccount, type TestAccount, testStore, testVault } from '../support/account';
import { withoutChange } from '../support/account-state';
import { openBench } from '../support/delivery';
import { Receiver } from '../support/receiver';
import { tampered } from '../support/tampered';

const INPUT = { name: 'hook', url: 'https://example.com/hook', events: ['lead.*'] };
const OLD_SECRET = 'a secret that has been replaced since then';

/** The account under another secret of the installation. */
async function under(vault: Vault, { ctx, clock }: TestAccount): Promise<Context> {
  const { account, actor } = ctx;
  const store = await testStore();
  return new Context({ store, account, actor, scopes: null, requestId: 'test', vault, now: clock.now });
}

test('no table holds a secret in the clear', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start(({ headers }) => ({
    status: 200,
    body: String(headers['webhook-id']),
  }));
  const { id, secret } = await bench.subscribe(receiver.url, { events: ['*'] });
  const rotated = await webhooks.rotateSecret(bench.account.ctx, id);
  await bench.createLead();
  await bench.run();
  const [{ sealed }] = (await bench.store.acrossAccounts.query(
    'select signing_keys as sealed from webhook where id = $1',
    [id],
  )) as [{ sealed: string }];
  const keys = openSigningKeys(testVault, { ...rotated.webhook, signingKeys: sealed }, bench.clock.at);
  expect(keys.map((key) => key.secret)).toEqual([rotated.secret, secret]);
  const secrets = keys
    .flatMap((key) => [key.secret, key.privateKey])
    .map((text) => text.replace(/^whs[a-z]+_/, '').slice(0, 40));
  const tables = await bench.store.acrossAccounts.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
    [],
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    for (const text of secrets) {
      const rows = await bench.store.acrossAccounts.query(
        `select 1 from "${name}" one where strpos(one::text, $1) > 0`,
        [text],
      );
      expect({ name, rows }).toEqual({ name, rows: [] });
    }
  }
});

test('keys that an old secret encrypted are read under it, and encrypted anew when the webhook is written', async () => {
  const account = await openTestAccount();
  const { webhook, secret } = await webhooks.create(await under(new Vault(OLD_SECRET), account), INPUT);
  const rotated = new Vault('the secret that has come in its place', [OLD_SECRET]);
  const stored = async () => (await account.ctx.repo(Webhook).get(webhook.id)) as Webhook;
  expect(rotated.isCurrent((await stored()).signingKeys)).toBe(false);
  expect(openSigningKeys(rotated, await stored(), account.clock.at)[0]?.secret).toBe(secret);
  expect(() => openSigningKeys(testVault, webhook, account.clock.at)).toThrow('name it in SECRET_PREVIOUS');
  await webhooks.update(await under(rotated, account), webhook.id, { name: 'renamed' });
  expect(rotated.isCurrent((await stored()).signingKeys)).toBe(true);
  const alone = new Vault('the secret that has come in its place');
  expect(openSigningKeys(alone, await stored(), account.clock.at)[0]?.secret).toBe(secret);
});

test('what is encrypted for one place cannot be read at another, nor changed', () => {
  const sealed = testVault.encrypt('secret', 'here');
  expect(sealed).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
  expect(testVault.encrypt('secret', 'here')).not.toBe(sealed);
  expect(testVault.decrypt(sealed, 'here')).toBe('secret');
  expect(() => testVault.decrypt(sealed, 'there')).toThrow();
  expect(() => testVault.decrypt(tampered(sealed), 'here')).toThrow();
  expect(() => testVault.decrypt('v2.x', 'here')).toThrow('A stored secret is not readable.');
});

const STANDARD = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

test('a secret may be chosen in the form that the format signs with', async () => {
  registerDialects();
  const { ctx } = await openTestAccount();
  const plain = 'a-text-of-16-ch!';
  for (const [format, secret] of [
    ['standard', STANDARD],
    ['standard', `whsec_${Buffer.alloc(64, 7).toString('base64')}`],
    ['callingly', STANDARD],
    ['furiosa', plain],
    ['furiosa', '~'.repeat(100)],
    ['furiosa', STANDARD],
  ]) {
    const issued = await webhooks.create(ctx, { ...INPUT, format, secret });
    expect(issued.secret).toBe(secret);
    const stored = (await ctx.repo(Webhook).get(issued.webhook.id)) as Webhook;
    expect(openSigningKeys(testVault, stored, ctx.now()).map((key) => key.secret)).toEqual([secret]);
  }
});

test.each<[string, string, unknown]>([
  ['standard', 'a plain text of more than 16', 'Secret must be whsec_ and the base64 of 24 to 64 bytes.'],
  ['standard', `whsec_${Buffer.alloc(23).toString('base64')}`, expect.any(String)],
  ['standard', `whsec_${Buffer.alloc(65).toString('base64')}`, expect.any(String)],
  ['standard', STANDARD.slice(0, -1), expect.any(String)],
  ['callingly', 'a-text-of-16-ch!', expect.any(String)],
  [
    'furiosa',
    'a-text-of-15-c!',
    'Secret must be 16 to 100 letters, digits and signs of ASCII without spaces.',
  ],
  ['furiosa', 'x'.repeat(101), 'Secret must be at most 100 characters long, not 101.'],
  ['furiosa', 'with a space in it', expect.any(String)],
  ['furiosa', 'with\na-line-break-in-it', expect.any(String)],
  ['furiosa', 'with-ümläuts-in-it', expect.any(String)],
])('a webhook of the format %s does not take the secret %j', async (format, secret, message) => {
  registerDialects();
  const account = await openTestAccount();
  const work = () => webhooks.create(account.ctx, { ...INPUT, format, secret }).catch((error) => error);
  expect(await withoutChange(account, work)).toMatchObject({
    ...{ code: 'INVALID', fields: { secret: [message] } },
  });
});

test('a webhook does not change to a format that cannot sign with its secret, until that is rotated', async () => {
  registerDialects();
  const { ctx } = await openTestAccount();
  const secret = 'a-text-of-16-ch!';
  const { webhook } = await webhooks.create(ctx, { ...INPUT, format: 'furiosa', secret });
  const change = () => webhooks.update(ctx, webhook.id, { format: 'standard' });
  await webhooks.update(ctx, webhook.id, { format: 'furiosa', name: 'renamed' });
  await expect(change()).rejects.toMatchObject({ code: 'INVALID', fields: { format: expect.anything() } });
  await webhooks.rotateSecret(ctx, webhook.id);
  await expect(change()).rejects.toMatchObject({ code: 'INVALID' });
  await webhooks.rotateSecret(ctx, webhook.id, { overlapHours: 0 });
  expect(await change()).toMatchObject({ format: 'standard' });
});

test('a secret is chosen once', async () => {
  const { ctx } = await openTestAccount();
  const { webhook } = await webhooks.create(ctx, INPUT);
  await expect(webhooks.update(ctx, webhook.id, { secret: STANDARD })).rejects.toMatchObject({
    ...{ code: 'INVALID', fields: { secret: ['Secret cannot be set.'] } },
  });
});

test('a secret can be rotated so often, and no more, while all still sign', async () => {
  const { ctx } = await openTestAccount();
  const { webhook } = await webhooks.create(ctx, INPUT);
  for (let at = 0; at < 4; at += 1) await webhooks.rotateSecret(ctx, webhook.id);
  await expect(webhooks.rotateSecret(ctx, webhook.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(webhooks.rotateSecret(ctx, webhook.id, { overlapHours: 0.5 })).rejects.toMatchObject({
    code: 'INVALID',
  });
  await expect(webhooks.rotateSecret(ctx, webhook.id, { overlapHours: 0 })).resolves.toBeDefined();
});
