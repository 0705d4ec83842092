import { uuidv7 } from 'uuidv7';
import type { Context } from '../context';
import { saveChanges } from '../crud';
import { rowEvent } from '../event';
import { Webhook } from './webhook.entity';
import { requireReadable } from './webhook-access';
import { firstKey, resealed } from './webhook-keys';
import { cancelDeliveries } from './webhook-off';

/** The format in which teams are told of their calls at their callback addresses; a dialect registers it. */
export const TEAM_CALLBACK_FORMAT = 'team-callback';

const CALLBACK = { name: 'Team callback', events: ['call.completed'], format: TEAM_CALLBACK_FORMAT };

async function create(ctx: Context, teamId: string, url: string): Promise<void> {
  const id = uuidv7();
  const own = { id, teamId, url, filters: { teamId } };
  const webhook = await ctx.repo(Webhook).insert({ ...CALLBACK, ...own, ...firstKey(ctx, id).columns });
  await ctx.emit(rowEvent(Webhook, 'created', webhook));
}

async function remove(ctx: Context, webhook: Webhook): Promise<void> {
  await cancelDeliveries(ctx, webhook.id);
  await ctx.repo(Webhook).remove(webhook.id);
  await ctx.emit(rowEvent(Webhook, 'deleted', webhook));
}

/**
 * Makes the address that is told of the team's calls the given one, in the open transaction that holds the team's
 * lock: a webhook that belongs to the team, so that it is signed, retried and logged like any other. Null ends it;
 * giving an address starts one anew that was disabled. Throws FORBIDDEN for a key that may not read calls itself.
 */
export async function setTeamCallback(ctx: Context, teamId: string, url: string | null): Promise<void> {
  const current = await ctx.repo(Webhook).findBy({ teamId });
  if (url === null) return current && remove(ctx, await ctx.repo(Webhook).lock(current.id));
  requireReadable(ctx, CALLBACK);
  if (!current) return create(ctx, teamId, url);
  const before = await ctx.repo(Webhook).lock(current.id);
  const started = { isActive: true, disabledAt: null, disabledReason: null, failingSince: null };
  const isRestart = !before.isActive || before.url !== url;
  if (isRestart) await saveChanges(ctx, Webhook, before, { url, ...started, ...resealed(ctx, before) });
}
