import { checkBulkSize, type ErrorPolicy, type RowOutcome, writeRows } from '../bulk';
import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { DomainError, type FieldMessages, notFound } from '../error';
import { Feed } from '../feed/feed.entity';
import type { Filter } from '../filter';
import type { Slice } from '../repository';
import { Lead } from './lead.entity';
import { mergeFields, splitName } from './lead.rules';
import { type CreateOptions, feedKindErrors, type OnDuplicate, writeLeads } from './lead-create';
import {
  type FullLead,
  fullOf,
  type Listed,
  type ListedLead,
  type Listing,
  listedOf,
  listLeads,
} from './lead-listing';
import {
  detailsOf,
  findByPhone,
  type LeadDetail,
  type LeadKey,
  type LeadRecord,
  RECORD,
  recordsOf,
  type Standing,
  sliceOfRecords,
  standingOf,
  streamDetails,
} from './lead-lookup';
import { type LeadOverview, overviewOf, type Period } from './lead-overview';
import { setTags } from './lead-tags';

/** A change to a lead; `customFields` holds only the keys that change, null for those that go. */
export type LeadPatch = { customFields?: Record<string, unknown> } & Record<string, unknown>;

/** Part of a feed's leads; without a feed, of the default feed. */
export interface FeedSlice extends Slice {
  feedId?: string | undefined;
}

/** Leads of one feed. */
export interface FeedRecords {
  feed: Feed;
  records: LeadRecord[];
  total: number;
}

const PROMOTE = `
update lead set "is_duplicate" = false
where "account_id" = $1 and "id" = (
  select "id" from lead
  where "account_id" = $1 and "feed_id" = $2 and "phone" = $3 and "is_duplicate" and "deleted_at" is null
  order by "id" limit 1)`;

/** A number that its first lead gives up passes to the next lead that has it. */
async function releasePhone(ctx: Context, lead: Lead): Promise<void> {
  if (!lead.isDuplicate) await ctx.query(PROMOTE, [ctx.account.id, lead.feedId, lead.phone]);
}

/** The failures of a bulk write as one error: its code is that of the gravest, wrong input before all others. */
function combinedError(outcomes: RowOutcome<Lead>[]): DomainError | undefined {
  const failed = outcomes.filter(({ error }) => error);
  const rank = (code?: string) => ['INVALID', 'NOT_FOUND', 'CONFLICT'].indexOf(code ?? '');
  const [gravest] = failed.toSorted((a, b) => rank(a.error?.code) - rank(b.error?.code));
  if (!gravest?.error) return undefined;
  const fields: FieldMessages = {};
  for (const { index, error } of failed.filter((one) => one.error?.code === gravest.error?.code)) {
    for (const [name, messages] of Object.entries(error?.fields ?? {}))
      fields[`leads.${index}.${name}`] = messages;
  }
  return new DomainError(gravest.error.code, gravest.error.message, { fields });
}

/** Leads; one whose number or feed changes holds its new number, or has it besides the lead that holds it. */
function crudOf({ isDuplicate }: { isDuplicate: boolean }): Crud<Lead> {
  return crud(Lead, {
    async prepare(ctx, draft, current) {
      const [mismatch] = await feedKindErrors(ctx, [{ feedId: current?.feedId, ...draft }]);
      if (mismatch) throw mismatch;
      if (typeof draft.name === 'string') Object.assign(draft, splitName(draft.name));
      const isMoved = (key: 'phone' | 'feedId') => draft[key] !== undefined && draft[key] !== current?.[key];
      if (isMoved('phone') || isMoved('feedId')) draft.isDuplicate = isDuplicate;
    },
    async complete(ctx, before, draft) {
      const tagNames = draft.tagNames as string[] | undefined;
      if (!tagNames) return {};
      return (await setTags(ctx, new Map([[before.id, tagNames]]))).get(before.id) ?? {};
    },
  });
}

const base = crudOf({ isDuplicate: false });
const duplicates = crudOf({ isDuplicate: true });

