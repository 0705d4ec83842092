import { createTransport, type SendMailOptions } from 'nodemailer';
import {
  MAIL_SECONDS,
  type Mailbox,
  type MailTransport,
  type OutboundMail,
} from '../../domain/email/mail-transport';
import { outcomeOfFailure, type SmtpFailure } from './smtp-outcome.rules';

/** How far a mail has come on its way out. */
interface Progress {
  /** Everything was read from it, so that the end of the message may have reached the server. */
  isHandedOver: boolean;
}

type TrackedMail = SendMailOptions & { progress: Progress };

interface SmtpOptions {
  /** `smtp://user:password@host:587`, or `smtps:`; nodemailer's settings may follow as a query. */
  url: string;
  /** Who writes when a mail names nobody. */
  sender: Mailbox | null;
  /** Most connections. */
  concurrency?: number;
}

const CONCURRENCY = 10;
const CONNECT_MS = 10_000;

const addressOf = ({ address, name }: Mailbox) => (name ? { address, name } : address);

function messageOf(mail: OutboundMail, progress: Progress): TrackedMail {
  const { from, replyTo, to, cc, bcc, subject, text, html, messageId, inReplyTo, references, headers } = mail;
  return {
    ...{ progress, from: addressOf(from), to, cc, bcc, subject, messageId, references, headers },
    ...(replyTo && { replyTo }),
    ...(text !== null && { text }),
    ...(html !== null && { html }),
    ...(inReplyTo && { inReplyTo }),
    ...{ disableFileAccess: true, disableUrlAccess: true },
    signal: AbortSignal.timeout(MAIL_SECONDS * 1000),
  };
}

/** Sends mails through a mail server, over connections that are kept open. */
export function smtpTransport({ url, sender, concurrency = CONCURRENCY }: SmtpOptions): MailTransport {
  const mailer = createTransport({
    ...{ url, pool: true, maxConnections: concurrency, maxMessages: Number.POSITIVE_INFINITY },
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: MAIL_SECONDS * 1000 },
  });
  mailer.use('stream', (mail, done) => {
    const { progress } = mail.data as TrackedMail;
    mail.message.processFunc((input) => {
      input.once('end', () => {
        progress.isHandedOver = true;
      });
      return input;
    });
    done();
  });
  return {
    ...{ name: 'smtp', sender, concurrency },
    async send(_, mail) {
      const progress = { isHandedOver: false };
      try {
        const { rejected = [] } = await mailer.sendMail(messageOf(mail, progress));
        return { result: 'sent', refused: rejected.map(String) };
      } catch (error) {
        return outcomeOfFailure(error as SmtpFailure, progress.isHandedOver);
      }
    },
    close: async () => mailer.close(),
  };
}
