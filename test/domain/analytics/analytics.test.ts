import { uuidv7 } from 'uuidv7';
import { analytics } from '../../../src/domain/analytics/analytics.service';
import { audiences } from '../../../src/domain/audience/audience.service';
import { campaigns } from '../../../src/domain/campaign/campaign.service';
import { contacts } from '../../../src/domain/contact/contact.service';
import type { Context } from '../../../src/domain/context';
import { formPages } from '../../../src/domain/form-page/form-page.service';
import { Submission } from '../../../src/domain/submission/submission.entity';
import { openTestAccount, type TestAccount } from '../../support/account';

/** The account in a zone of its own. */
const inZone = ({ ctx }: TestAccount, timeZone: string) => ctx.actingFor({ ...ctx.account, timeZone });

const makePage = (ctx: Context, name = 'Contact us') => formPages.create(ctx, { name });

async function submitAt({ ctx, clock }: TestAccount, pageId: string, instants: string[]): Promise<void> {
  for (const instant of instants) {
    clock.at = new Date(instant);
    await ctx.transaction((tx) => tx.repo(Submission).insert({ pageId, values: {} }));
  }
}

describe('submissions', () => {
  test('are counted by days of the zone, at the day that has 25 hours and the one that has 23', async () => {
    const account = await openTestAccount();
    const page = await makePage(account.ctx);
    const other = await makePage(account.ctx);
    await submitAt(account, page.id, [
      // Clocks go forward on 29 March 2026 and back on 25 October in Berlin.
      ...['2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z'],
      ...['2026-03-29T22:00:00.000Z', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z'],
      '2026-10-25T23:00:00.000Z',
    ]);
    await submitAt(account, other.id, ['2026-03-29T12:00:00.000Z']);
    const ctx = inZone(account, 'Europe/Berlin');
    const spring = await analytics.submissions(ctx, { from: '2026-03-28', to: '2026-03-30' }, page.id);
    expect(spring).toEqual({
      ...{ from: '2026-03-28', to: '2026-03-30', interval: 'day', totals: { submissions: 4 } },
      series: [
        { date: '2026-03-28', submissions: 1 },
        { date: '2026-03-29', submissions: 2 },
        { date: '2026-03-30', submissions: 1 },
      ],
      pages: [{ pageId: page.id, submissions: 4 }],
    });
    const autumn = await analytics.submissions(ctx, { from: '2026-10-25', to: '2026-10-26' }, page.number);
    expect(autumn.series.map(({ submissions }) => submissions)).toEqual([2, 1]);
    const all = await analytics.submissions(ctx, { from: '2026-03-01', to: '2026-03-31', interval: 'month' });
    expect(all).toMatchObject({
      series: [{ date: '2026-03-01', submissions: 5 }],
      pages: [
        { pageId: page.id, submissions: 4 },
        { pageId: other.id, submissions: 1 },
      ],
    });
    expect(await formPages.record(account.ctx, page.id)).toMatchObject({
      stats: { submissionCount: 7, lastSubmittedAt: '2026-10-25T23:00:00.000Z' },
    });
  });

  test('stand in stretches that begin with the period, empty ones included', async () => {
    const account = await openTestAccount();
    const page = await makePage(account.ctx);
    await submitAt(account, page.id, [
      '2026-01-07T12:00:00Z',
      '2026-01-11T12:00:00Z',
      '2026-01-26T12:00:00Z',
    ]);
    const period = { from: '2026-01-07', to: '2026-02-01' };
    const weeks = await analytics.submissions(account.ctx, { ...period, interval: 'week' });
    expect(weeks.series).toEqual([
      { date: '2026-01-07', submissions: 2 },
      { date: '2026-01-12', submissions: 0 },
      { date: '2026-01-19', submissions: 0 },
      { date: '2026-01-26', submissions: 1 },
    ]);
    const months = await analytics.submissions(account.ctx, { ...period, interval: 'month' });
    expect(months.series).toEqual([
      { date: '2026-01-07', submissions: 3 },
      { date: '2026-02-01', submissions: 0 },
    ]);
  });
});

test('what became of messages is counted by the day they went out, or were written down', async () => {
  const account = await openTestAccount();
  const ctx = inZone(account, 'America/New_York');
  const { id: audienceId } = await audiences.create(ctx, { name: 'News' });
  const [one, two] = [
    await campaigns.create(ctx, { name: 'One', audienceId }),
    await campaigns.create(ctx, { name: 'Two', audienceId }),
  ];
  const add = (campaignId: string, status: string, createdAt: string, sentAt: string | null, more = {}) => {
    const { openedAt = null, unsubscribedAt = null, credits = 0 } = more as Record<string, never>;
    return ctx.query(
      `insert into campaign_recipient (id, account_id, campaign_id, contact_id, address, status, created_at, sent_at, opened_at, unsubscribed_at, credits)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[uuidv7(), ctx.account.id, campaignId, uuidv7(), `${uuidv7()}@example.com`, status],
        ...[createdAt, sentAt, openedAt, unsubscribedAt, credits],
      ],
    );
  };
  const day = '2026-03-08T03:00:00Z';
  await add(one.id, 'delivered', day, '2026-03-09T03:59:59Z', { openedAt: day });
  await add(one.id, 'sent', day, '2026-03-09T04:00:00Z', { unsubscribedAt: day, credits: 2 });
  await add(one.id, 'bounced', day, '2026-03-09T12:00:00Z');
  await add(one.id, 'failed', day, null);
  await add(two.id, 'sent', day, '2026-03-09T12:00:00Z', { credits: 1 });
  const none = {
    ...{ recipients: 0, sent: 0, delivered: 0, opened: 0, clicked: 0, bounced: 0, unsubscribed: 0 },
    ...{ failed: 0, unknown: 0, skipped: 0, creditsUsed: 0 },
  };
  const period = { from: '2026-03-07', to: '2026-03-09' };
  const ofOne = await analytics.campaigns(ctx, period, one.id);
  expect(ofOne.series).toEqual([
    { ...none, date: '2026-03-07', recipients: 1, failed: 1 },
    { ...none, date: '2026-03-08', recipients: 1, sent: 1, delivered: 1, opened: 1 },
    {
      ...none,
      date: '2026-03-09',
      recipients: 2,
      sent: 2,
      delivered: 1,
      bounced: 1,
      unsubscribed: 1,
      creditsUsed: 2,
    },
  ]);
  expect(ofOne.totals).toEqual({
    ...{ ...none, recipients: 4, sent: 3, delivered: 2, opened: 1, bounced: 1, unsubscribed: 1, failed: 1 },
    ...{ creditsUsed: 2, openRate: 0.5, clickRate: 0 },
  });
  const all = await analytics.campaigns(ctx, period);
  expect(all.totals).toMatchObject({ recipients: 5, sent: 4, delivered: 3, creditsUsed: 3, openRate: 1 / 3 });
});

test('audiences grow by what came and what left', async () => {
  const account = await openTestAccount();
  const { ctx, clock } = account;
  const { id: audienceId } = await audiences.create(ctx, { name: 'News' });
  const add = (email: string) => contacts.create(ctx, { audienceId, email });
  clock.at = new Date('2025-12-31T12:00:00Z');
  const first = await add('a@example.com');
  clock.at = new Date('2026-01-02T12:00:00Z');
  await add('b@example.com');
  await add('c@example.com');
  clock.at = new Date('2026-01-04T12:00:00Z');
  await contacts.delete(ctx, first.id);
  const growth = await analytics.audiences(ctx, { from: '2026-01-01', to: '2026-01-04' }, audienceId);
  expect(growth).toEqual({
    ...{ from: '2026-01-01', to: '2026-01-04', interval: 'day', totals: { added: 2, removed: 1, total: 2 } },
    series: [
      { date: '2026-01-01', added: 0, removed: 0, total: 1 },
      { date: '2026-01-02', added: 2, removed: 0, total: 3 },
      { date: '2026-01-03', added: 0, removed: 0, total: 3 },
      { date: '2026-01-04', added: 0, removed: 1, total: 2 },
    ],
  });
});

describe('a period', () => {
  test.each([
    [{ from: '2026-02-30', to: '2026-03-01' }, { from: ['from must be a date like 2026-01-31.'] }],
    [{ from: '2026-02-01', to: 'today' }, { to: ['to must be a date like 2026-01-31.'] }],
    [
      { from: '0000-01-01', to: '0000-01-02' },
      { from: expect.anything(), to: expect.anything() },
    ],
    [{ from: '2026-02-02', to: '2026-02-01' }, { to: ['to must not be before from.'] }],
    [{ from: '2026-01-01', to: '2029-01-01' }, { to: ['to must be less than 3 years after from.'] }],
    [
      { from: '2026-01-01', to: '2026-01-02', interval: 'hour' },
      { interval: ['interval must be one of day, week, month.'] },
    ],
  ])('%j is refused', async (query, fields) => {
    const { ctx } = await openTestAccount();
    for (const read of [analytics.submissions, analytics.campaigns, analytics.audiences]) {
      await expect(read(ctx, query as never)).rejects.toMatchObject({ code: 'INVALID', fields });
    }
  });

  test('may have three years', async () => {
    const { ctx } = await openTestAccount();
    const { series } = await analytics.submissions(ctx, { from: '2024-01-01', to: '2026-12-31' });
    expect([series.length, series.at(-1)]).toEqual([1096, { date: '2026-12-31', submissions: 0 }]);
  });
});

test('another account’s page is none, and a key needs the scope', async () => {
  const [mine, other] = [await openTestAccount(), await openTestAccount()];
  const page = await makePage(other.ctx);
  const period = { from: '2026-01-01', to: '2026-01-02' };
  for (const ref of [page.id, page.number])
    await expect(analytics.submissions(mine.ctx, period, ref)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await submitAt(other, page.id, ['2026-01-01T12:00:00Z']);
  expect((await analytics.submissions(mine.ctx, period)).totals).toEqual({ submissions: 0 });
});
