import { z } from 'zod';
import { type WebhookRecord, webhookRecords } from '../../../domain/webhook/webhook-record';
import { type Route, route } from '../../dialect';
import { fieldMap } from '../../field-map';
import { missing, NO_OBJECT, pathRef, text, timeOutput, wireTime } from './codecs';
import { permitting } from './permissions';
import { ok } from './replies';
import { ACTIONS, type Action, eventsOf, OBJECT_TYPES, type ObjectType, wordsOf } from './webhook.mapping';
import { FUSEDESK_FORMAT } from './webhook-format';

const PATH = '/api/v2/webhooks';

function word<Words extends object>(name: string, words: Words) {
  const known = Object.keys(words) as [string, ...string[]];
  return z.enum(known, {
    error: ({ input }) =>
      input === undefined ? missing(name) : `${name} must be one of ${known.join(', ')}.`,
  });
}

const wordsOfRow = ({ events: [event = ''] }: WebhookRecord) => wordsOf(event);

const webhook = fieldMap<WebhookRecord>()({
  id: { about: 'Identifier.', format: ({ id }) => id, output: z.string() },
  objectType: {
    about: `What is told of: ${Object.keys(OBJECT_TYPES).join(', ')}.`,
    parse: word('objectType', OBJECT_TYPES),
    isRequired: true,
    format: (row) => wordsOfRow(row)?.objectType,
    output: z.string().nullable(),
  },
  action: {
    about: `What has to happen: ${Object.keys(ACTIONS).join(', ')}.`,
    parse: word('action', ACTIONS),
    isRequired: true,
    format: (row) => wordsOfRow(row)?.action,
    output: z.string().nullable(),
  },
  url: {
    about: 'Address that is told.',
    key: 'url',
    parse: text('url'),
    isRequired: true,
    output: z.string(),
  },
  dateCreated: {
    about: 'When it was made.',
    format: ({ createdAt }) => wireTime(createdAt),
    output: timeOutput,
  },
});

const answer = webhook.output();

function inputOf({ objectType, action, url }: Record<string, unknown>): object {
  const events = eventsOf(objectType as ObjectType, action as Action);
  return { name: `${objectType} ${action}`, url, events };
}

/** Webhooks that are told in the vendor's format; those of other formats are missing. */
export const webhookRoutes: Route[] = [
  route({
    operation: 'v2-webhooks-list',
    method: 'GET',
    path: PATH,
    summary: 'List webhooks',
    answer: z.array(answer),
    run: (ctx) => webhookRecords.list(ctx, FUSEDESK_FORMAT),
    reply: (records) => ok(records.map((record) => webhook.format(record))),
  }),
  route({
    operation: 'v2-webhooks-create',
    method: 'POST',
    path: PATH,
    summary: 'Create a webhook',
    body: webhook.creation(NO_OBJECT),
    ...{ answer, wireNames: webhook.wireNames },
    run: (ctx, { body }) => webhookRecords.create(ctx, FUSEDESK_FORMAT, inputOf(body)),
    reply: (record) => ok(webhook.format(record)),
  }),
  route({
    operation: 'v2-webhooks-delete',
    method: 'DELETE',
    path: `${PATH}/{webhookId}`,
    summary: 'Delete a webhook',
    params: z.object({ webhookId: pathRef.describe('The webhook.') }),
    answer,
    run: async (ctx, { params: { webhookId } }) => ({
      ...(await webhookRecords.delete(ctx, FUSEDESK_FORMAT, webhookId)),
      numberById: {},
    }),
    reply: (record) => ok(webhook.format(record)),
  }),
].map((one) => permitting('webhooks', one));
