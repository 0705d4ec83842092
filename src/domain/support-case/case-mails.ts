import { Contact } from '../contact/contact.entity';
import type { Context } from '../context';
import type { Email } from '../email/email.entity';
import type { InboundEmail } from '../email/inbound-email.entity';
import type { SupportCase } from './support-case.entity';

const MAILS_MAX = 20;

const MAILS = `
select email.direction, email.message_id as "messageId", email."from", email.reply_to as "replyTo",
  coalesce(inbound.is_automatic, false) as "isAutomatic"
from case_entry entry join email on email.account_id = entry.account_id and email.id = entry.email_id
left join inbound_email inbound on inbound.account_id = email.account_id and inbound.email_id = email.id
where entry.account_id = $1 and entry.case_id = $2
order by entry.id desc limit ${MAILS_MAX}`;

type Mail = Pick<Email, 'direction' | 'messageId' | 'from' | 'replyTo'> & Pick<InboundEmail, 'isAutomatic'>;

/** What was written of a case by e-mail. */
export interface Correspondence {
  /** Where the customer is reached: who wrote last, programs aside, else the contact. */
  customer: string | undefined;
  /** What the customer wrote last. */
  lastMessageId: string | null;
  /** Its newest messages, oldest first. */
  messageIds: string[];
}

/** The e-mails of a case. */
export async function correspondenceOf(ctx: Context, one: SupportCase): Promise<Correspondence> {
  const mails = await ctx.query<Mail & Record<string, unknown>>(
    MAILS,
    [ctx.account.id, one.id],
    'mails of case',
  );
  const last = mails.find(({ direction, isAutomatic }) => direction === 'inbound' && !isAutomatic);
  const contact = one.contactId ? await ctx.repo(Contact).find(one.contactId) : undefined;
  const isId = (id: string | null): id is string =>
    id !== null && id.length <= 100 && /^<[^<>\s]+@[^<>\s]+>$/.test(id);
  const messageIds = mails.map(({ messageId }) => messageId).filter(isId);
  return {
    customer: last?.replyTo ?? last?.from ?? contact?.email ?? undefined,
    lastMessageId: last && isId(last.messageId) ? last.messageId : null,
    messageIds: messageIds.toReversed(),
  };
}
