import { AudienceGroup } from '../audience/audience-group.entity';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import type { Changes } from '../event';

const READ = `
select group_id as id from campaign_group where account_id = $1 and campaign_id = $2 order by position`;
const CLEAR = 'delete from campaign_group where account_id = $1 and campaign_id = $2';
const LINK = `
insert into campaign_group (account_id, campaign_id, group_id, position)
select $1, $2, id, position from unnest($3::uuid[]) with ordinality as link(id, position)`;

/** The ids of groups of the audience. Throws INVALID when one is none. */
export async function groupIdsOf(ctx: Context, audienceId: string, refs: RowRef[]): Promise<string[]> {
  const idsByRef = await ctx.repo(AudienceGroup).idsByRef(refs);
  const groups = await ctx.repo(AudienceGroup).findMany([...idsByRef.values()]);
  const own = new Set(groups.filter((group) => group.audienceId === audienceId).map(({ id }) => id));
  const ids = refs.map((ref) => idsByRef.get(ref) ?? '');
  if (!ids.every((id) => own.has(id)))
    throw invalid({ groupIds: ['Group ids must be groups of the audience.'] });
  return [...new Set(ids)];
}

/** Narrows the campaign to the groups and answers what changed; nothing when none are given. */
export async function setCampaignGroups(
  ctx: Context,
  campaignId: string,
  groupIds: string[] | undefined,
): Promise<Changes> {
  if (groupIds === undefined) return {};
  const key = [ctx.account.id, campaignId];
  const before = (await ctx.query<{ id: string }>(READ, key)).map(({ id }) => id);
  if (before.join() === groupIds.join()) return {};
  await ctx.query(CLEAR, key);
  await ctx.query(LINK, [...key, groupIds]);
  return { groupIds: { old: before, new: groupIds } };
}
