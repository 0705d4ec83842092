import type { Context } from '../context';
import type { RowRef } from '../entity';
import { notFound } from '../error';
import { Contact } from './contact.entity';
import { type ContactSlice, contacts } from './contact.service';
import type { ContactQuery, ContactRecord } from './contact-lookup';

/** The id of a contact of an audience; it stays in its audience, so this holds. Throws NOT_FOUND. */
async function idOf(ctx: Context, ref: RowRef): Promise<string> {
  const { id, audienceId } = await ctx.repo(Contact).get(ref);
  if (audienceId === null) throw notFound('Contact');
  return id;
}

/** The contacts of audiences, for systems that have no help desk: its contacts are missing there. */
export const audienceContacts = {
  /** The contact with its audience and groups. Throws NOT_FOUND. */
  async record(ctx: Context, ref: RowRef): Promise<ContactRecord> {
    ctx.require('contacts:read');
    return contacts.record(ctx, await idOf(ctx, ref));
  },

  /** Contacts with their audiences and groups, by offset, and how many there are in all. */
  records(
    ctx: Context,
    query: ContactQuery,
    slice: ContactSlice,
  ): Promise<{ records: ContactRecord[]; total: number }> {
    return contacts.records(ctx, { ...query, isInAudience: true }, slice);
  },

  /** Changes a contact. Throws NOT_FOUND. */
  async update(ctx: Context, ref: RowRef, input: object): Promise<Contact> {
    ctx.require('contacts:write');
    return contacts.update(ctx, await idOf(ctx, ref), input);
  },

  /** Deletes a contact. Throws NOT_FOUND. */
  async delete(ctx: Context, ref: RowRef): Promise<Contact> {
    ctx.require('contacts:write');
    return contacts.delete(ctx, await idOf(ctx, ref));
  },
};
