import type { Context } from '../context';
import { saveChanges } from '../crud';
import { type Instant, toInstant } from '../datetime';
import { type DueOptions, workDue } from '../due';
import { shorten } from '../text';
import { Email } from './email.entity';
import { nextMailTryAt } from './mail-retry.rules';
import { domainOf, type MailOutcome, type MailTransport, type OutboundMail } from './mail-transport';

const NO_SENDER = 'It names no sender, and MAIL_FROM is not set.';
const INTERRUPTED = 'The program ended while it was handed over.';

function mailOf(email: Email): OutboundMail {
  const { from, fromName, messageId, replyTo, to, cc, bcc, subject, text, html, inReplyTo, references } =
    email;
  return {
    ...{ messageId: messageId ?? '', from: { address: from ?? '', name: fromName }, replyTo, to, cc, bcc },
    ...{ subject, text, html, inReplyTo, references, headers: {}, isRecorded: true },
  };
}

/** Changes it under its lock, when it still is what the change is for. */
function change(
  ctx: Context,
  id: string,
  isWanted: (email: Email) => boolean,
  values: Partial<Email>,
): Promise<Email | undefined> {
  return ctx.transaction(async (tx) => {
    const before = await tx.repo(Email).lock(id);
    return isWanted(before) ? saveChanges(tx, Email, before, values) : undefined;
  });
}

/** Marks it as being handed over, which is committed before the mail server hears of it. */
function begin(ctx: Context, email: Email, { name, sender }: MailTransport): Promise<Email | undefined> {
  const from = email.from ?? sender?.address ?? '';
  return change(ctx, email.id, ({ status }) => status === 'queued', {
    ...{ status: 'sending', attempts: email.attempts + 1, transport: name, from },
    fromName: email.from ? email.fromName : (email.fromName ?? sender?.name ?? null),
    messageId: email.messageId ?? `<${email.id}@${domainOf(from)}>`,
  });
}

function valuesOf(outcome: MailOutcome, next: Date | null, at: Instant): Partial<Email> {
  switch (outcome.result) {
    case 'sent': {
      const { refused } = outcome;
      const error = refused.length > 0 ? shorten(`Refused for ${refused.join(', ')}.`, 255) : null;
      return { status: 'sent', sentAt: at, error };
    }
    case 'deferred':
      return { status: next ? 'queued' : 'failed', error: shorten(outcome.reason, 255) };
    case 'refused':
      return { status: 'failed', error: shorten(outcome.reason, 255) };
    case 'unknown':
      return { status: 'unknown', error: shorten(outcome.reason, 255) };
  }
}

/** Writes the outcome down and answers when it is due again. */
async function end(ctx: Context, { id, attempts }: Email, outcome: MailOutcome): Promise<Instant | null> {
  const next = outcome.result === 'deferred' ? nextMailTryAt(attempts, ctx.now()) : null;
  // Where another process has taken this one for dead, only that it was sent is news.
  const isWanted = ({ status }: Email) => status !== 'unknown' || outcome.result === 'sent';
  const changed = await change(ctx, id, isWanted, valuesOf(outcome, next, ctx.instant()));
  return changed && next ? toInstant(next) : null;
}

/**
 * Hands queued e-mails to the transport, a few of whatever account; answers how many. One that was being handed over
 * when its process ended becomes UNKNOWN and is not sent again.
 */
export function sendDueEmails(transport: MailTransport, options: DueOptions): Promise<number> {
  return workDue({ table: 'email', column: 'send_at' }, options, async (ctx, id) => {
    const email = await ctx.repo(Email).get(id);
    if (email.status === 'sending') return end(ctx, email, { result: 'unknown', reason: INTERRUPTED });
    if (email.status !== 'queued') return null;
    if (!email.from && !transport.sender) return end(ctx, email, { result: 'refused', reason: NO_SENDER });
    const sending = await begin(ctx, email, transport);
    if (!sending) return null;
    return end(ctx, sending, await transport.send(ctx, mailOf(sending)));
  });
}
