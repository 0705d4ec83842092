import type { ParsedMail } from 'mailparser';
import { z } from 'zod';
import type { BounceReport } from '../../domain/campaign/bounce';

const given = z
  .object({
    messageId: z.string().max(998).optional(),
    recipient: z.string().max(320).optional(),
    type: z.enum(['hard', 'soft', 'complaint']),
    reason: z.string().max(2000).optional(),
  })
  .refine(({ messageId, recipient }) => messageId !== undefined || recipient !== undefined);

/** What is said of a message in JSON: `{ messageId or recipient, type: hard, soft or complaint, reason }`. */
export function readBounceJson(body: unknown): BounceReport | undefined {
  const parsed = given.safeParse(body);
  if (!parsed.success) return undefined;
  const { messageId, recipient, type, reason } = parsed.data;
  return { messageId, address: recipient, kind: type, reason: reason ?? null };
}

/** A header field of a part that consists of them; folded lines are joined. */
function fieldOf(part: string, name: string): string | undefined {
  const lines = part.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const prefix = `${name.toLowerCase()}:`;
  const line = lines.find((one) => one.toLowerCase().startsWith(prefix));
  return line?.slice(prefix.length).trim();
}

function partOf({ attachments }: ParsedMail, ...types: string[]): string | undefined {
  return attachments.find(({ contentType }) => types.includes(contentType))?.content.toString();
}

/** `rfc822; ann@example.com` is `ann@example.com`. */
const addressIn = (field: string | undefined) =>
  field
    ?.replace(/^[^;]*;/, '')
    .trim()
    .replace(/^<|>$/g, '');

const ORIGINAL = ['message/rfc822', 'text/rfc822-headers', 'message/rfc822-headers'];

/**
 * Reads a mail that a mail server has sent back: a delivery status notification (RFC 3464) or a report of a
 * complaint (RFC 5965). Undefined for any other mail, and for one that only says that it takes longer.
 */
export async function readBounceMail(raw: Buffer): Promise<BounceReport | undefined> {
  const { simpleParser } = await import('mailparser');
  const mail = await simpleParser(raw, {
    keepDeliveryStatus: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
  });
  const original = partOf(mail, ...ORIGINAL) ?? '';
  const messageId = fieldOf(original, 'Message-ID');
  const complaint = partOf(mail, 'message/feedback-report');
  if (complaint !== undefined) {
    const address = addressIn(fieldOf(complaint, 'Original-Rcpt-To')) ?? fieldOf(original, 'To');
    return { messageId, address, kind: 'complaint', reason: fieldOf(complaint, 'Feedback-Type') ?? null };
  }
  const status = partOf(mail, 'message/delivery-status');
  if (status === undefined || fieldOf(status, 'Action')?.toLowerCase() !== 'failed') return undefined;
  const code = fieldOf(status, 'Status') ?? '';
  const reason = addressIn(fieldOf(status, 'Diagnostic-Code')) ?? (code || null);
  const address = addressIn(fieldOf(status, 'Final-Recipient'));
  return { messageId, address, kind: code.startsWith('4') ? 'soft' : 'hard', reason };
}
