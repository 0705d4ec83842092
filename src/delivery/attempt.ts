import { toInstant } from '../domain/datetime';
import type { Vault } from '../domain/vault';
import type { WebhookFormat } from '../domain/webhook/webhook-format';
import { formatOf } from '../domain/webhook/webhook-formats';
import { openSigningKeys } from '../domain/webhook/webhook-keys';
import type { Verdict } from './health';
import type { LaneHead } from './lanes';
import type { AttemptRecord, LaneOutcome } from './outcomes';
import { GONE, nextAttemptAt, retryAfterMs } from './retry';
import type { SafeAnswer, SafeFetch, SafeRequest } from './safe-fetch';

/** What an attempt needs from outside. */
export interface AttemptTools {
  vault: Vault;
  http: SafeFetch;
  now: () => Date;
  /** From 0 up to 1. */
  random: () => number;
  /** Headers that go along beside those of the format. */
  headers?: Record<string, string>;
}

/** The outcome of a lane's first delivery, and what it says of the endpoint. */
export interface Attempted {
  outcome: LaneOutcome;
  verdict: Verdict;
}

const USER_AGENT = 'Switchboard-Webhooks/1';

/** The webhook-id: the cursor of the event, as in the change log, and the message; a test is of no event. */
function idOf({ position, messageId }: LaneHead): string {
  return position === null ? `msg_${messageId}` : `evt_${position}_${messageId}`;
}

async function requestOf(
  head: LaneHead,
  format: WebhookFormat,
  body: string,
  { vault, headers: more }: AttemptTools,
  at: Date,
): Promise<SafeRequest> {
  const keys = openSigningKeys(vault, head.webhook, at);
  const own = await format.headers({ id: idOf(head), event: head.event, body, keys, at });
  const headers = { 'content-type': format.contentType, 'user-agent': USER_AGENT, ...more, ...own };
  return { url: head.webhook.url, headers, body, timeoutMs: format.timeoutMs };
}

function cancelled(head: LaneHead): Attempted {
  const delivery = { id: head.deliveryId, retryStep: head.retryStep, nextAttemptAt: null, deliveredAt: null };
  return { outcome: { lane: head.lane, delivery: { ...delivery, status: 'cancelled' } }, verdict: 'nothing' };
}

function recordOf(head: LaneHead, sentAt: Date, endedAt: Date, answer: SafeAnswer | Error): AttemptRecord {
  const isAnswer = !(answer instanceof Error);
  return {
    attempt: head.attemptCount + 1,
    at: toInstant(sentAt),
    durationMs: endedAt.getTime() - sentAt.getTime(),
    statusCode: isAnswer ? answer.statusCode : null,
    responseHeaders: isAnswer ? answer.headers : null,
    responseBody: isAnswer ? answer.body : null,
    error: isAnswer ? null : answer.message,
  };
}

function judge(head: LaneHead, format: WebhookFormat, answer: SafeAnswer | Error, tools: AttemptTools) {
  const now = tools.now();
  const retryStep = head.retryStep + 1;
  const base = { id: head.deliveryId, retryStep, nextAttemptAt: null, deliveredAt: null };
  if (!(answer instanceof Error)) {
    if (format.isSuccess(answer.statusCode)) {
      return {
        verdict: 'works',
        delivery: { ...base, status: 'delivered', deliveredAt: toInstant(now) },
      } as const;
    }
    if (answer.statusCode === GONE && format.heedsGone !== false) {
      return { verdict: 'gone', delivery: { ...base, status: 'failed' } } as const;
    }
  }
  const next = nextAttemptAt({
    delaysMs: head.isTest ? [] : format.retryDelaysMs,
    jitter: format.jitter,
    attempts: retryStep,
    now,
    retryAfterMs: answer instanceof Error ? 0 : retryAfterMs(answer.headers['retry-after'], now),
    random: tools.random,
  });
  const delivery = {
    ...base,
    status: next ? 'pending' : 'failed',
    nextAttemptAt: next && toInstant(next),
  } as const;
  return { verdict: 'fails', delivery } as const;
}

/**
 * Sends the first delivery of a lane once and says what became of it. Throws when it is this side that fails: the
 * format is not known, or the secret cannot be read.
 */
export async function attempt(head: LaneHead, tools: AttemptTools): Promise<Attempted> {
  const { lane, webhook, isTest } = head;
  const at = tools.now();
  if (!webhook.isActive && !isTest) return cancelled(head);
  // Its time has not come: an earlier delivery was begun anew, or the lane was asked to look.
  if (new Date(head.nextAttemptAt) > at) return { outcome: { lane }, verdict: 'nothing' };
  const format = formatOf(head.format);
  const { body } = head;
  if (!format || body === null) throw new Error(`Delivery ${head.deliveryId} has no format or no body.`);
  const request = await requestOf(head, format, body, tools, at);
  const sentAt = tools.now();
  const answer = await tools.http.post(request).catch((error: Error) => error);
  const { verdict, delivery } = judge(head, format, answer, tools);
  const record = recordOf(head, sentAt, tools.now(), answer);
  // A test says nothing of how the endpoint does in earnest.
  return { outcome: { lane, delivery, attempt: record }, verdict: isTest ? 'nothing' : verdict };
}
