import type { Context } from '../context';
import type { RowRef } from '../entity';
import { type DomainError, invalid } from '../error';
import type { Changes } from '../event';
import { isUuid, isWholeNumber } from '../field-kinds';
import { linkedIdsById } from '../links';
import { Contact } from './contact.entity';

/** A group as the flat record of a contact shows it. */
export interface GroupRecord {
  id: string;
  number: number;
  name: string;
}

type Draft = Record<string, unknown>;

// Locked, so that none of them goes before the contact is in it; in one order for all.
const BY_REF = `
select "id", "number", "audience_id" as "audienceId" from audience_group
where "account_id" = $1 and ("id" = any($2) or "number" = any($3))
order by "id" for key share`;

// Whoever takes a contact out of a group locks the group first, as whoever deletes the group does.
const LOCK_OF_CONTACTS = `
select 1 from audience_group
where "account_id" = $1 and "id" in (
  select "group_id" from contact_group where "account_id" = $1 and "contact_id" = any($2))
order by "id" for key share`;

const LINK = `
insert into contact_group ("account_id", "audience_id", "contact_id", "group_id", "position")
select $1, link.audience_id, link.contact_id, link.group_id, link.position
from jsonb_to_recordset($2) as link(audience_id uuid, contact_id uuid, group_id uuid, position int)
on conflict ("account_id", "contact_id", "group_id") do update set "position" = excluded."position"`;

const UNLINK = `
delete from contact_group where "account_id" = $1 and "contact_id" = $2 and "group_id" <> all($3)`;

const RECORDS = `
select link."contact_id" as "contactId", one."id", one."number", one."name"
from contact_group link join audience_group one on one."account_id" = link."account_id" and one."id" = link."group_id"
where link."account_id" = $1 and link."contact_id" = any($2)
order by link."contact_id", link."position"`;

interface GroupRow {
  id: string;
  number: number;
  audienceId: string;
}

async function groupsByRef(ctx: Context, refs: RowRef[]): Promise<Map<RowRef, GroupRow>> {
  const numbers = refs.filter((ref) => typeof ref === 'number' && isWholeNumber(ref));
  const rows = await ctx.query<GroupRow & Record<string, unknown>>(
    BY_REF,
    [ctx.account.id, refs.filter(isUuid), numbers],
    'groups by ref',
  );
  return new Map(
    rows.flatMap((row): [RowRef, GroupRow][] => [
      [row.id, row],
      [row.number, row],
    ]),
  );
}

/**
 * Makes the groups of each draft ids, and answers for each why it is refused: a group that is not of the draft’s
 * audience. Needs an open transaction.
 */
export async function groupErrors(ctx: Context, drafts: Draft[]): Promise<(DomainError | undefined)[]> {
  const refs = [...new Set(drafts.flatMap(({ groupIds }) => (groupIds as RowRef[] | undefined) ?? []))];
  const groups: Map<RowRef, GroupRow> = refs.length > 0 ? await groupsByRef(ctx, refs) : new Map();
  return drafts.map((draft) => {
    if (!draft.groupIds) return undefined;
    const wanted = draft.groupIds as RowRef[];
    const strange = wanted.filter((ref) => {
      const { audienceId } = groups.get(ref) ?? {};
      return audienceId === undefined || audienceId !== draft.audienceId;
    });
    if (strange.length > 0)
      return invalid({
        groupIds: strange.map((ref) => `Group ${ref} is no group of the contact’s audience.`),
      });
    draft.groupIds = [...new Set(wanted.map((ref) => groups.get(ref)?.id))];
    return undefined;
  });
}

/** Puts contacts into the groups of their drafts, in order; `values` hold audienceId and groupIds. */
export async function joinGroups(ctx: Context, drafts: { id: string; values: Draft }[]): Promise<void> {
  const links = drafts.flatMap(({ id, values }) =>
    ((values.groupIds as string[] | undefined) ?? []).map((groupId, position) => ({
      ...{ audience_id: values.audienceId, contact_id: id },
      ...{ group_id: groupId, position },
    })),
  );
  if (links.length > 0) await ctx.query(LINK, [ctx.account.id, JSON.stringify(links)]);
}

/** Keeps the groups of contacts from being deleted until the transaction ends. */
export async function lockGroupsOf(ctx: Context, contactIds: string[]): Promise<void> {
  await ctx.query(LOCK_OF_CONTACTS, [ctx.account.id, contactIds], 'lock groups of contacts');
}

/** A contact, and groups of its audience by their ids. */
export interface Joining {
  contact: Contact;
  groupIds: string[];
}

/**
 * Puts contacts into groups, behind those that they are in, and answers what changed by contact id: a few statements,
 * however many.
 */
export async function addToGroups(ctx: Context, joinings: Joining[]): Promise<Map<string, Changes>> {
  const changesById = new Map<string, Changes>();
  if (joinings.length === 0) return changesById;
  const ids = joinings.map(({ contact }) => contact.id);
  await lockGroupsOf(ctx, ids);
  const linkedById = await linkedIdsById(ctx, Contact, ids);
  const drafts = joinings.flatMap(({ contact: { id, audienceId }, groupIds: wanted }) => {
    const before = linkedById.get(id)?.groupIds ?? [];
    const groupIds = [...new Set([...before, ...wanted])];
    if (groupIds.length === before.length) return [];
    changesById.set(id, { groupIds: { old: before, new: groupIds } });
    return [{ id, values: { audienceId, groupIds } }];
  });
  await joinGroups(ctx, drafts);
  return changesById;
}

/** Makes these the groups of the contact and answers what changed; nothing when none are given. */
export async function setGroups(ctx: Context, contact: Contact, groupIds?: string[]): Promise<Changes> {
  if (groupIds === undefined) return {};
  await lockGroupsOf(ctx, [contact.id]);
  const before = (await linkedIdsById(ctx, Contact, [contact.id])).get(contact.id)?.groupIds ?? [];
  if (before.join() === groupIds.join()) return {};
  await ctx.query(UNLINK, [ctx.account.id, contact.id, groupIds]);
  await joinGroups(ctx, [{ id: contact.id, values: { audienceId: contact.audienceId, groupIds } }]);
  return { groupIds: { old: before, new: groupIds } };
}

/** The groups of contacts in order, by contact id; a part of their flat record, which asks for no other scope. */
export async function groupsByContactId(
  ctx: Context,
  contactIds: string[],
): Promise<Map<string, GroupRecord[]>> {
  const rows = await ctx.query<GroupRecord & { contactId: string }>(
    RECORDS,
    [ctx.account.id, contactIds],
    'groups of contacts',
  );
  const groupsById = new Map(contactIds.map((id): [string, GroupRecord[]] => [id, []]));
  for (const { contactId, ...group } of rows) groupsById.get(contactId)?.push(group);
  return groupsById;
}
