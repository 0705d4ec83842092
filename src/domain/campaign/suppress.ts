import { Contact, type ContactStatus } from '../contact/contact.entity';
import type { Context } from '../context';
import { saveChanges } from '../crud';
import { suppressions } from '../suppression/suppression.service';

/** Sees to it that an address is not written to any more, and says so of the contact. Needs an open transaction. */
export async function suppress(
  ctx: Context,
  { address, contactId }: { address: string; contactId: string },
  reason: Exclude<ContactStatus, 'subscribed'>,
): Promise<void> {
  const contact = await ctx.repo(Contact).lockIfThere(contactId);
  if (contact && contact.status !== reason) await saveChanges(ctx, Contact, contact, { status: reason });
  await suppressions.suppress(ctx, address, reason);
}
