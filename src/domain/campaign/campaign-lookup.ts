import { Audience } from '../audience/audience.entity';
import type { AudienceGroup } from '../audience/audience-group.entity';
import { linkedGroupsById } from '../audience/linked-groups';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import type { Filter } from '../filter';
import { attach } from '../related';
import type { Slice } from '../repository';
import { Campaign, type CampaignChannel, type CampaignStatus } from './campaign.entity';
import type { CampaignMetrics } from './campaign-metrics.entity';

/** A campaign with its audience, its groups and its numbers, as flat records show it. */
export type CampaignRecord = Campaign & {
  audience: Audience | null;
  groups: AudienceGroup[];
  metrics: CampaignMetrics;
};

/** Which campaigns a list is to have; all that is given must hold. */
export interface CampaignQuery {
  audienceId?: RowRef | undefined;
  status?: CampaignStatus | undefined;
  channel?: CampaignChannel | undefined;
}

async function filterOf(ctx: Context, { audienceId: ref, status, channel }: CampaignQuery): Promise<Filter> {
  const audience = ref === undefined ? undefined : await ctx.repo(Audience).find(ref);
  return {
    ...(ref !== undefined && { audienceId: { in: audience ? [audience.id] : [] } }),
    ...(status && { status: { eq: status } }),
    ...(channel && { channel: { eq: channel } }),
  };
}

/** The campaigns with what their flat records show besides: four statements, however many. */
export async function campaignRecordsOf(ctx: Context, campaigns: Campaign[]): Promise<CampaignRecord[]> {
  const ids = campaigns.map(({ id }) => id);
  const groupsById = await linkedGroupsById(ctx, Campaign, ids);
  const withAudience = await attach(ctx, Campaign, campaigns, 'audience');
  const complete = await attach(ctx, Campaign, withAudience, 'metrics');
  return complete.map((one) => ({ ...one, groups: groupsById.get(one.id) ?? [] })) as CampaignRecord[];
}

/** Campaigns for systems with page numbers. */
export const campaignLookup = {
  /** The campaign. Throws NOT_FOUND. */
  async record(ctx: Context, ref: RowRef): Promise<CampaignRecord> {
    ctx.require('campaigns:read');
    const [record] = await campaignRecordsOf(ctx, [await ctx.repo(Campaign).get(ref)]);
    return record as CampaignRecord;
  },

  /** Campaigns by offset, and how many there are in all. */
  async records(
    ctx: Context,
    query: CampaignQuery,
    slice: Pick<Slice, 'sort' | 'limit' | 'offset'>,
  ): Promise<{ records: CampaignRecord[]; total: number }> {
    ctx.require('campaigns:read');
    const filter = await filterOf(ctx, query);
    const rows = await ctx.repo(Campaign).slice({ ...slice, filter });
    return { records: await campaignRecordsOf(ctx, rows), total: await ctx.repo(Campaign).count(filter) };
  },
};
