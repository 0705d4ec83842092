import { analytics } from '../../../src/domain/analytics/analytics.service';
import { audiences } from '../../../src/domain/audience/audience.service';
import { contacts } from '../../../src/domain/contact/contact.service';
import { openTestAccount, type TestAccount, TestClock } from '../../support/account';
import { fillAudience } from '../../support/contacts';

let account: TestAccount;

const open = async (name = 'News') => (await audiences.create(account.ctx, { name })).id;

/** An account in a zone, at a moment. */
async function openAt(timeZone: string, at: string): Promise<TestAccount> {
  const opened = await openTestAccount({ clock: new TestClock(new Date(at)) });
  Object.assign(opened.ctx.account, { timeZone });
  return opened;
}
const moveTo = (at: string) => {
  account.clock.at = new Date(at);
};
const growth = (from: string, to: string, interval: 'day' | 'week' | 'month', ref?: string) =>
  analytics
    .audiences(account.ctx, { from, to, interval }, ref)
    .then(({ series }) => series.map(({ date, added, removed, total }) => [date, added, removed, total]));
const removeSome = async (audienceId: string, count: number) => {
  const { rows } = await contacts.page(account.ctx, {
    ...{ filter: { audienceId: { eq: audienceId } }, first: count },
  });
  for (const { id } of rows) await contacts.delete(account.ctx, id);
};

test('growth is told in days of the account’s zone, to the quarter of an hour', async () => {
  // Midnight of Kathmandu is 18:15 UTC.
  account = await openAt('Asia/Kathmandu', '2026-03-02T18:14:59Z');
  const audienceId = await open();
  await fillAudience(account.ctx, audienceId, 3);
  moveTo('2026-03-02T18:15:00Z');
  await fillAudience(account.ctx, audienceId, 2, 10);
  moveTo('2026-03-04T18:14:59Z');
  await removeSome(audienceId, 4);
  expect(await growth('2026-03-01', '2026-03-05', 'day', audienceId)).toEqual([
    ...[
      ['2026-03-01', 0, 0, 0],
      ['2026-03-02', 3, 0, 3],
      ['2026-03-03', 2, 0, 5],
    ],
    ...[
      ['2026-03-04', 0, 4, 1],
      ['2026-03-05', 0, 0, 1],
    ],
  ]);
  expect(await growth('2026-03-04', '2026-03-04', 'day', audienceId)).toEqual([['2026-03-04', 0, 4, 1]]);
});

test('growth keeps to days that are longer or shorter than others', async () => {
  account = await openAt('Europe/Berlin', '2026-03-28T22:59:00Z');
  const audienceId = await open();
  const moments = ['2026-03-28T23:00:00Z', '2026-03-29T21:59:00Z', '2026-03-29T22:00:00Z'];
  await fillAudience(account.ctx, audienceId, 1);
  for (const [at, moment] of moments.entries()) {
    moveTo(moment);
    await fillAudience(account.ctx, audienceId, 1, 10 + at);
  }
  expect(await growth('2026-03-28', '2026-03-30', 'day')).toEqual([
    ...[
      ['2026-03-28', 1, 0, 1],
      ['2026-03-29', 2, 0, 3],
      ['2026-03-30', 1, 0, 4],
    ],
  ]);
});

test('growth is summed by weeks from Monday and by months, and counts deleted audiences in all', async () => {
  account = await openAt('America/New_York', '2026-01-30T12:00:00Z');
  const [audienceId, otherId] = [await open(), await open('Other')];
  await fillAudience(account.ctx, audienceId, 4);
  await fillAudience(account.ctx, otherId, 1);
  moveTo('2026-02-09T12:00:00Z');
  await audiences.delete(account.ctx, otherId);
  await removeSome(audienceId, 1);
  expect(await growth('2026-01-28', '2026-02-10', 'week')).toEqual([
    ...[
      ['2026-01-28', 5, 0, 5],
      ['2026-02-02', 0, 0, 5],
      ['2026-02-09', 0, 2, 3],
    ],
  ]);
  expect(await growth('2026-01-01', '2026-03-31', 'month')).toEqual([
    ...[
      ['2026-01-01', 5, 0, 5],
      ['2026-02-01', 0, 2, 3],
      ['2026-03-01', 0, 0, 3],
    ],
  ]);
  expect(await growth('2026-01-01', '2026-03-31', 'month', audienceId)).toEqual([
    ...[
      ['2026-01-01', 4, 0, 4],
      ['2026-02-01', 0, 1, 3],
      ['2026-03-01', 0, 0, 3],
    ],
  ]);
});
