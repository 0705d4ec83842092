import type { Context } from '../context';
import type { RowRef } from '../entity';
import { rowEvent } from '../event';
import { Webhook } from './webhook.entity';
import { WebhookDelivery } from './webhook-delivery.entity';
import { WHOLE } from './webhook-format';
import { queueDeliveries } from './webhook-queue';

/** Name of the event that tests send; no subscription names it. */
const TEST_EVENT = 'webhook.test';

/** Queues a test of a webhook and answers its delivery. Throws NOT_FOUND. */
export async function sendTest(ctx: Context, ref: RowRef): Promise<WebhookDelivery> {
  return ctx.transaction(async (tx) => {
    const webhook = await tx.repo(Webhook).lock(ref);
    const { id } = webhook;
    const at = tx.instant();
    const event = {
      accountId: tx.account.id,
      name: TEST_EVENT,
      subject: 'webhook',
      subjectId: id,
      position: null,
      previousPosition: null,
      changes: {},
      payload: { webhookId: id, name: webhook.name, message: 'This is a test.' },
      actor: tx.actor,
      createdAt: at,
    };
    const [deliveryId] = await queueDeliveries(
      tx,
      [{ webhookId: id, format: webhook.format, part: WHOLE, event }],
      {
        at,
        kind: 'test',
        contextOf: async () => tx.asSystem('webhooks'),
      },
    );
    await tx.emit(rowEvent(Webhook, 'tested', webhook));
    return tx.repo(WebhookDelivery).get(deliveryId as string);
  });
}
