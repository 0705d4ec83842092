import type { Context } from '../context';
import type { RowRef } from '../entity';
import { notFound } from '../error';
import type { Slice } from '../repository';
import { Audience } from './audience.entity';
import { AudienceGroup } from './audience-group.entity';
import { type AudienceStats, readStats } from './audience-stats';

/** An audience with the number of its groups, as flat records show it. */
export type AudienceRecord = Audience & { groupCount: number };

/** The same with how it stands now and its first groups. */
export type AudienceDetail = AudienceRecord & { groups: AudienceGroup[]; stats: AudienceStats };

/** Part of a list, counted from its start. */
type ListSlice = Pick<Slice, 'sort' | 'limit' | 'offset'>;

const GROUPS_SHOWN = 100;

const GROUP_COUNTS = `
select audience_id as "audienceId", count(*)::int as count from audience_group
where account_id = $1 and audience_id = any($2) group by 1`;

/** The audiences with the numbers of their groups: one statement, however many. */
export async function audienceRecordsOf(ctx: Context, audiences: Audience[]): Promise<AudienceRecord[]> {
  const rows = await ctx.query<{ audienceId: string; count: number }>(
    GROUP_COUNTS,
    [ctx.account.id, audiences.map(({ id }) => id)],
    'groups of audiences',
  );
  const countById = new Map(rows.map(({ audienceId, count }) => [audienceId, count]));
  return audiences.map((audience) => ({ ...audience, groupCount: countById.get(audience.id) ?? 0 }));
}

/** Lists of audiences and of their groups for systems with page numbers. */
export const audienceLookup = {
  /** Audiences, and how many there are in all. */
  async records(ctx: Context, slice: ListSlice): Promise<{ records: AudienceRecord[]; total: number }> {
    ctx.require('audiences:read');
    const rows = await ctx.repo(Audience).slice(slice);
    return { records: await audienceRecordsOf(ctx, rows), total: await ctx.repo(Audience).count() };
  },

  /** An audience with its first hundred groups and how it stands. Throws NOT_FOUND. */
  async detail(ctx: Context, ref: RowRef): Promise<AudienceDetail> {
    ctx.require('audiences:read');
    const audience = await ctx.repo(Audience).get(ref);
    const stats = await readStats(ctx, audience.id);
    if (!stats) throw notFound('Audience');
    const filter = { audienceId: { eq: audience.id } };
    const sort = { field: 'id', direction: 'asc' } as const;
    const groups = await ctx.repo(AudienceGroup).slice({ filter, sort, limit: GROUPS_SHOWN, offset: 0 });
    return { ...audience, groupCount: stats.groupCount, groups, stats };
  },

  /** Groups of an audience, and how many it has. Throws NOT_FOUND. */
  async groups(
    ctx: Context,
    ref: RowRef,
    slice: ListSlice,
  ): Promise<{ audience: Audience; groups: AudienceGroup[]; total: number }> {
    ctx.require('audienceGroups:read');
    const audience = await ctx.repo(Audience).get(ref);
    const filter = { audienceId: { eq: audience.id } };
    const groups = await ctx.repo(AudienceGroup).slice({ ...slice, filter });
    return { audience, groups, total: await ctx.repo(AudienceGroup).count(filter) };
  },

  /** What the work does to a group, or nothing when that is no group of this audience. Throws NOT_FOUND. */
  async groupIn(
    ctx: Context,
    ref: RowRef,
    work: (ctx: Context) => Promise<AudienceGroup>,
  ): Promise<{ audience: Audience; group: AudienceGroup }> {
    return ctx.transaction(async (tx) => {
      const group = await work(tx);
      const audience = await tx.repo(Audience).find(ref);
      if (audience?.id !== group.audienceId) throw notFound('Audience group');
      return { audience, group };
    });
  },
};
