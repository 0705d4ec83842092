import { suppressions } from '../../../src/domain/suppression/suppression.service';
import { openTestAccount, type TestAccount } from '../../support/account';
import { eventNamesOf, withoutChange } from '../../support/account-state';

let account: TestAccount;

beforeEach(async () => {
  account = await openTestAccount();
});

test.each([
  ['Jane@Example.com', 'jane@example.com'],
  [' (202) 555-0143 ', '+12025550143'],
])('the address %j is suppressed as %s, once', async (text, address) => {
  const { ctx } = account;
  const made = await suppressions.create(ctx, { address: text, reason: 'manual' });
  expect(made).toMatchObject({ address, reason: 'manual' });
  const again = () => suppressions.create(ctx, { address }).catch(({ code, fields }) => ({ code, fields }));
  expect(await withoutChange(account, again)).toEqual({
    ...{ code: 'CONFLICT', fields: { address: ['The address is suppressed already.'] } },
  });
  const kept = await withoutChange(account, () => suppressions.suppress(ctx, text, 'complained'));
  expect(kept).toEqual(made);
});

test('what is no address is refused', async () => {
  for (const work of [
    () => suppressions.create(account.ctx, { address: 'nobody' }),
    () => suppressions.suppress(account.ctx, 'nobody', 'bounced'),
  ]) {
    const refused = () => work().catch(({ code, fields }) => ({ code, fields }));
    expect(await withoutChange(account, refused)).toEqual({
      code: 'INVALID',
      fields: { address: ['Address must be an e-mail address or a phone number.'] },
    });
  }
});

test('an address that ten at once suppress is suppressed once', async () => {
  const { ctx } = account;
  const made = await Promise.all(
    Array.from({ length: 10 }, () => suppressions.suppress(ctx, 'a@example.com', 'unsubscribed')),
  );
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(await eventNamesOf(account, 'suppression')).toEqual(['suppression.created']);
});

test('a list is told which of its addresses are suppressed, however they are written', async () => {
  const { ctx } = account;
  await suppressions.suppress(ctx, 'a@example.com', 'unsubscribed');
  await suppressions.suppress(ctx, '+12025550143', 'manual');
  const stranger = await openTestAccount();
  await suppressions.suppress(stranger.ctx, 'b@example.com', 'manual');
  const list = ['A@Example.com', 'b@example.com', '(202) 555-0143', '+12025550144', 'nonsense', ''];
  expect(await suppressions.among(ctx, list)).toEqual(new Set(['A@Example.com', '(202) 555-0143']));
});
