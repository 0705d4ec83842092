import type { Context } from '../context';
import { saveChanges } from '../crud';
import { type Instant, toInstant } from '../datetime';
import { rowEvent } from '../event';
import type { Store } from '../store';
import { tableOf } from '../table';
import { Campaign } from './campaign.entity';

/** How often the progress of a campaign is told at most. */
export const PROGRESS_MS = 1000;

const ACTIVE = `
select ${tableOf(Campaign).selectList} from campaign
where status = 'sending' and prepared_at is not null and deleted_at is null
  and exists (select from account where account.id = campaign.account_id and is_active)
order by account_id, id`;

/** The campaigns of all accounts that are going out. */
export function activeCampaigns(store: Store): Promise<Campaign[]> {
  return store.acrossAccounts.query<Campaign & Record<string, unknown>>(ACTIVE, [], 'active campaigns');
}

const TAKE_TURN = `
update campaign set progressed_at = $3
where account_id = $1 and id = $2 and (progressed_at is null or progressed_at <= $4)
returning id`;

/** Tells the progress of a campaign, unless any process has within the last second; answers whether it did. */
export async function tellProgress(ctx: Context, id: string): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const before: Instant = toInstant(new Date(tx.now().getTime() - PROGRESS_MS));
    const turn = await tx.query(TAKE_TURN, [tx.account.id, id, tx.instant(), before], 'campaign progress');
    if (turn.length === 0) return false;
    await tx.emit(rowEvent(Campaign, 'progressed', await tx.repo(Campaign).get(id)));
    return true;
  });
}

const LEFT = `
select
  exists (select from campaign_recipient where account_id = $1 and campaign_id = $2
    and status in ('pending', 'sending')) as "isUnfinished",
  exists (select from campaign_recipient where account_id = $1 and campaign_id = $2
    and status in ('sent', 'delivered', 'bounced', 'unknown')) as "hasGoneOut"`;

interface Left {
  isUnfinished: boolean;
  hasGoneOut: boolean;
}

async function leftOf(ctx: Context, id: string): Promise<Left> {
  const [left] = await ctx.query<Left & Record<string, unknown>>(LEFT, [ctx.account.id, id], 'campaign left');
  return left ?? { isUnfinished: true, hasGoneOut: false };
}

/**
 * Ends a campaign of which nothing is left to do: SENT, or FAILED when nobody could be sent it. The first end as
 * SENT is also the event `campaign.sent`. Answers whether it ended now.
 */
export async function finishCampaign(ctx: Context, id: string): Promise<boolean> {
  if ((await leftOf(ctx, id)).isUnfinished) return false;
  return ctx.transaction(async (tx) => {
    const campaign = await tx.repo(Campaign).lockIfThere(id);
    if (campaign?.status !== 'sending' || !campaign.preparedAt) return false;
    const { isUnfinished, hasGoneOut } = await leftOf(tx, id);
    if (isUnfinished) return false;
    const sentAt = campaign.sentAt ?? (hasGoneOut ? tx.instant() : null);
    const status = hasGoneOut ? 'sent' : 'failed';
    const after = await saveChanges(tx, Campaign, campaign, { status, sentAt });
    if (sentAt && !campaign.sentAt) await tx.emit(rowEvent(Campaign, 'sent', after));
    return true;
  });
}
