import type { EmailAttachment } from './email-attachment';
import type { Mailbox } from './mail-transport';

/** A mail as it came in, read. Texts are cut to what is kept, and addresses are addresses. */
export interface InboundMail {
  messageId: string | null;
  from: Mailbox | null;
  replyTo: string | null;
  to: string[];
  cc: string[];
  subject: string;
  text: string;
  html: string | null;
  inReplyTo: string | null;
  references: string[];
  attachments: EmailAttachment[];
  /** Hash of the whole, by which a mail without Message-ID is known. */
  hash: string;
  /** Whether a program wrote it by itself, such as a report or a note of absence. */
  isAutomatic: boolean;
}
