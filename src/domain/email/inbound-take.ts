import type { Context } from '../context';
import { rowEvent } from '../event';
import { actorAuthor, contactAuthor } from '../support-case/case-author';
import { changeCase } from '../support-case/case-change';
import { lockMerged } from '../support-case/case-follow';
import { statusStep } from '../support-case/case-status.rules';
import type { SupportCase } from '../support-case/support-case.entity';
import { Email } from './email.entity';
import { InboundEmail } from './inbound-email.entity';
import type { InboundMail } from './inbound-mail';
import { caseOfMail, contactOfMail, makeContactOfMail } from './inbound-match';

/** What became of a mail that came in; `isNew` is false for one that came before. */
export interface TakenMail {
  inbound: InboundEmail;
  isNew: boolean;
}

const OURS = `
select 1 from email where account_id = $1 and message_id = $2 and direction = 'outbound' limit 1`;

async function isOurs(ctx: Context, { messageId }: InboundMail): Promise<boolean> {
  if (!messageId) return false;
  return (await ctx.query(OURS, [ctx.account.id, messageId], 'own mail')).length > 0;
}

const LOCK = 'select pg_advisory_xact_lock(hashtext($1), hashtext($2))';

async function insertEmail(ctx: Context, mail: InboundMail): Promise<Email> {
  const { messageId, from, replyTo, to, cc, subject, text, html, inReplyTo, references } = mail;
  const email = await ctx.repo(Email).insert({
    ...{
      direction: 'inbound',
      status: 'received',
      from: from?.address ?? null,
      fromName: from?.name ?? null,
    },
    ...{ messageId, replyTo, to, cc, bcc: [], subject, text, html, inReplyTo, references, attempts: 0 },
  });
  await ctx.emit(rowEvent(Email, 'created', email));
  return email;
}

/** Puts an e-mail into the history of a locked case, which waits for the account again unless a program wrote it by itself. */
export async function landOnCase(
  ctx: Context,
  before: SupportCase,
  email: Email,
  contactId: string | null,
  isAutomatic = false,
): Promise<SupportCase> {
  // A note of absence is no reason to look at it again.
  const step = statusStep(before, isAutomatic ? undefined : 'new', ctx.instant());
  const name = email.fromName ?? email.from ?? '';
  const author = contactId ? contactAuthor({ id: contactId, name, email: email.from }) : actorAuthor(ctx);
  return changeCase(ctx, before, {
    ...{
      author,
      values: {
        ...step.values,
        ...(!isAutomatic && { snoozedUntil: null }),
        contactId: before.contactId ?? (isAutomatic ? null : contactId),
      },
    },
    entries: [
      { kind: 'email', title: email.subject, body: email.text ?? '', emailId: email.id },
      ...step.entries,
    ],
    verbs: ['emailed', ...step.verbs],
  });
}

async function take(ctx: Context, mail: InboundMail, fingerprint: string): Promise<TakenMail> {
  await ctx.query(LOCK, [`inbound email ${ctx.account.id}`, fingerprint]);
  const known = await ctx.repo(InboundEmail).findBy({ fingerprint });
  if (known) return { inbound: known, isNew: false };
  // What we have written ourselves comes back by a copy or a forward: it is no answer.
  const isAutomatic = mail.isAutomatic || (await isOurs(ctx, mail));
  const email = await insertEmail(ctx, mail);
  const found = await caseOfMail(ctx, mail);
  const supportCase = found && (await lockMerged(ctx, found.id));
  const contact =
    supportCase && !isAutomatic
      ? await makeContactOfMail(ctx, mail, supportCase.contactId)
      : await contactOfMail(ctx, mail, supportCase?.contactId);
  const inbound = await ctx.repo(InboundEmail).insert({
    ...{ emailId: email.id, fingerprint, attachments: mail.attachments, contactId: contact?.id ?? null },
    isAutomatic,
    ...{ status: supportCase ? 'assigned' : 'unassigned', caseId: supportCase?.id ?? null },
  });
  await ctx.emit(rowEvent(InboundEmail, 'created', inbound));
  if (supportCase) await landOnCase(ctx, supportCase, email, contact?.id ?? null, isAutomatic);
  return { inbound, isNew: true };
}

/**
 * Keeps a mail that came in, once however often it comes: on the case that it is about, which waits for the account
 * again, else among those that nobody has taken. Throws when the database is away; whoever brings it comes again.
 */
export function takeInboundMail(ctx: Context, mail: InboundMail): Promise<TakenMail> {
  return ctx.transaction((tx) => take(tx, mail, mail.messageId ?? mail.hash));
}