async function write(ctx: Context, { update }: Crud<Lead>, id: RowRef, input: object): Promise<Lead> {
  const before = await ctx.repo(Lead).lock(id);
  const after = await update(ctx, id, input);
  if (after.phone !== before.phone || after.feedId !== before.feedId) await releasePhone(ctx, before);
  return after;
}

const isNumberTaken = (thrown: unknown) =>
  thrown instanceof DomainError && thrown.code === 'CONFLICT' && thrown.fields?.phone !== undefined;

/** Leads. The first lead of a number in a feed holds the number; see {@link OnDuplicate} for the others. */
export const leads = {
  get: base.get,
  page: base.page,

  /** Creates a lead; without a feed it goes to the default feed. Throws CONFLICT for a duplicate that is rejected. */
  async create(ctx: Context, input: object, options: CreateOptions = {}): Promise<Lead> {
    const [outcome] = await this.createMany(ctx, [input], 'skip_invalid', options);
    if (outcome?.row) return outcome.row;
    throw outcome?.error ?? new Error('a lead was neither created nor refused');
  },

  /** Creates up to 1,000 leads and answers an outcome for each, in order. */
  async createMany(
    ctx: Context,
    inputs: object[],
    policy: ErrorPolicy,
    options: CreateOptions = {},
  ): Promise<RowOutcome<Lead>[]> {
    ctx.require('leads:write');
    checkBulkSize('leads', inputs);
    return writeRows(ctx, policy, (tx) => writeLeads(tx, inputs, options));
  },

  /** Changes a lead. Throws NOT_FOUND, and CONFLICT when another lead of the feed holds the new number. */
  async update(ctx: Context, id: RowRef, input: object): Promise<Lead> {
    ctx.require('leads:write');
    return ctx.transaction((tx) => write(tx, base, id, input));
  },

  /** Deletes a lead: it is kept for what refers to it, and exists for nobody. */
  async delete(ctx: Context, id: RowRef): Promise<Lead> {
    return ctx.transaction(async (tx) => {
      const lead = await base.delete(tx, id);
      await releasePhone(tx, lead);
      return lead;
    });
  },

  /** The lead with its feed and tags. Throws NOT_FOUND. */
  async record(ctx: Context, id: RowRef): Promise<LeadRecord> {
    const [record] = await recordsOf(ctx, [await base.get(ctx, id)]);
    return record as LeadRecord;
  },

  /** The lead with its team, owner, tags and newest calls. Throws NOT_FOUND. */
  async detail(ctx: Context, id: RowRef): Promise<LeadDetail> {
    const [detail] = await detailsOf(ctx, [await base.get(ctx, id)]);
    return detail as LeadDetail;
  },

  /** Changes a lead and answers it with its team, owner, tags and newest calls. Throws as `update`. */
  async updateDetail(ctx: Context, id: RowRef, input: object): Promise<LeadDetail> {
    return ctx.transaction(async (tx) => {
      const [detail] = await detailsOf(tx, [await this.update(tx, id, input)]);
      return detail as LeadDetail;
    });
  },

  /** All leads of a filter with their teams, owners, tags and newest calls, newest first, batch by batch. */
  stream(ctx: Context, filter: Filter = {}): AsyncGenerator<LeadDetail[]> {
    ctx.require('leads:read');
    return streamDetails(ctx, filter);
  },

  /** The leads of a filter in numbers, by stage and source, with the appointments of a period by the account's clock. */
  async overview(ctx: Context, period: Period, filter: Filter = {}): Promise<LeadOverview> {
    ctx.require('leads:read');
    ctx.require('appointments:read');
    return overviewOf(ctx, period, filter);
  },

  /** Leads by offset, newest first, with their feeds, owners and assignees, and how many there are. */
  async list(ctx: Context, listing: Listing): Promise<Listed<ListedLead>> {
    ctx.require('leads:read');
    return listLeads(ctx, listing);
  },

  /** Creates a lead and answers it with its feed, owner and assignee. Throws as `create`. */
  async createListed(ctx: Context, input: object, options: CreateOptions = {}): Promise<ListedLead> {
    return ctx.transaction(async (tx) => {
      const [listed] = await listedOf(tx, [await this.create(tx, input, options)]);
      return listed as ListedLead;
    });
  },

  /**
   * Changes a lead, whose new number others may have too, and answers it the same, also one that the caller has handed
   * over. Throws NOT_FOUND.
   */
  async updateListed(ctx: Context, id: RowRef, input: object): Promise<ListedLead> {
    ctx.require('leads:write');
    const update = (by: Crud<Lead>) =>
      ctx.transaction(async (tx) => {
        const [listed] = await listedOf(tx.forAccount(), [await write(tx, by, id, input)]);
        return listed as ListedLead;
      });
    try {
      return await update(base);
    } catch (thrown) {
      if (!isNumberTaken(thrown)) throw thrown;
      return update(duplicates);
    }
  },

  /** The lead of a slug with its feed, owner, assignee, and newest notes and appointments. Throws NOT_FOUND. */
  async full(ctx: Context, slug: string): Promise<FullLead> {
    ctx.require('leads:read');
    const lead = await ctx.repo(Lead).findBy({ slug });
    if (!lead) throw notFound('Lead');
    return fullOf(ctx, lead);
  },

  /** Whether the caller may work the lead of a slug; see {@link Standing}. */
  async standing(ctx: Context, slug: string): Promise<Standing> {
    ctx.require('leads:read');
    return standingOf(ctx, slug);
  },

  /** Creates a lead and answers it with its feed and tags. Throws CONFLICT for a duplicate. */
  async createRecord(ctx: Context, input: object): Promise<LeadRecord> {
    return ctx.transaction(async (tx) => {
      const [record] = await recordsOf(tx, [await this.create(tx, input, { projection: RECORD })]);
      return record as LeadRecord;
    });
  },

  /** Creates all leads or none. Throws the gravest of the failures, its fields as `leads.<index>.<field>`. */
  async createRecords(ctx: Context, inputs: object[]): Promise<LeadRecord[]> {
    return ctx.transaction(async (tx) => {
      const outcomes = await this.createMany(tx, inputs, 'all_or_nothing', { projection: RECORD });
      const failure = combinedError(outcomes);
      if (failure) throw failure;
      const rows = outcomes.map(({ row }) => row as Lead);
      return recordsOf(tx, rows);
    });
  },

  /** The lead that holds a phone number, of several feeds the newest, with its feed and tags. Throws NOT_FOUND. */
  async recordByPhone(ctx: Context, key: LeadKey): Promise<LeadRecord> {
    ctx.require('leads:read');
    return findByPhone(ctx, key);
  },

  /** The leads of a feed by offset, the feed, and how many there are. Throws NOT_FOUND for the feed. */
  async recordsOfFeed(ctx: Context, { feedId, ...slice }: FeedSlice): Promise<FeedRecords> {
    ctx.require('leads:read');
    const feed = await ctx.repo(Feed).find(feedId ?? ctx.account.defaultFeedId);
    if (!feed)
      throw new DomainError('NOT_FOUND', 'Feed not found', { fields: { feedId: ['Feed not found'] } });
    const filter = { ...slice.filter, feedId: { eq: feed.id } };
    const records = await sliceOfRecords(ctx, { ...slice, filter });
    const total = await ctx.repo(Lead).count(filter);
    return { feed, records, total };
  },

  /**
   * Changes the lead that holds a phone number in a feed (the default feed when none is given); custom fields are merged,
   * a null removes one. Throws NOT_FOUND.
   */
  async patchByPhone(ctx: Context, key: LeadKey, patch: LeadPatch): Promise<LeadRecord> {
    ctx.require('leads:write');
    return ctx.transaction(async (tx) => {
      const { id } = await findByPhone(tx, { ...key, feedId: key.feedId ?? tx.account.defaultFeedId });
      const before = await tx.repo(Lead).lock(id);
      const customFields = patch.customFields && mergeFields(before.customFields, patch.customFields);
      const after = await base.update(tx, id, { ...patch, customFields });
      const [record] = await recordsOf(tx, [after]);
      return record as LeadRecord;
    });
  },
};
