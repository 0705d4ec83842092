import type { Context } from '../context';
import { boundsOf, type Period } from './period.rules';
import type { DayNumbers } from './series.rules';

/** What messages are counted by, as in the metrics of a campaign. */
export interface CampaignNumbers {
  recipients: number;
  sent: number;
  delivered: number;
  opened: number;
  clicked: number;
  bounced: number;
  unsubscribed: number;
  failed: number;
  unknown: number;
  skipped: number;
  creditsUsed: number;
}

/** Shares of the delivered, from 0 to 1; 0 when none was delivered. */
export interface CampaignRates {
  openRate: number;
  clickRate: number;
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** The shares of some numbers. */
export function ratesOf({ opened, clicked, delivered }: CampaignNumbers): CampaignRates {
  return { openRate: share(opened, delivered), clickRate: share(clicked, delivered) };
}

/** Each number with the SQL that counts it. */
const COUNTS: Record<keyof CampaignNumbers, string> = {
  recipients: 'count(*)',
  sent: `count(*) filter (where status in ('sent', 'delivered', 'bounced'))`,
  delivered: `count(*) filter (where status in ('sent', 'delivered'))`,
  opened: 'count(opened_at)',
  clicked: 'count(clicked_at)',
  bounced: `count(*) filter (where status = 'bounced')`,
  unsubscribed: 'count(unsubscribed_at)',
  failed: `count(*) filter (where status = 'failed')`,
  unknown: `count(*) filter (where status = 'unknown')`,
  skipped: `count(*) filter (where status = 'skipped')`,
  creditsUsed: 'coalesce(sum(credits), 0)',
};

/** The names of the numbers. */
export const CAMPAIGN_KEYS = Object.keys(COUNTS) as (keyof CampaignNumbers)[];

const counts = Object.entries(COUNTS).map(([name, sql]) => `${sql} as "${name}"`);
const sums = CAMPAIGN_KEYS.map((name) => `sum("${name}")::int as "${name}"`);

// Quarters of an hour are counted first: they are few, and to tell their day takes time.
const perDay = (scope: string) => `
with quarter as (
  select date_bin('15 minutes', coalesce(sent_at, created_at), 'epoch') as at, ${counts.join(', ')}
  from campaign_recipient
  where account_id = $1 and coalesce(sent_at, created_at) >= $2 and coalesce(sent_at, created_at) < $3 and ${scope}
  group by 1
)
select to_char((at at time zone $4)::date, 'YYYY-MM-DD') as day, ${sums.join(', ')}
from quarter group by (at at time zone $4)::date`;

/** Messages of a campaign, or of all, by days of the account’s zone; days without any are missing. */
export function readMessagesPerDay(ctx: Context, period: Period, campaignId: string | null) {
  const { id, timeZone } = ctx.account;
  const values = [id, ...boundsOf(period, timeZone), timeZone];
  type Row = DayNumbers<keyof CampaignNumbers> & Record<string, unknown>;
  return campaignId === null
    ? ctx.query<Row>(perDay('true'), values)
    : ctx.query<Row>(perDay('campaign_id = $5'), [...values, campaignId]);
}
