import type { Context } from '../context';
import { rowEvent } from '../event';
import { Webhook } from './webhook.entity';

const DROP_LANES = `
with own as (
  select subject_id from webhook_lane where account_id = $1 and webhook_id = $2 order by subject_id for update
)
delete from webhook_lane lane using own
where lane.account_id = $1 and lane.webhook_id = $2 and lane.subject_id = own.subject_id`;

const CANCEL = `
update webhook_delivery set status = 'cancelled', next_attempt_at = null
where account_id = $1 and webhook_id = $2 and status = 'pending'`;

/** Cancels what is still on its way to a webhook, in the open transaction. */
export async function cancelDeliveries(ctx: Context, webhookId: string): Promise<void> {
  await ctx.query(DROP_LANES, [ctx.account.id, webhookId]);
  await ctx.query(CANCEL, [ctx.account.id, webhookId]);
}

/** Disables a webhook that does not work any more, with the event `webhook.disabled`; nothing when it is off already. */
export async function disableWebhook(ctx: Context, id: string, reason: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const before = await tx.repo(Webhook).lock(id);
    if (!before.isActive) return;
    const disabledAt = tx.instant();
    const after = await tx.repo(Webhook).update(id, { isActive: false, disabledAt, disabledReason: reason });
    await cancelDeliveries(tx, id);
    const changes = {
      isActive: { old: true, new: false },
      disabledAt: { old: before.disabledAt, new: disabledAt },
      disabledReason: { old: before.disabledReason, new: reason },
    };
    await tx.emit(rowEvent(Webhook, 'disabled', after, changes));
  });
}
