import { Audience } from '../audience/audience.entity';
import { AudienceGroup } from '../audience/audience-group.entity';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import type { Filter } from '../filter';
import { parsePhone } from '../phone';
import { attach } from '../related';
import { Contact } from './contact.entity';
import { searchWords } from './contact.rules';
import { type GroupRecord, groupsByContactId } from './contact-groups';

/** A contact with its audience and its groups in order, as flat records show them. */
export type ContactRecord = Contact & { audience: Audience | null; groups: GroupRecord[] };

/** Which contacts a list is to have; all that is given must hold. */
export interface ContactQuery {
  audienceId?: RowRef | undefined;
  groupId?: RowRef | undefined;
  /** The whole address, upper and lower case alike. */
  email?: string | undefined;
  /** The whole number, however it is written. */
  phone?: string | undefined;
  /** A part of first and last name, upper and lower case alike. */
  name?: string | undefined;
  /** Only those of audiences, none of the help desk. */
  isInAudience?: boolean | undefined;
}

async function idCondition(
  ctx: Context,
  entity: typeof Audience | typeof AudienceGroup,
  ref: RowRef,
): Promise<{ in: string[] }> {
  const id = (await ctx.repo<Audience | AudienceGroup>(entity).idsByRef([ref])).get(ref);
  return { in: id === undefined ? [] : [id] };
}

function phoneFilter(ctx: Context, phone: string): Filter {
  const phoneE164 = parsePhone(phone, ctx.account.defaultCountry);
  const asWritten = { phone: { eq: phone } };
  return phoneE164 ? { or: [{ phoneE164: { eq: phoneE164 } }, asWritten] } : asWritten;
}

/** The filter of a query; what it names and is not there leaves nothing. */
export async function contactFilter(ctx: Context, query: ContactQuery): Promise<Filter> {
  const { audienceId, groupId, email, phone, name, isInAudience } = query;
  return {
    and: [
      ...(isInAudience ? [{ audienceId: { isNull: false } }] : []),
      ...(audienceId === undefined ? [] : [{ audienceId: await idCondition(ctx, Audience, audienceId) }]),
      ...(groupId === undefined ? [] : [{ groupIds: await idCondition(ctx, AudienceGroup, groupId) }]),
      ...(email === undefined ? [] : [{ email: { eq: email } }]),
      ...(phone === undefined ? [] : [phoneFilter(ctx, phone)]),
      ...(name === undefined ? [] : [{ name: { contains: name } }]),
    ],
  };
}

/** The filter of a search: each word stands in the names, the company, an e-mail address or a phone number. */
export function searchFilter(text: string): Filter {
  return { and: searchWords(text).map((word) => ({ searchText: { contains: word } })) };
}

/** The contacts with their audiences and groups: two statements, however many. */
export async function recordsOf(ctx: Context, contacts: Contact[]): Promise<ContactRecord[]> {
  if (contacts.length === 0) return [];
  const withAudience = await attach(ctx, Contact, contacts, 'audience');
  const groupsById = await groupsByContactId(
    ctx,
    contacts.map(({ id }) => id),
  );
  return withAudience.map((one) => ({ ...one, groups: groupsById.get(one.id) ?? [] })) as ContactRecord[];
}
