import { randomUUID } from 'node:crypto';
import { accountScopeByName, newAccountScope, openAccount } from '../../src/domain/account/account.service';
import { Context } from '../../src/domain/context';
import { openTestAccount, testStore, testVault } from '../support/account';

/** Opens an account with this short name. */
async function openNamed(slug: string): Promise<string> {
  const store = await testStore();
  const ctx = new Context({
    ...{
      store,
      account: await newAccountScope(store.acrossAccounts, 'standalone'),
      scopes: null,
      requestId: 'test',
    },
    ...{ actor: { kind: 'system', id: null, name: 'test' }, vault: testVault, now: () => new Date() },
  });
  await openAccount(ctx, { name: 'Named', slug });
  return ctx.account.id;
}

test('an account is named by its short name, its number or its id', async () => {
  const store = await testStore();
  const { account } = (await openTestAccount()).ctx;
  for (const name of [String(account.number), account.id, account.id.toUpperCase()]) {
    expect(await accountScopeByName(store, name)).toMatchObject({ id: account.id, number: account.number });
  }
  const slug = `a-${randomUUID()}`;
  const id = await openNamed(slug);
  expect(await accountScopeByName(store, slug)).toMatchObject({ id });
  for (const name of ['', 'nobody', randomUUID(), '99999999999999']) {
    expect(await accountScopeByName(store, name)).toBeUndefined();
  }
});

test('a short name goes before a number', async () => {
  const store = await testStore();
  const { account } = (await openTestAccount()).ctx;
  const id = await openNamed(String(account.number));
  expect(await accountScopeByName(store, String(account.number))).toMatchObject({ id });
});
