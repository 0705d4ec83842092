import type { Agent } from '../agent/agent.entity';
import { agentByUsername } from '../agent/agent-session.service';
import type { Appointment } from '../appointment/appointment.entity';
import type { Context } from '../context';
import { Feed } from '../feed/feed.entity';
import type { Filter } from '../filter';
import { Note } from '../note/note.entity';
import type { NoteRecord } from '../note/note-lookup';
import { attach, attachMany } from '../related';
import { Lead } from './lead.entity';

/** A lead with its feed and the agents it belongs to; agents who were deleted are null. */
export type ListedLead = Lead & { feed: Feed; owner: Agent | null; assignee: Agent | null };

/** A lead with everything that is shown beside it. */
export type FullLead = ListedLead & {
  notes: NoteRecord[];
  appointments: Appointment[];
};

/** Which leads are listed: by offset, newest first. */
export interface Listing {
  filter?: Filter;
  /** Username of the agent who owns them; nobody of that name owns none. */
  ownerUsername?: string | undefined;
  /** Slug of their feed. */
  feedSlug?: string | undefined;
  limit: number;
  offset: number;
}

/** Part of a list, and how long all of it is. */
export interface Listed<Row> {
  rows: Row[];
  total: number;
}

/** The leads with their feeds, owners and assignees: three statements, however many leads. */
export async function listedOf(ctx: Context, leads: Lead[]): Promise<ListedLead[]> {
  let rows = leads;
  for (const name of ['feed', 'owner', 'assignee'] as const) rows = await attach(ctx, Lead, rows, name);
  return rows as ListedLead[];
}

/** The lead with its newest 100 notes and appointments. */
export async function fullOf(ctx: Context, lead: Lead): Promise<FullLead> {
  let rows: Lead[] = await listedOf(ctx, [lead]);
  for (const name of ['notes', 'appointments'] as const) rows = await attachMany(ctx, Lead, rows, name);
  const [full] = rows as FullLead[];
  const notes = await attach(ctx, Note, (full as FullLead).notes, 'author');
  return { ...(full as FullLead), notes: notes as FullLead['notes'] };
}

async function conditionsOf(ctx: Context, { filter, ownerUsername, feedSlug }: Listing): Promise<Filter[]> {
  const conditions: Filter[] = filter ? [filter] : [];
  if (ownerUsername !== undefined) {
    const owner = await agentByUsername(ctx, ownerUsername);
    conditions.push(owner ? { ownerId: { eq: owner.id } } : { or: [] });
  }
  if (feedSlug !== undefined) {
    const feed = await ctx.repo(Feed).findBy({ slug: feedSlug });
    conditions.push(feed ? { feedId: { eq: feed.id } } : { or: [] });
  }
  return conditions;
}

/** See {@link Listing}. */
export async function listLeads(ctx: Context, listing: Listing): Promise<Listed<ListedLead>> {
  const filter = { and: await conditionsOf(ctx, listing) };
  const { limit, offset } = listing;
  const rows = await ctx.repo(Lead).slice({ filter, limit, offset });
  return { rows: await listedOf(ctx, rows), total: await ctx.repo(Lead).count(filter) };
}
