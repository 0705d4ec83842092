import type { Context } from '../context';
import { saveChanges } from '../crud';
import type { RowRef } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { isUuid } from '../field-kinds';
import { Campaign } from './campaign.entity';

export const decision = enumeration(
  'UnknownDecision',
  'What becomes of messages that may have arrived or not.',
  {
    resend: 'They are sent again: who has one already gets a second.',
    leave: 'They are given up: who has none gets none.',
  },
);
/** What becomes of messages that may have arrived or not. */
export type Decision = ValueOf<typeof decision>;

const OF_CAMPAIGN = `account_id = $1 and campaign_id = $2 and status = 'unknown' and ($3::uuid[] is null or id = any($3))`;

// Whoever still holds one has no say in it any more: the lease goes.
const DECIDE: Record<Decision, string> = {
  resend: `
    update campaign_recipient set status = 'pending', reason = null, due_at = $4, lease_id = null, attempts = 0
    where ${OF_CAMPAIGN} returning id`,
  leave: `
    update campaign_recipient set status = 'failed', lease_id = null, due_at = null,
      reason = 'It may have arrived or not, and was left at ' || $4::text || '.'
    where ${OF_CAMPAIGN} returning id`,
};

/** Decides on the unknown recipients of a campaign; answers how many. Throws NOT_FOUND. */
export async function decideUnknown(
  ctx: Context,
  ref: RowRef,
  choice: Decision,
  ids?: string[],
): Promise<number> {
  return ctx.transaction(async (tx) => {
    const campaign = await tx.repo(Campaign).lock(ref);
    const values = [tx.account.id, campaign.id, ids?.filter(isUuid) ?? null, tx.instant()];
    const decided = await tx.query(DECIDE[choice], values);
    if (choice === 'resend' && decided.length > 0)
      await saveChanges(tx, Campaign, campaign, { status: 'sending' });
    return decided.length;
  });
}
