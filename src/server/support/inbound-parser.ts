import { createHash } from 'node:crypto';
import type { AddressObject, EmailAddress, ParsedMail } from 'mailparser';
import { EMAIL_BODY_MAX, EMAIL_SUBJECT_MAX } from '../../domain/email/email.entity';
import type { EmailAttachment } from '../../domain/email/email-attachment';
import type { InboundMail } from '../../domain/email/inbound-mail';
import type { Mailbox } from '../../domain/email/mail-transport';
import { isEmail } from '../../domain/field-kinds';
import { textOfHtml } from '../../domain/support-case/html-text';
import { shorten } from '../../domain/text';

const ADDRESSES_MAX = 100;
const ATTACHMENTS_MAX = 100;
const REFERENCES_MAX = 50;
const NAME_MAX = 255;
/** HTML that text is made of at most; what follows is not looked at. */
const HTML_READ_MAX = 1_000_000;
// Visible ASCII between angle brackets (RFC 5322, 3.6.4), as much as a line can hold.
const MESSAGE_ID = /<[!-;=?-~]{1,996}>/g;

type Addresses = AddressObject | AddressObject[] | undefined;

function mailboxesOf(field: Addresses): Mailbox[] {
  const plain = (list: EmailAddress[]): EmailAddress[] =>
    list.flatMap((one) => (one.group ? one.group : [one]));
  const all = [field ?? []].flat().flatMap(({ value }) => plain(value));
  return all.flatMap(({ address, name }) =>
    address && isEmail(address) ? [{ address, name: shorten(name ?? '', NAME_MAX) || null }] : [],
  );
}

const addressesOf = (field: Addresses) => [
  ...new Set(
    mailboxesOf(field)
      .slice(0, ADDRESSES_MAX)
      .map(({ address }) => address),
  ),
];

const idsIn = (field: string | string[] | undefined): string[] =>
  [field ?? []].flat().flatMap((text) => String(text).match(MESSAGE_ID) ?? []);

function attachmentsOf({ attachments }: ParsedMail): EmailAttachment[] {
  return attachments.slice(0, ATTACHMENTS_MAX).map(({ filename, contentType, size }) => ({
    name: filename ? shorten(filename, NAME_MAX) : null,
    contentType: shorten(contentType ?? 'application/octet-stream', NAME_MAX),
    size,
  }));
}

function textOf({ text, html }: ParsedMail): string {
  if (text?.trim()) return text;
  return html ? textOfHtml(html.slice(0, HTML_READ_MAX)) : '';
}

const AUTOMATIC = ['x-autoreply', 'x-autorespond', 'x-auto-reply'];
const NO_PERSON = ['auto_reply', 'bulk', 'junk'];

/** Whether nobody wrote it: RFC 3834, delivery reports (RFC 3464), and what answering machines said before those. */
function isAutomatic({ headers, headerLines }: ParsedMail): boolean {
  const word = (name: string) => String(headers.get(name) ?? '').toLowerCase();
  const submitted = word('auto-submitted');
  const type = (headers.get('content-type') as { value?: string } | undefined)?.value;
  return (
    (submitted !== '' && !/^no\b/.test(submitted)) ||
    NO_PERSON.includes(word('precedence')) ||
    AUTOMATIC.some((name) => headers.has(name)) ||
    type?.toLowerCase() === 'multipart/report' ||
    headerLines.some(({ key, line }) => key === 'return-path' && /:\s*<\s*>\s*$/.test(line))
  );
}

/**
 * Reads a mail that came in (RFC 5322, MIME). Undefined for what is none, or is built to be expensive: more than
 * 1,000 parts, or more than 1 MB of headers. What is too long is cut, what is no address is left out.
 */
export async function readInboundMail(raw: Buffer): Promise<InboundMail | undefined> {
  const { simpleParser } = await import('mailparser');
  let mail: ParsedMail;
  try {
    mail = await simpleParser(raw, {
      ...{ keepCidLinks: true, skipImageLinks: true },
      ...{ skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true },
    });
  } catch {
    return undefined;
  }
  if (!mail.headers || mail.headers.size === 0) return undefined;
  return {
    messageId: idsIn(mail.messageId)[0] ?? null,
    from: mailboxesOf(mail.from)[0] ?? null,
    replyTo: addressesOf(mail.replyTo)[0] ?? null,
    ...{ to: addressesOf(mail.to), cc: addressesOf(mail.cc) },
    subject: shorten((mail.subject ?? '').replace(/\s+/g, ' ').trim(), EMAIL_SUBJECT_MAX),
    text: shorten(textOf(mail), EMAIL_BODY_MAX),
    html: mail.html ? shorten(mail.html, EMAIL_BODY_MAX) : null,
    inReplyTo: idsIn(mail.inReplyTo)[0] ?? null,
    references: idsIn(mail.references).slice(-REFERENCES_MAX),
    attachments: attachmentsOf(mail),
    hash: createHash('sha256').update(raw).digest('hex'),
    isAutomatic: isAutomatic(mail),
  };
}
