import type { Context } from '../context';
import type { RowRef } from '../entity';
import { notFound } from '../error';
import { Webhook } from './webhook.entity';
import { webhooks } from './webhook.service';
import { numbersOf } from './webhook-filters';

/** A webhook with the whole-number identifiers of the rows that its filters name, by their ids. */
export type WebhookRecord = Webhook & { numberById: Record<string, number> };

async function recordsOf(ctx: Context, found: Webhook[]): Promise<WebhookRecord[]> {
  const filters = found.map((webhook) => webhook.filters);
  const numberById = await numbersOf(ctx, filters);
  return found.map((webhook) => ({ ...webhook, numberById }));
}

async function recordOf(ctx: Context, webhook: Webhook): Promise<WebhookRecord> {
  const [record] = await recordsOf(ctx, [webhook]);
  return record as WebhookRecord;
}

function requireFormat(webhook: Webhook, format: string): Webhook {
  if (webhook.format !== format) throw notFound('Webhook');
  return webhook;
}

/** The webhooks of one format, as a dialect shows them; those of other formats are missing. */
export const webhookRecords = {
  /** All of them, newest first. */
  async list(ctx: Context, format: string): Promise<WebhookRecord[]> {
    ctx.require('webhooks:read');
    return recordsOf(ctx, await ctx.repo(Webhook).slice({ filter: { format: { eq: format } } }));
  },

  /** Throws NOT_FOUND. */
  async get(ctx: Context, format: string, ref: RowRef): Promise<WebhookRecord> {
    return recordOf(ctx, requireFormat(await webhooks.get(ctx, ref), format));
  },

  /** Makes a webhook; its secret can be read after a rotation only. */
  async create(ctx: Context, format: string, input: object): Promise<WebhookRecord> {
    return ctx.transaction(async (tx) => {
      const { webhook } = await webhooks.create(tx, { ...input, format });
      return recordOf(tx, webhook);
    });
  },

  /** Changes a webhook by what its present state makes of the change. Throws NOT_FOUND. */
  async update(
    ctx: Context,
    format: string,
    ref: RowRef,
    inputOf: (current: WebhookRecord) => object,
  ): Promise<WebhookRecord> {
    ctx.require('webhooks:write');
    return ctx.transaction(async (tx) => {
      const current = await recordOf(tx, requireFormat(await tx.repo(Webhook).lock(ref), format));
      return recordOf(tx, await webhooks.update(tx, current.id, inputOf(current)));
    });
  },

  /** Throws NOT_FOUND. */
  async delete(ctx: Context, format: string, ref: RowRef): Promise<Webhook> {
    ctx.require('webhooks:write');
    return ctx.transaction(async (tx) => {
      const { id } = requireFormat(await tx.repo(Webhook).lock(ref), format);
      return webhooks.delete(tx, id);
    });
  },
};
