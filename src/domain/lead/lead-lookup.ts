import type { Context } from '../context';
import { notFound } from '../error';
import type { Feed } from '../feed/feed.entity';
import type { Filter } from '../filter';
import { attach } from '../related';
import { Lead } from './lead.entity';
import { tagNamesByLeadId } from './lead-tags';

/** What finds a lead by its phone number (E.164): in one feed when it is given, and with more conditions. */
export interface LeadKey {
  phone: string;
  feedId?: string | undefined;
  filter?: Filter;
}

/** A lead with what flat records show of its feed and tags. */
export type LeadRecord = Lead & { feed: Feed; tagNames: string[] };

/** The newest live lead of the number. Throws NOT_FOUND. */
export async function findByPhone(ctx: Context, { phone, feedId, filter }: LeadKey): Promise<Lead> {
  const conditions = { ...filter, phone: { eq: phone }, ...(feedId && { feedId: { eq: feedId } }) };
  const [lead] = await ctx.repo(Lead).slice({ filter: conditions, limit: 1, offset: 0 });
  if (!lead) throw notFound('Lead');
  return lead;
}

/** The leads with their feeds and tags: two statements, however many leads. */
export async function recordsOf(ctx: Context, leads: Lead[]): Promise<LeadRecord[]> {
  if (leads.length === 0) return [];
  const tagNames = tagNamesByLeadId(
    ctx,
    leads.map(({ id }) => id),
  );
  const withFeed = await attach(ctx, Lead, leads, 'feed');
  const names = await tagNames;
  return withFeed.map((lead) => ({ ...lead, tagNames: names.get(lead.id) ?? [] })) as LeadRecord[];
}
