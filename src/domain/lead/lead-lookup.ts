import type { Agent } from '../agent/agent.entity';
import type { Call } from '../call/call.entity';
import type { Context } from '../context';
import { notFound } from '../error';
import type { Filter } from '../filter';
import type { Note } from '../note/note.entity';
import type { Sort } from '../page';
import type { Projection } from '../projection';
import { attach, attachMany } from '../related';
import type { Slice } from '../repository';
import type { Tag } from '../tag/tag.entity';
import type { Team } from '../team/team.entity';
import { Lead } from './lead.entity';

/** What finds a lead by its phone number (E.164): in one feed when it is given, and with more conditions. */
export interface LeadKey {
  phone: string;
  feedId?: string | undefined;
  filter?: Filter;
}

/** What flat records show of a lead's feed and tags. */
interface Belongings {
  feedName: string;
  /** In order. */
  tagNames: string[];
}

const RECORD_FIELDS = [
  ...(['id', 'firstName', 'lastName', 'phone', 'email', 'company', 'feedId', 'dialStatus'] as const),
  ...(['customFields', 'callAttempts', 'lastCalledAt', 'createdAt', 'updatedAt'] as const),
];

/** A lead as flat records show it, with what they show of its feed and tags. */
export type LeadRecord = Pick<Lead, (typeof RECORD_FIELDS)[number]> & Belongings;

/** What has to be read of a lead for its record. */
export const RECORD: Projection = new Set(RECORD_FIELDS);
const ID: Projection = new Set(['id']);

/** {@link Belongings} as columns beside those of a lead. */
const BELONGINGS = `
(select "name" from feed where feed."account_id" = lead."account_id" and feed."id" = lead."feed_id") as "feedName",
array(
  select tag."name" from lead_tag link join tag on tag."account_id" = link."account_id" and tag."id" = link."tag_id"
  where link."account_id" = lead."account_id" and link."lead_id" = lead."id" order by link."position") as "tagNames"`;

/** A lead with its team, owner, tags and newest calls; what was deleted is null. */
export type LeadDetail = Lead & { team: Team | null; owner: Agent | null; tags: Tag[]; calls: Call[] };

/** A lead with its team, owner, tags and newest notes; what was deleted is null. */
export type LeadProfile = Lead & { team: Team | null; owner: Agent | null; tags: Tag[]; notes: Note[] };

const HOLDERS_FIRST: Sort[] = [
  { field: 'isDuplicate', direction: 'asc' },
  { field: 'id', direction: 'desc' },
];

/** The live lead that holds the number, of several feeds the newest. Throws NOT_FOUND. */
export async function findByPhone(ctx: Context, { phone, feedId, filter }: LeadKey): Promise<LeadRecord> {
  const conditions: Filter = {
    phone: { eq: phone },
    feedId: feedId === undefined ? undefined : { eq: feedId },
    and: filter && [filter],
  };
  const [lead] = await sliceOfRecords(ctx, {
    filter: conditions,
    sort: HOLDERS_FIRST,
    limit: 1,
    isLookup: true,
  });
  if (!lead) throw notFound('Lead');
  return lead;
}

/** Leads by offset with their feeds and tags, in one statement. */
export function sliceOfRecords(ctx: Context, slice: Slice): Promise<LeadRecord[]> {
  return ctx.repo(Lead).slice<Belongings>({ ...slice, projection: RECORD, more: BELONGINGS });
}

/** The leads with their feeds and tags as they are by now: one statement, however many leads. */
export async function recordsOf(ctx: Context, leads: Lead[]): Promise<LeadRecord[]> {
  if (leads.length === 0) return [];
  // Whoever may see them: those that the caller hands over are told too.
  const filter = { id: { in: leads.map(({ id }) => id) } };
  const belongings = await ctx
    .forAccount()
    .repo(Lead)
    .slice<Belongings>({ filter, projection: ID, more: BELONGINGS });
  const belongingsById = new Map(belongings.map((one) => [one.id, one]));
  return leads.map((lead) => ({ ...lead, ...(belongingsById.get(lead.id) as Lead & Belongings) }));
}

/** The leads with their teams, owners, tags and newest 100 calls: four statements, however many leads. */
export async function detailsOf(ctx: Context, leads: Lead[]): Promise<LeadDetail[]> {
  return (await withLists(ctx, leads, ['tags', 'calls'])) as LeadDetail[];
}

/** The leads with their teams, owners, tags and newest 100 notes: four statements, however many leads. */
export async function profilesOf(ctx: Context, leads: Lead[]): Promise<LeadProfile[]> {
  return (await withLists(ctx, leads, ['tags', 'notes'])) as LeadProfile[];
}

async function withLists(
  ctx: Context,
  leads: Lead[],
  lists: readonly ('tags' | 'calls' | 'notes')[],
): Promise<Lead[]> {
  let details = leads;
  for (const name of ['team', 'owner'] as const) details = await attach(ctx, Lead, details, name);
  for (const name of lists) details = await attachMany(ctx, Lead, details, name);
  return details;
}

/** So few that a batch is garbage before the collector looks at it a second time: memory stays where it was. */
const STREAM_BATCH = 50;

/** All leads of a filter, newest first, some at a time, so that no list of them is ever whole in memory. */
export async function* streamDetails(ctx: Context, filter: Filter): AsyncGenerator<LeadDetail[]> {
  let before: Filter = {};
  for (;;) {
    const leads = await ctx
      .repo(Lead)
      .slice({ filter: { and: [filter, before] }, limit: STREAM_BATCH, offset: 0 });
    if (leads.length > 0) yield detailsOf(ctx, leads);
    const last = leads[STREAM_BATCH - 1];
    if (!last) return;
    before = { id: { lt: last.id } };
  }
}

/** A lead as the caller stands to it: its own to work, another agent's, deleted, or none. */
export type Standing = { is: 'own'; lead: Lead } | { is: 'others' } | { is: 'deleted' } | { is: 'missing' };

const BY_SLUG = `select "deleted_at" as "deletedAt" from lead where "account_id" = $1 and "slug" = $2`;

/** See {@link Standing}. */
export async function standingOf(ctx: Context, slug: string): Promise<Standing> {
  const lead = await ctx.repo(Lead).findBy({ slug });
  if (lead) return { is: 'own', lead };
  const [row] = await ctx.query<{ deletedAt: string | null }>(
    BY_SLUG,
    [ctx.account.id, slug],
    'lead by slug',
  );
  if (!row) return { is: 'missing' };
  return { is: row.deletedAt ? 'deleted' : 'others' };
}
