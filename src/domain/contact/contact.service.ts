import { checkBulkSize, type ErrorPolicy, type RowOutcome, writeRows } from '../bulk';
import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import type { Page, PageRequest } from '../page';
import type { Slice } from '../repository';
import { Contact } from './contact.entity';
import { normalizePhone, unreachableError } from './contact.rules';
import { writeContacts } from './contact-create';
import { groupErrors, lockGroupsOf, setGroups } from './contact-groups';
import {
  type ContactQuery,
  type ContactRecord,
  contactFilter,
  recordsOf,
  searchFilter,
} from './contact-lookup';
import { type Upserted, upsertContact } from './contact-upsert';

/** Part of a list of contacts, counted from its start. */
export type ContactSlice = Pick<Slice, 'sort' | 'limit' | 'offset'>;

/** Tells the counters when contacts leave, by the clock of the context, until the transaction ends. */
export async function setRemovalTime(ctx: Context): Promise<void> {
  await ctx.query("select set_config('switchboard.now', $1, true)", [ctx.instant()]);
}

const base: Crud<Contact> = crud(Contact, {
  async prepare(ctx, draft, current) {
    normalizePhone(draft, ctx.account.defaultCountry);
    const groups = { audienceId: current?.audienceId ?? draft.audienceId, groupIds: draft.groupIds };
    const [strange] = await groupErrors(ctx, [groups]);
    const error = unreachableError(draft, current) ?? strange;
    if (error) throw error;
    if (groups.groupIds) draft.groupIds = groups.groupIds;
  },
  async complete(ctx, contact, draft) {
    return setGroups(ctx, contact, draft.groupIds as string[] | undefined);
  },
  async beforeDelete(ctx, { id }) {
    await lockGroupsOf(ctx, [id]);
    await setRemovalTime(ctx);
  },
});

/** Contacts: people to write to, each once by e-mail in its audience, and those whom the help desk knows. */
export const contacts = {
  ...base,

  /** Creates 1 to 1,000 contacts and answers an outcome for each, in order. */
  async createMany(
    ctx: Context,
    inputs: object[],
    policy: ErrorPolicy = 'skip_invalid',
  ): Promise<RowOutcome<Contact>[]> {
    ctx.require('contacts:write');
    checkBulkSize('contacts', inputs);
    return writeRows(ctx, policy, (tx) => writeContacts(tx, inputs));
  },

  /**
   * Puts a contact into an audience: changes the one with its e-mail address, without an address the newest with
   * its phone number, else makes one. What is not given stays; groups are added to. Throws INVALID, NOT_FOUND.
   */
  async upsertInto(ctx: Context, audienceId: RowRef, input: object): Promise<Upserted> {
    ctx.require('contacts:write');
    return ctx.transaction((tx) => upsertContact(tx, { ...input, audienceId }));
  },

  /** One page of the contacts that have every word of a text in names, company, e-mail addresses or phone numbers. */
  async search(
    ctx: Context,
    text: string,
    request: Omit<PageRequest, 'filter'> = {},
  ): Promise<Page<Contact>> {
    return base.page(ctx, { ...request, filter: searchFilter(text) });
  },

  /** The same by offset, newest first. */
  async found(
    ctx: Context,
    text: string,
    slice: Required<Pick<Slice, 'limit' | 'offset'>>,
  ): Promise<Contact[]> {
    ctx.require('contacts:read');
    return ctx.repo(Contact).slice({ ...slice, filter: searchFilter(text) });
  },

  /** The contact with its audience and groups. Throws NOT_FOUND. */
  async record(ctx: Context, id: RowRef): Promise<ContactRecord> {
    const [record] = await recordsOf(ctx, [await base.get(ctx, id)]);
    return record as ContactRecord;
  },

  /** Contacts with their audiences and groups, by offset, and how many there are in all. */
  async records(
    ctx: Context,
    query: ContactQuery,
    slice: ContactSlice,
  ): Promise<{ records: ContactRecord[]; total: number }> {
    ctx.require('contacts:read');
    const filter = await contactFilter(ctx, query);
    const rows = await ctx.repo(Contact).slice({ ...slice, filter });
    return { records: await recordsOf(ctx, rows), total: await ctx.repo(Contact).count(filter) };
  },
};
