import { z } from 'zod';
import type { Context } from '../../../domain/context';
import type { RowRef } from '../../../domain/entity';
import { type WebhookRecord, webhookRecords } from '../../../domain/webhook/webhook-record';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { errors as dialectErrors } from './errors';
import { NO_OBJECT, ok } from './replies';
import { checkConditions, givenIn, namedWebhook, webhook } from './webhook.fields';
import {
  type GivenWebhook,
  inConditionWords,
  WEBHOOK_WIRE_NAMES,
  webhookInput,
  webhookRow,
} from './webhook.mapping';
import { CALLINGLY_FORMAT } from './webhook-format';

const PATH = '/v1/webhooks';

const params = z.object({ id: pathNumber.describe('The webhook.') });
const answer = webhook.output();
const wireNames = WEBHOOK_WIRE_NAMES;
const errors: Route['errors'] = { INVALID: (error) => dialectErrors.INVALID(inConditionWords(error)) };

function create(ctx: Context, given: GivenWebhook): Promise<WebhookRecord> {
  checkConditions(given);
  return webhookRecords.create(ctx, CALLINGLY_FORMAT, webhookInput(given));
}

function update(ctx: Context, ref: RowRef, given: GivenWebhook): Promise<WebhookRecord> {
  return webhookRecords.update(ctx, CALLINGLY_FORMAT, ref, (current) => {
    checkConditions(given, webhookRow(current, ctx.account));
    return webhookInput(given, current);
  });
}

const inWords = (record: WebhookRecord, { account }: Context) => webhook.format(webhookRow(record, account));

/** Webhooks that are told in the vendor's format; those of other formats, made at other doors, are missing. */
export const webhookRoutes: Route[] = [
  route({
    operation: 'webhooks-list',
    method: 'GET',
    path: PATH,
    summary: 'List All Webhooks',
    answer: z.array(answer),
    run: (ctx) => webhookRecords.list(ctx, CALLINGLY_FORMAT),
    reply: (records, _, ctx) => ok(records.map((record) => inWords(record, ctx))),
  }),
  route({
    operation: 'webhooks-get',
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Get a Webhook',
    params,
    answer,
    run: (ctx, { params: { id } }) => webhookRecords.get(ctx, CALLINGLY_FORMAT, id),
    reply: (record, _, ctx) => ok(inWords(record, ctx)),
  }),
  route({
    operation: 'webhooks-create',
    method: 'POST',
    path: PATH,
    summary: 'Create a Webhook',
    body: webhook.creation(NO_OBJECT),
    ...{ answer, wireNames, errors },
    run: (ctx, { body }) => create(ctx, givenIn(body)),
    reply: (record, _, ctx) => ok(inWords(record, ctx)),
  }),
  route({
    operation: 'webhooks-update-named',
    method: 'PUT',
    path: PATH,
    summary: 'Update the webhook whose id the body has; what is not given stays',
    body: namedWebhook.change(NO_OBJECT, ['id']),
    ...{ answer, wireNames, errors },
    run: (ctx, { body }) => update(ctx, body.id as number, givenIn(body)),
    reply: (record, _, ctx) => ok(inWords(record, ctx)),
  }),
  route({
    operation: 'webhooks-update',
    method: 'PUT',
    path: `${PATH}/{id}`,
    summary: 'Update a Webhook; what is not given stays',
    params,
    body: webhook.change(NO_OBJECT),
    ...{ answer, wireNames, errors },
    run: (ctx, { params: { id }, body }) => update(ctx, id, givenIn(body)),
    reply: (record, _, ctx) => ok(inWords(record, ctx)),
  }),
  route({
    operation: 'webhooks-delete',
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Delete a Webhook',
    params,
    answer: z.object({ message: z.literal('Webhook deleted.') }),
    run: (ctx, { params: { id } }) => webhookRecords.delete(ctx, CALLINGLY_FORMAT, id),
    reply: () => ok({ message: 'Webhook deleted.' }),
  }),
];
