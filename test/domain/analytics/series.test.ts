import fc from 'fast-check';
import { DateTime } from 'luxon';
import { analytics } from '../../../src/domain/analytics/analytics.service';
import type { Interval } from '../../../src/domain/analytics/period.rules';
import { audiences } from '../../../src/domain/audience/audience.service';
import { formPages } from '../../../src/domain/form-page/form-page.service';
import { openTestAccount, type TestAccount } from '../../support/account';

const ZONES = [
  ...['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia'],
  // Midnight does not exist, or comes twice, when the clocks change.
  ...['Africa/Cairo', 'Asia/Beirut', 'America/Havana', 'America/Asuncion', 'Atlantic/Azores'],
];

const FIRST = Date.parse('2023-01-01T00:00:00Z');
const LAST = Date.parse('2026-01-01T00:00:00Z');
const MINUTE_MS = 60_000;

const dayAfter = (date: string, days = 1) =>
  DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toISODate() as string;

/** Moments around those at which the clocks of a zone change. */
function changesOf(zone: string): number[] {
  const offsetAt = (ms: number) => DateTime.fromMillis(ms, { zone }).offset;
  const hour = 60 * MINUTE_MS;
  const moments: number[] = [];
  for (let at = FIRST; at < LAST; at += hour) {
    if (offsetAt(at) === offsetAt(at + hour)) continue;
    for (let around = -26; around <= 26; around++) moments.push(at + around * hour, at + around * hour - 1);
  }
  return moments;
}

/** The first day of every stretch of the period with the number of its dates, one by one. */
function countNaively(dates: string[], from: string, to: string, interval: Interval) {
  const countByDate = new Map<string, number>();
  const startOf = (date: string) => {
    const start = DateTime.fromISO(date, { zone: 'utc' }).startOf(interval).toISODate() as string;
    return start < from ? from : start;
  };
  for (let day = from; day <= to; day = dayAfter(day)) countByDate.set(startOf(day), 0);
  for (const date of dates) {
    if (date < from || date > to) continue;
    countByDate.set(startOf(date), (countByDate.get(startOf(date)) ?? 0) + 1);
  }
  return [...countByDate].map(([date, count]) => ({ date, count }));
}

async function submitAll({ ctx }: TestAccount, pageId: string, moments: number[]): Promise<void> {
  await ctx.query(
    `insert into submission (id, account_id, page_id, "values", created_at, updated_at)
     select gen_random_uuid(), $1, $2, '{}', at, at from unnest($3::timestamptz[]) at`,
    [ctx.account.id, pageId, moments.map((ms) => new Date(ms).toISOString())],
  );
}

/** Contacts that came at the moments, as the tally has them. */
async function growAll({ ctx }: TestAccount, audienceId: string, moments: number[]): Promise<void> {
  await ctx.query(
    `insert into contact_tally (account_id, audience_id, at, added, removed)
     select $1, $2, date_bin('15 minutes', at, 'epoch'), count(*), 0 from unnest($3::timestamptz[]) at group by 3`,
    [ctx.account.id, audienceId, moments.map((ms) => new Date(ms).toISOString())],
  );
}

test.each(ZONES)('the numbers of any period in %s are those of a naive count', async (zone) => {
  const account = await openTestAccount();
  const ctx = account.ctx.actingFor({ ...account.ctx.account, timeZone: zone });
  const page = await formPages.create(ctx, { name: 'Contact us' });
  const audience = await audiences.create(ctx, { name: 'News' });
  const random = fc.sample(fc.integer({ min: FIRST, max: LAST }), { numRuns: 300, seed: 7 });
  const moments = [...random, ...changesOf(zone)];
  await submitAll(account, page.id, moments);
  await growAll(account, audience.id, moments);
  const dates = moments.map((ms) => DateTime.fromMillis(ms, { zone }).toISODate() as string);
  const periods = fc.record({
    from: fc.constantFrom(...dates).map((date) => dayAfter(date, -1)),
    days: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 6, max: 1_000 })),
    interval: fc.constantFrom<Interval>('day', 'week', 'month'),
  });
  await fc.assert(
    fc.asyncProperty(periods, async ({ from, days, interval }) => {
      const to = dayAfter(from, days);
      const expected = countNaively(dates, from, to, interval);
      const sent = await analytics.submissions(ctx, { from, to, interval }, page.id);
      expect(sent.series).toEqual(expected.map(({ date, count }) => ({ date, submissions: count })));
      expect(sent.totals.submissions).toBe(expected.reduce((sum, { count }) => sum + count, 0));
      const grown = await analytics.audiences(ctx, { from, to, interval }, audience.id);
      let total = dates.filter((date) => date < from).length;
      expect(grown.series).toEqual(
        expected.map(({ date, count }) => {
          total += count;
          return { date, added: count, removed: 0, total };
        }),
      );
    }),
    { numRuns: 25, seed: 11 },
  );
});
