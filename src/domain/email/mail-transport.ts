import type { Context } from '../context';

/** An e-mail address with the name that is shown beside it. */
export interface Mailbox {
  address: string;
  name: string | null;
}

/** A mail on its way out. */
export interface OutboundMail {
  /** `<id@domain>`, the same each time that this mail is handed over. */
  messageId: string;
  from: Mailbox;
  replyTo: string | null;
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  text: string | null;
  html: string | null;
  /** The message that it answers, and those before it. */
  inReplyTo: string | null;
  references: string[];
  /** Further headers, such as List-Unsubscribe. */
  headers: Record<string, string>;
  /** Whether the mail is kept as an Email already. */
  isRecorded: boolean;
}

/** What became of a mail that was handed over. */
export type MailOutcome =
  /** The server has taken responsibility for it; not for the recipients in `refused`. */
  | { result: 'sent'; refused: string[] }
  /** The server refuses it for good. */
  | { result: 'refused'; reason: string }
  /** It was not taken, and may be at another time. */
  | { result: 'deferred'; reason: string }
  /** All of it was sent, and the answer never came: it may have been taken or not. */
  | { result: 'unknown'; reason: string };

/** What sends mails. It gets them when they are committed as being sent. */
export interface MailTransport {
  readonly name: string;
  /** Who writes when a mail names nobody. */
  readonly sender: Mailbox | null;
  /** How many mails it takes at a time. */
  readonly concurrency: number;
  /** Hands a mail over, within {@link MAIL_SECONDS}. Throws only for faults of the program. */
  send: (ctx: Context, mail: OutboundMail) => Promise<MailOutcome>;
  close: () => Promise<void>;
}

/** Seconds that handing a mail over may take at most. */
export const MAIL_SECONDS = 45;

/** The part of an address behind the @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
