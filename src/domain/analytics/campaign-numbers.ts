import type { Context } from '../context';
import { snakeCase } from '../text';
import { boundsOf, type Period } from './period.rules';
import type { DayNumbers } from './series.rules';

/** What messages are counted by, as in the metrics of a campaign. */
export const CAMPAIGN_KEYS = [
  ...(['recipients', 'sent', 'delivered', 'opened', 'clicked', 'bounced'] as const),
  ...(['unsubscribed', 'failed', 'unknown', 'skipped', 'creditsUsed'] as const),
] as const;

/** How many messages there are of each kind. */
export type CampaignNumbers = Record<(typeof CAMPAIGN_KEYS)[number], number>;

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

const sums = CAMPAIGN_KEYS.map((name) => `sum(${snakeCase(name)}) as "${name}"`);
const totals = CAMPAIGN_KEYS.map((name) => `sum("${name}")::int as "${name}"`);

// The quarters of an hour are summed first: they are few, and to tell their day takes time.
const perDay = (scope: string) => `
with quarter as (
  select at, ${sums.join(', ')} from campaign_tally
  where account_id = $1 and at >= $2 and at < $3 and ${scope} group by at
)
select to_char((at at time zone $4)::date, 'YYYY-MM-DD') as day, ${totals.join(', ')}
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
