import { uuidv7 } from 'uuidv7';
import type { Context } from '../context';
import { saveChanges } from '../crud';
import { DomainError } from '../error';
import { checkReferences, parseInput } from '../input';
import { Contact } from './contact.entity';
import { normalizePhone, unreachableError } from './contact.rules';
import { insertContacts } from './contact-create';
import { addToGroups, groupErrors } from './contact-groups';

type Draft = Record<string, unknown>;

/** A contact that was put into an audience, and whether it was made by that. */
export interface Upserted {
  contact: Contact;
  isNew: boolean;
}

// The form with two numbers, which stays clear of the locks of the change log.
const LOCK_PHONE = 'select pg_advisory_xact_lock(hashtext($1), hashtext($2))';

const TRIES = 3;

/** The contact that the draft is about: of its e-mail address; without one, the newest of its phone number. */
async function findTwin(ctx: Context, { audienceId, email, phone, phoneE164 }: Draft) {
  const own = email ? { email } : phoneE164 ? { phoneE164 } : { phone };
  const found = await ctx.repo(Contact).findBy({ audienceId, ...own } as Partial<Contact>);
  return found && ctx.repo(Contact).lockIfThere(found.id);
}

/** The contact as the draft has it; it stays in the groups that it is in. */
async function change(ctx: Context, twin: Contact, draft: Draft): Promise<Contact> {
  const { audienceId, email, phone, phoneE164, groupIds, ...rest } = draft;
  if (rest.customFields) rest.customFields = { ...twin.customFields, ...rest.customFields };
  // What it was found by is the same, however it is written.
  const values = email ? { ...rest, ...(phone !== undefined && { phone, phoneE164 }) } : rest;
  const joinings = groupIds ? [{ contact: twin, groupIds: groupIds as string[] }] : [];
  return saveChanges(
    ctx,
    Contact,
    twin,
    values,
    async (tx) => (await addToGroups(tx, joinings)).get(twin.id) ?? {},
  );
}

/** Checks the input; throws INVALID and NOT_FOUND. */
async function draftOf(ctx: Context, input: object): Promise<Draft> {
  const draft = parseInput(ctx, Contact, 'create', input);
  await checkReferences(ctx, Contact, draft);
  normalizePhone(draft, ctx.account.defaultCountry);
  const [strange] = await groupErrors(ctx, [draft]);
  const error = unreachableError(draft) ?? strange;
  if (error) throw error;
  return draft;
}

/** Makes the contact, or changes the one of the audience that it is, in the open transaction. */
export async function upsertContact(ctx: Context, input: object): Promise<Upserted> {
  const draft = await draftOf(ctx, input);
  // Nothing in the database keeps a phone number from standing twice.
  if (!draft.email) {
    const phone = String(draft.phoneE164 ?? draft.phone);
    await ctx.query(LOCK_PHONE, [`contact ${draft.audienceId}`, phone]);
  }
  for (let left = TRIES; left > 0; left--) {
    const twin = await findTwin(ctx, draft);
    if (twin) return { contact: await change(ctx, twin, draft), isNew: false };
    const id = uuidv7();
    const contact = (await insertContacts(ctx, [{ index: 0, id, values: draft }])).get(id);
    if (contact) return { contact, isNew: true };
  }
  throw new DomainError('UNAVAILABLE', 'The contact is being written by others: try again.', {
    retryAfterSeconds: 1,
  });
}
