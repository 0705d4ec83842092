import { cursorOf } from '../change-log';
import { standardSignature } from './standard-signature';
import type { OutboundEvent, WebhookFormat } from './webhook-format';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

function standardBody(event: OutboundEvent): string {
  const { name, createdAt, payload, accountId, position, previousPosition } = event;
  return JSON.stringify({
    type: name,
    timestamp: createdAt,
    data: payload,
    accountId,
    cursor: position === null ? null : cursorOf(position),
    position,
    previousPosition,
    subject: event.subject,
    subjectId: event.subjectId,
    changes: event.changes,
    actor: event.actor,
  });
}

/** The native format: Standard Webhooks, with the place of the event in the change log. */
export const standardFormat: WebhookFormat = {
  name: 'standard',
  contentType: 'application/json',
  timeoutMs: 20 * SECOND_MS,
  retryDelaysMs: [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
  ],
  isSuccess: (statusCode) => statusCode >= 200 && statusCode < 300,
  body: standardBody,
  headers: async ({ id, body, keys, at }) => {
    const timestampSeconds = Math.floor(at.getTime() / SECOND_MS);
    return {
      'webhook-id': id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': await standardSignature({ id, timestampSeconds, body }, keys),
    };
  },
};
