import type { Context } from '../context';
import { DomainError } from '../error';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import { leadToText } from '../sms-message/sms-message.service';
import { queueText } from '../sms-message/sms-queue';
import type { Campaign } from './campaign.entity';
import type { HeldRecipient } from './recipient-queue';
import { segmentsOf } from './sms-segments.rules';

// From here on the messenger has it; no lease, since what is queued is never lost.
const QUEUED = `
update campaign_recipient
set status = 'sending', attempts = attempts + 1, due_at = null, message_id = $4, credits = $5
where account_id = $1 and id = $2 and lease_id = $3 and status = 'pending'
returning id`;

/**
 * Queues the text for a recipient and marks it, in one transaction: it is queued once. Answers why it cannot be;
 * undefined when it is, or when somebody else has the recipient by now.
 */
export async function queueCampaignText(
  ctx: Context,
  { phoneNumberId }: Campaign,
  { id, leaseId, address }: HeldRecipient,
  body: string,
): Promise<string | undefined> {
  try {
    await ctx.transaction(async (tx) => {
      const number = phoneNumberId ? await tx.repo(PhoneNumber).find(phoneNumberId) : undefined;
      if (!number?.isActive)
        throw new DomainError('CONFLICT', 'The number that texts are from was deleted or switched off.');
      const lead = await leadToText(tx, address);
      const message = await queueText(tx, { lead, number, body });
      const values = [tx.account.id, id, leaseId, message.id, segmentsOf(body)];
      const [isHeld] = await tx.query(QUEUED, values, 'queue campaign text');
      if (!isHeld) throw new LeaseLost();
    });
  } catch (error) {
    if (error instanceof LeaseLost) return undefined;
    if (error instanceof DomainError && error.code === 'CONFLICT') return error.message;
    throw error;
  }
  return undefined;
}

/** Rolls the text back that somebody else is to queue. */
class LeaseLost extends Error {}

const SETTLE = `
update campaign_recipient recipient
set status = message.status, sent_at = message.sent_at, reason = message.error_message,
  credits = case when message.status = 'failed' then 0 else recipient.credits end
from sms_message message
where recipient.account_id = $1 and recipient.campaign_id = $2 and recipient.status = 'sending'
  and message.account_id = $1 and message.id = recipient.message_id::uuid and message.status in ('sent', 'failed')
returning recipient.id`;

/** Takes over what became of the campaign's queued texts; answers how many. */
export async function settleCampaignTexts(ctx: Context, { id }: Campaign): Promise<number> {
  return (await ctx.query(SETTLE, [ctx.account.id, id], 'settle campaign texts')).length;
}
