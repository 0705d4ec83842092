import type { Context } from '../context';
import { rowEvent } from '../event';
import { Webhook } from './webhook.entity';
import { retryWindows } from './webhook-formats';

// Lanes before their deliveries, and in the order of their keys, as all who lock several.
const dropLanes = (which: string) => `
with own as (
  select webhook_id, subject_id from webhook_lane where account_id = $1 ${which}
  order by webhook_id, subject_id for update
)
delete from webhook_lane lane using own
where lane.account_id = $1 and lane.webhook_id = own.webhook_id and lane.subject_id = own.subject_id`;

const cancel = (which: string) => `
update webhook_delivery set status = 'cancelled', next_attempt_at = null
where account_id = $1 ${which} and status = 'pending'`;

const OF_WEBHOOK = 'and webhook_id = $2';
const [DROP_LANES, CANCEL] = [dropLanes(OF_WEBHOOK), cancel(OF_WEBHOOK)];
const [DROP_ALL_LANES, CANCEL_ALL] = [dropLanes(''), cancel('')];

/** Cancels what is still on its way to a webhook, in the open transaction. */
export async function cancelDeliveries(ctx: Context, webhookId: string): Promise<void> {
  await ctx.query(DROP_LANES, [ctx.account.id, webhookId]);
  await ctx.query(CANCEL, [ctx.account.id, webhookId]);
}

/** Cancels all that is still on its way from an account that goes, in the open transaction. */
export async function cancelAllDeliveries(ctx: Context): Promise<void> {
  await ctx.query(DROP_ALL_LANES, [ctx.account.id]);
  await ctx.query(CANCEL_ALL, [ctx.account.id]);
}

const EXPIRE = `
update webhook_delivery d set status = 'failed', next_attempt_at = null
from webhook_message m join unnest($2::text[], $3::timestamptz[]) as kept(format, since) on kept.format = m.format
where d.account_id = $1 and d.status = 'pending' and m.account_id = $1 and m.id = d.message_id
  and d.next_attempt_at < kept.since`;

const FORGET_FAILURES = `
update webhook set failing_since = null where account_id = $1 and failing_since is not null`;

/**
 * Lets the deliveries of an account that is switched on again go on: what has waited for longer than all tries
 * would have taken is given up, and nobody has failed meanwhile. In the open transaction.
 */
export async function resumeDeliveries(ctx: Context): Promise<void> {
  const windows = retryWindows();
  const since = windows.map(({ windowMs }) => new Date(ctx.now().getTime() - windowMs).toISOString());
  await ctx.query(EXPIRE, [ctx.account.id, windows.map(({ format }) => format), since]);
  await ctx.query(FORGET_FAILURES, [ctx.account.id]);
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
