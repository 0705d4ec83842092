import { Contact } from '../contact/contact.entity';
import { contacts } from '../contact/contact.service';
import { contactIdsByOtherEmail } from '../contact/contact-by-email';
import type { Context } from '../context';
import { caseNumberOfAddress } from '../support-case/case-address';
import { caseNumbersIn } from '../support-case/case-number';
import { SupportCase } from '../support-case/support-case.entity';
import { shorten } from '../text';
import type { InboundMail } from './inbound-mail';

const BY_MESSAGE_ID = `
select entry.case_id as "caseId"
from email join case_entry entry on entry.account_id = email.account_id and entry.email_id = email.id
where email.account_id = $1 and email.message_id = any($2)
order by array_position($2, email.message_id), entry.id desc limit 1`;

async function byNumbers(ctx: Context, caseNumbers: string[]): Promise<SupportCase | undefined> {
  for (const caseNumber of caseNumbers) {
    const found = await ctx.repo(SupportCase).findBy({ caseNumber });
    if (found) return found;
  }
  return undefined;
}

async function byMessageIds(ctx: Context, messageIds: string[]): Promise<SupportCase | undefined> {
  if (messageIds.length === 0) return undefined;
  const values = [ctx.account.id, messageIds];
  const [row] = await ctx.query<{ caseId: string }>(BY_MESSAGE_ID, values, 'case by message id');
  return row && ctx.repo(SupportCase).find(row.caseId);
}

/**
 * The case that a mail is about: by the address that answers to the case go to, by the messages that it answers
 * (the nearest first), by a number in its subject.
 */
export async function caseOfMail(ctx: Context, mail: InboundMail): Promise<SupportCase | undefined> {
  const { to, cc, inReplyTo, references, subject } = mail;
  const addressed = [...to, ...cc].flatMap((address) => caseNumberOfAddress(ctx, address) ?? []);
  const answered = [...(inReplyTo ? [inReplyTo] : []), ...references.toReversed()];
  return (
    (await byNumbers(ctx, addressed)) ??
    (await byMessageIds(ctx, answered)) ??
    (await byNumbers(ctx, caseNumbersIn(subject)))
  );
}

// A contact of the help desk before one of an audience, the newest first.
const BY_EMAIL = `
select id from contact where account_id = $1 and email_folded = lower($2)
order by audience_id is not null, id desc limit 1`;

/** The contact who wrote, when the address is known; the case’s own first, then those whose first address it is. */
export async function contactOfMail(
  ctx: Context,
  { from }: InboundMail,
  own?: string | null,
): Promise<Contact | undefined> {
  if (!from) return undefined;
  const ofCase = own ? await ctx.repo(Contact).find(own) : undefined;
  const isSame = (email: string | null) => email?.toLowerCase() === from.address.toLowerCase();
  if (ofCase && [ofCase.email, ofCase.email2, ofCase.email3].some(isSame)) return ofCase;
  const [row] = await ctx.query<{ id: string }>(
    BY_EMAIL,
    [ctx.account.id, from.address],
    'contact by sender',
  );
  const id = row?.id ?? (await contactIdsByOtherEmail(ctx, from.address, 1))[0];
  return id === undefined ? undefined : ctx.repo(Contact).find(id);
}

// The form with two numbers, which stays clear of the locks of the change log.
const LOCK_ADDRESS = 'select pg_advisory_xact_lock(hashtext($1), hashtext(lower($2)))';

/** The contact who wrote, made in the open transaction when the address is new, once however many come at once; none without an address. */
export async function makeContactOfMail(
  ctx: Context,
  mail: InboundMail,
  own?: string | null,
): Promise<Contact | undefined> {
  const known = await contactOfMail(ctx, mail, own);
  if (known || !mail.from) return known;
  await ctx.query(LOCK_ADDRESS, [`contact of mail ${ctx.account.id}`, mail.from.address]);
  const made = await contactOfMail(ctx, mail, own);
  if (made) return made;
  const [firstName = '', ...rest] = shorten(mail.from.name ?? '', 200)
    .trim()
    .split(/\s+/);
  return contacts.create(ctx.asSystem('support'), {
    firstName,
    lastName: rest.join(' '),
    email: mail.from.address,
  });
}
