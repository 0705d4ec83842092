import { Context } from '../../src/domain/context';
import { Vault } from '../../src/domain/vault';
import { Webhook } from '../../src/domain/webhook/webhook.entity';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { openSigningKeys } from '../../src/domain/webhook/webhook-keys';
import { openTestAccount, type TestAccount, testStore, testVault } from '../support/account';
import { openBench } from '../support/delivery';
import { Receiver } from '../support/receiver';

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
  const [{ sealed }] = (await bench.store.query('select signing_keys as sealed from webhook where id = $1', [
    id,
  ])) as [{ sealed: string }];
  const keys = openSigningKeys(testVault, { ...rotated.webhook, signingKeys: sealed }, bench.clock.at);
  expect(keys.map((key) => key.secret)).toEqual([rotated.secret, secret]);
  const secrets = keys
    .flatMap((key) => [key.secret, key.privateKey])
    .map((text) => text.replace(/^whs[a-z]+_/, '').slice(0, 40));
  const tables = await bench.store.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
    [],
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    for (const text of secrets) {
      const rows = await bench.store.query(`select 1 from "${name}" one where strpos(one::text, $1) > 0`, [
        text,
      ]);
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
  const changed = `${sealed.slice(0, -1)}${sealed.endsWith('A') ? 'B' : 'A'}`;
  expect(() => testVault.decrypt(changed, 'here')).toThrow();
  expect(() => testVault.decrypt('v2.x', 'here')).toThrow('A stored secret is not readable.');
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
