import type { Context } from '../context';
import type { RowRef } from '../entity';
import { DomainError } from '../error';
import { rowEvent } from '../event';
import type { Page, PageRequest } from '../page';
import { Webhook } from './webhook.entity';
import { WebhookDelivery } from './webhook-delivery.entity';
import { WebhookMessage } from './webhook-message.entity';

const REOPEN = `
update webhook_delivery
set status = 'pending', next_attempt_at = $3, retry_step = 0, delivered_at = null
where account_id = $1 and id = $2`;

// The head of a lane decides when it is sent; a lane that is leased finds it when its lease ends.
const HASTEN_LANE = `
insert into webhook_lane as lane (account_id, webhook_id, subject_id, due_at) values ($1, $2, $3, $4)
on conflict (account_id, webhook_id, subject_id) do update
set due_at = case when lane.lease_id is null then least(lane.due_at, excluded.due_at) else lane.due_at end`;

/** What was sent to webhooks, and is still to be sent. */
export const webhookDeliveries = {
  /** The delivery; it has no number to ask for it by. Throws NOT_FOUND. */
  async get(ctx: Context, id: RowRef): Promise<WebhookDelivery> {
    ctx.require('webhookDeliveries:read');
    return ctx.repo(WebhookDelivery).get(String(id));
  },

  /** One page by cursors. Throws INVALID. */
  async page(ctx: Context, request: PageRequest): Promise<Page<WebhookDelivery>> {
    ctx.require('webhookDeliveries:read');
    return ctx.repo(WebhookDelivery).page(request);
  },

  /**
   * Sends a delivery now, whatever became of it, and begins its schedule anew; it still waits for earlier events of
   * its record. Throws CONFLICT when the webhook is switched off or there is nothing to send.
   */
  async retry(ctx: Context, id: string): Promise<WebhookDelivery> {
    ctx.require('webhookDeliveries:write');
    return ctx.transaction(async (tx) => {
      const { webhookId, messageId, subjectId } = await tx.repo(WebhookDelivery).get(id);
      const webhook = await tx.repo(Webhook).lock(webhookId);
      if (!webhook.isActive)
        throw new DomainError('CONFLICT', 'The webhook is switched off: start it first.');
      const { error } = await tx.repo(WebhookMessage).get(messageId);
      if (error) throw new DomainError('CONFLICT', `There is nothing to send. ${error}`);
      const at = tx.instant();
      await tx.query(HASTEN_LANE, [tx.account.id, webhookId, subjectId, at]);
      const before = await tx.repo(WebhookDelivery).lock(id);
      await tx.query(REOPEN, [tx.account.id, id, at]);
      const after = await tx.repo(WebhookDelivery).get(id);
      const changes = { status: { old: before.status, new: after.status } };
      await tx.emit(rowEvent(WebhookDelivery, 'retried', after, changes));
      return after;
    });
  },
};
