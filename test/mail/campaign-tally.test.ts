import { randomInt } from 'node:crypto';
import { analytics } from '../../src/domain/analytics/analytics.service';
import { recipientStatus } from '../../src/domain/campaign/campaign-recipient.entity';
import { type CampaignBench, openCampaignBench } from '../support/campaigns';

let bench: CampaignBench;

beforeEach(async () => {
  bench = await openCampaignBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.errors).toEqual([]);
});

const COUNTED = `
select count(*)::int as recipients, count(*) filter (where status in ('pending', 'sending'))::int as pending,
  count(*) filter (where status in ('sent', 'delivered', 'bounced'))::int as sent,
  count(*) filter (where status in ('sent', 'delivered'))::int as delivered,
  count(opened_at)::int as opened, count(clicked_at)::int as clicked,
  count(*) filter (where status = 'bounced')::int as bounced, count(unsubscribed_at)::int as unsubscribed,
  count(*) filter (where status = 'failed')::int as failed, count(*) filter (where status = 'unknown')::int as unknown,
  count(*) filter (where status = 'skipped')::int as skipped, sum(credits)::int as "creditsUsed"
from campaign_recipient where account_id = $1 and campaign_id = $2`;

const CHANGE = `
update campaign_recipient set status = $3, credits = $4, sent_at = $5,
  opened_at = case when $6 then $5::timestamptz end, unsubscribed_at = case when not $6 then $5::timestamptz end
where account_id = $1 and id = any($2)`;

const pick = <T>(items: readonly T[]) => items[randomInt(items.length)] as T;

test('whatever happens to recipients at once, the numbers of a campaign are theirs', async () => {
  const { ctx } = bench;
  await bench.addContacts(Array.from({ length: 30 }, (_, at) => ({ email: `p${at}@example.com` })));
  const { id } = await bench.begin();
  await bench.run();
  const ids = (await bench.recipients(id)).map((one) => one.id).sort();
  // Parts of their own, since rows that two statements want in different orders would be another test.
  const change = async (part: string[]) => {
    for (let time = 0; time < 15; time += 1) {
      const some = part.filter(() => randomInt(2) === 0);
      const at = `2026-03-0${randomInt(1, 4)}T1${randomInt(10)}:${randomInt(10, 60)}:00Z`;
      const values = [pick(recipientStatus.values), randomInt(4), pick([at, null]), pick([true, false])];
      await ctx.query(CHANGE, [ctx.account.id, some, ...values]);
    }
  };
  await Promise.all([0, 10, 20].map((from) => change(ids.slice(from, from + 10))));
  const [counted = {}] = await ctx.query<Record<string, number>>(COUNTED, [ctx.account.id, id]);
  const { openRate, clickRate, ...metrics } = await bench.metrics(id);
  expect(metrics).toEqual(Object.fromEntries(Object.entries(counted).filter(([, count]) => count !== 0)));
  const { totals } = await analytics.campaigns(ctx, { from: '2026-03-01', to: '2026-03-05' }, id);
  expect(totals).toMatchObject(
    Object.fromEntries(Object.entries(counted).filter(([name]) => name !== 'pending')),
  );
});

test('the numbers are read from the tally, however many recipients there are', async () => {
  const { id } = await bench.draft();
  const plan = await bench.ctx.query<{ 'QUERY PLAN': string }>(
    `explain select * from campaign_metrics where account_id = '${bench.ctx.account.id}' and id = '${id}'`,
    [],
  );
  const text = plan.map((line) => line['QUERY PLAN']).join('\n');
  expect(text).toContain('campaign_tally');
  expect(text).not.toContain('campaign_recipient');
});
