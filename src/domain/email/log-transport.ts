import type { Context } from '../context';
import { rowEvent } from '../event';
import { Email } from './email.entity';
import type { Mailbox, MailTransport, OutboundMail } from './mail-transport';

const NOBODY: Mailbox = { address: 'switchboard@localhost.invalid', name: 'Switchboard' };
const CONCURRENCY = 8;

async function record(ctx: Context, mail: OutboundMail): Promise<void> {
  const { from, replyTo, to, cc, bcc, subject, text, html, messageId, inReplyTo, references } = mail;
  await ctx.transaction(async (tx) => {
    const email = await tx.repo(Email).insert({
      ...{ direction: 'outbound', status: 'sent', transport: 'log', attempts: 1, sentAt: tx.instant() },
      ...{ from: from.address, fromName: from.name, replyTo, to, cc, bcc, subject, text, html, messageId },
      ...{ inReplyTo, references },
    });
    await tx.emit(rowEvent(Email, 'created', email));
  });
}

/** The transport that sends nothing: each mail is kept as an Email, and a line without its contents is written. */
export function logTransport(
  sender: Mailbox | null,
  write: (mail: Pick<OutboundMail, 'messageId' | 'to'>) => void,
): MailTransport {
  return {
    ...{ name: 'log', sender: sender ?? NOBODY, concurrency: CONCURRENCY },
    async send(ctx, mail) {
      if (!mail.isRecorded) await record(ctx, mail);
      write({ messageId: mail.messageId, to: mail.to });
      return { result: 'sent', refused: [] };
    },
    close: async () => {},
  };
}
