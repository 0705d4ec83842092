import type { Context } from '../../../src/domain/context';
import { webhooks } from '../../../src/domain/webhook/webhook.service';
import type { CallinglyClient } from './callingly-client';

/** The documented request for a webhook. */
export const MINE = { name: 'My Webhook', event: 'call_completed', target_url: 'http://example.com/' };

/** Creates one, with more or with other values, and answers it as it was answered. */
export async function createWebhook(client: CallinglyClient, input: object = {}) {
  return (await client.post('/webhooks', { ...MINE, ...input })).body;
}

/** What is kept of one. */
export async function storedWebhook(ctx: Context, id: number) {
  const { name, url, events, filters, format } = await webhooks.get(ctx, id);
  return { name, url, events, filters, format };
}
