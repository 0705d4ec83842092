import { uuidv7 } from 'uuidv7';
import type { Context } from '../context';
import { crud } from '../crud';
import type { RowRef } from '../entity';
import { DomainError, invalid } from '../error';
import { rowEvent } from '../event';
import { parseInput } from '../input';
import { isStandardSecret, secretProblem } from './signing-key.rules';
import { Webhook } from './webhook.entity';
import { addressProblem, patternsProblem } from './webhook.rules';
import { requireReadable } from './webhook-access';
import type { WebhookDelivery } from './webhook-delivery.entity';
import { checkFilters } from './webhook-filters';
import { formatNames, formatOf } from './webhook-formats';
import { firstKey, nextKey, openSigningKeys, resealed } from './webhook-keys';
import { cancelDeliveries } from './webhook-off';
import { type Replay, type ReplayRange, replayTo } from './webhook-replay';
import { sendTest } from './webhook-test';

/** A webhook with its secret, at the one moment that can be read. */
export interface IssuedWebhook {
  webhook: Webhook;
  /** `whsec_<base64>`, or the text that was chosen. */
  secret: string;
}

type Draft = Record<string, unknown>;

const OVERLAP_HOURS_DEFAULT = 24;
const OVERLAP_HOURS_MAX = 24 * 30;

function checkUrl(url: string): void {
  const problem = addressProblem(url);
  if (problem) throw invalid({ url: [`Url ${problem}.`] });
}

const isSignedWithText = (format?: string) => formatOf(format ?? '')?.isSignedWithText ?? false;

/** Refuses a secret that the format cannot sign with. */
function checkSecret({ secret, format }: Draft): void {
  if (secret === undefined) return;
  const problem = secretProblem(String(secret), isSignedWithText(format as string | undefined));
  if (problem) throw invalid({ secret: [`Secret ${problem}.`] });
}

/** Refuses a format that cannot sign with a secret that was chosen for another. */
function checkFormatChange(ctx: Context, { format }: Draft, current: Webhook): void {
  if (format === undefined || isSignedWithText(String(format))) return;
  const keys = openSigningKeys(ctx.vault, current, ctx.now());
  if (keys.every(({ secret }) => isStandardSecret(secret))) return;
  throw invalid({
    format: [
      `Format ${format} cannot sign with the secret that was chosen: rotate it with overlapHours 0 first.`,
    ],
  });
}

/** What a team has set up is changed where the team is; only switching it on and off is not. */
function checkOwner({ teamId }: Webhook, draft: Draft = {}): void {
  const names = Object.keys(draft);
  if (teamId && (names.length === 0 || names.some((name) => name !== 'isActive')))
    throw new DomainError('CONFLICT', 'This webhook belongs to a team: change the callbackUrl of the team.');
}

async function check(ctx: Context, draft: Draft, current?: Webhook): Promise<void> {
  const { url, events, format } = { ...current, ...draft } as Webhook;
  const problem = patternsProblem(events, current?.events);
  if (problem) throw invalid({ events: [problem] });
  requireReadable(ctx, { events, format });
  checkUrl(url);
  if (draft.filters) draft.filters = await checkFilters(ctx, draft.filters, current?.filters);
  if (draft.format !== undefined && !formatNames().includes(format)) {
    throw invalid({ format: [`Format ${format} is not known. Formats are: ${formatNames().join(', ')}.`] });
  }
}

/** Starting one anew that was disabled forgets why; every write encrypts the keys under the current secret. */
function followingFrom(ctx: Context, draft: Draft, current: Webhook): Draft {
  const isStarted = draft.isActive === true && !current.isActive;
  return {
    ...resealed(ctx, current),
    ...(isStarted && { disabledAt: null, disabledReason: null, failingSince: null }),
  };
}

const base = crud(Webhook, {
  async prepare(ctx, draft, current) {
    if (current && Object.keys(draft).length > 0) checkOwner(current, draft);
    await check(ctx, draft, current);
    if (current) checkFormatChange(ctx, draft, current);
    if (current) Object.assign(draft, followingFrom(ctx, draft, current));
  },
  async beforeDelete(ctx, webhook) {
    checkOwner(webhook);
    await cancelDeliveries(ctx, webhook.id);
  },
});

/** Webhooks: addresses that events are sent to. */
export const webhooks = {
  get: base.get,
  page: base.page,

  /** Makes a webhook, with the secret of the input or a generated one, and answers it in the clear, this once. */
  async create(ctx: Context, input: object): Promise<IssuedWebhook> {
    ctx.require('webhooks:write');
    const { secret: chosen, ...draft } = parseInput(ctx, Webhook, 'create', input);
    return ctx.transaction(async (tx) => {
      await check(tx, draft);
      checkSecret({ ...draft, secret: chosen });
      const id = uuidv7();
      const { secret, columns } = firstKey(tx, id, chosen as string | undefined);
      const webhook = await tx.repo(Webhook).insert({ ...draft, ...columns, id });
      await tx.emit(rowEvent(Webhook, 'created', webhook));
      return { webhook, secret };
    });
  },

  /** Changes a webhook; switched off, what is on its way to it is cancelled. Throws NOT_FOUND. */
  async update(ctx: Context, id: RowRef, input: object): Promise<Webhook> {
    ctx.require('webhooks:write');
    return ctx.transaction(async (tx) => {
      const before = await tx.repo(Webhook).lock(id);
      const after = await base.update(tx, before.id, input);
      if (before.isActive && !after.isActive) await cancelDeliveries(tx, before.id);
      return after;
    });
  },

  /** Deletes a webhook; what is on its way to it is cancelled, and its log is kept. */
  delete: base.delete,

  /** Gives a webhook a new secret and answers it, this once; the old one signs beside it for `overlapHours`. */
  async rotateSecret(
    ctx: Context,
    id: RowRef,
    { overlapHours = OVERLAP_HOURS_DEFAULT }: { overlapHours?: number } = {},
  ): Promise<IssuedWebhook> {
    ctx.require('webhooks:write');
    if (!Number.isInteger(overlapHours) || overlapHours < 0 || overlapHours > OVERLAP_HOURS_MAX) {
      throw invalid({
        overlapHours: [`Overlap hours must be a whole number from 0 to ${OVERLAP_HOURS_MAX}.`],
      });
    }
    return ctx.transaction(async (tx) => {
      const before = await tx.repo(Webhook).lock(id);
      const { secret, columns } = nextKey(tx, before, overlapHours);
      const webhook = await tx.repo(Webhook).update(before.id, columns);
      await tx.emit(rowEvent(Webhook, 'secret_rotated', webhook));
      return { webhook, secret };
    });
  },

  /** Sends again what the webhook would have got in a stretch of the log. Throws CONFLICT when it is switched off. */
  replay(ctx: Context, id: RowRef, range: ReplayRange): Promise<Replay> {
    ctx.require('webhooks:write');
    return replayTo(ctx, id, range);
  },

  /** Queues a delivery of the event `webhook.test`, tried once and at once, also while it is switched off. */
  test(ctx: Context, id: RowRef): Promise<WebhookDelivery> {
    ctx.require('webhooks:write');
    return sendTest(ctx, id);
  },
};
