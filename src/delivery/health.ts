import type { Context } from '../domain/context';
import { toInstant } from '../domain/datetime';
import type { Store } from '../domain/store';
import { disableWebhook } from '../domain/webhook/webhook-off';
import type { HeadWebhook } from './lanes';
import { isGivenUp } from './retry';

/** What an attempt says of its endpoint; `nothing` when it was a test or never sent. */
export type Verdict = 'works' | 'fails' | 'gone' | 'nothing';

/** What an attempt has said of an endpoint. */
export interface HealthNote {
  webhook: HeadWebhook;
  verdict: Verdict;
}

/** What is needed to keep the health of endpoints. */
export interface HealthOptions {
  store: Store;
  now: () => Date;
  /** The program acting for an account. */
  contextOf: (accountId: string) => Promise<Context>;
}

const asked = `
with asked as (
  select webhook.account_id, webhook.id from webhook
  join unnest($1::uuid[], $2::uuid[]) as a(account_id, id) on a.account_id = webhook.account_id and a.id = webhook.id
  order by webhook.account_id, webhook.id for no key update of webhook
)`;

const FAILS = `${asked}
update webhook set failing_since = coalesce(webhook.failing_since, $3)
from asked where webhook.account_id = asked.account_id and webhook.id = asked.id
returning webhook.account_id as "accountId", webhook.id, webhook.failing_since as "failingSince"`;

const WORKS = `
update webhook set failing_since = null
from unnest($1::uuid[], $2::uuid[]) as a(account_id, id)
where webhook.account_id = a.account_id and webhook.id = a.id and webhook.failing_since is not null`;

function webhooksOf(notes: HealthNote[], verdict: Verdict): Pick<HeadWebhook, 'accountId' | 'id'>[] {
  const byId = new Map(
    notes.filter((note) => note.verdict === verdict).map(({ webhook }) => [webhook.id, webhook]),
  );
  return [...byId.values()];
}

const columns = (webhooks: Pick<HeadWebhook, 'accountId' | 'id'>[]) => [
  webhooks.map(({ accountId }) => accountId),
  webhooks.map(({ id }) => id),
];

/** Since when the endpoints that fail have done nothing else. */
async function noteFailures(
  notes: HealthNote[],
  { store, now }: HealthOptions,
): Promise<Map<string, string>> {
  const failing = webhooksOf(notes, 'fails');
  if (failing.length === 0) return new Map();
  const values = [...columns(failing), toInstant(now())];
  const rows = await store.acrossAccounts.query<{ id: string; failingSince: string }>(
    FAILS,
    values,
    'note failures',
  );
  return new Map(rows.map(({ id, failingSince }) => [id, failingSince]));
}

/** Keeps how endpoints do after a batch of attempts: disables those that are gone, or have failed for 5 days. */
export async function noteHealth(notes: HealthNote[], options: HealthOptions): Promise<void> {
  const { store, now, contextOf } = options;
  const failingSinceById = await noteFailures(notes, options);
  const working = webhooksOf(notes, 'works');
  if (working.length > 0) await store.acrossAccounts.query(WORKS, columns(working), 'note successes');
  const isWorking = new Set(working.map(({ id }) => id));
  const disable = async ({ accountId, id }: Pick<HeadWebhook, 'accountId' | 'id'>, reason: string) =>
    disableWebhook(await contextOf(accountId), id, reason);
  for (const webhook of webhooksOf(notes, 'gone')) await disable(webhook, 'The endpoint answered 410 Gone.');
  for (const webhook of webhooksOf(notes, 'fails')) {
    const since = failingSinceById.get(webhook.id);
    if (since === undefined || isWorking.has(webhook.id) || !isGivenUp(since, now())) continue;
    await disable(webhook, `Every attempt since ${since} has failed.`);
  }
}
