import type { Campaign } from '../../domain/campaign/campaign.entity';
import { type CompiledCampaign, contactValues } from '../../domain/campaign/campaign-template';
import { queueCampaignText } from '../../domain/campaign/campaign-texts';
import type { HeldRecipient, RecipientOutcome } from '../../domain/campaign/recipient-queue';
import { unsubscribeToken } from '../../domain/campaign/unsubscribe';
import type { Contact } from '../../domain/contact/contact.entity';
import type { Context } from '../../domain/context';
import { toInstant } from '../../domain/datetime';
import { nextMailTryAt } from '../../domain/email/mail-retry.rules';
import {
  domainOf,
  type MailOutcome,
  type MailTransport,
  type OutboundMail,
} from '../../domain/email/mail-transport';
import { shorten } from '../../domain/text';

/** What became of a recipient, as far as it is about the message. */
export type Verdict = Omit<RecipientOutcome, 'accountId' | 'campaignId' | 'id' | 'leaseId'>;

/** One recipient on its way out. */
interface HandOver {
  campaign: Campaign;
  compiled: CompiledCampaign;
  one: HeldRecipient;
  transport: MailTransport;
  publicUrl: string;
  /** Marks the recipient as being sent; answers whether it still was this process's to send. */
  begin: () => Promise<boolean>;
}

const REASON_MAX = 500;
const NO_SENDER = 'The campaign names no address that it is from, and MAIL_FROM is not set.';
const NOTHING: Verdict = { status: 'failed', reason: null, messageId: null, sentAt: null, dueAt: null };

const end = (status: Verdict['status'], reason: string): Verdict => ({
  ...NOTHING,
  ...{ status, reason: shorten(reason, REASON_MAX) },
});

/** Why a contact is not written to any more; undefined when it is. */
function unwelcome({ contact, isSuppressed }: HeldRecipient): string | undefined {
  if (!contact) return 'The contact was deleted.';
  if (contact.status !== 'subscribed') return `The contact is ${contact.status}.`;
  return isSuppressed ? 'The address is on the list of suppressions.' : undefined;
}

/** Headers by which mail programs offer to unsubscribe, also by one click (https://www.rfc-editor.org/rfc/rfc8058). */
const unsubscribeHeaders = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

function verdictOf(ctx: Context, outcome: MailOutcome, messageId: string, tries: number): Verdict {
  switch (outcome.result) {
    case 'sent':
      return { ...NOTHING, status: 'sent', messageId, sentAt: ctx.instant() };
    case 'refused':
      return end('failed', outcome.reason);
    case 'unknown':
      return { ...end('unknown', outcome.reason), messageId };
    case 'deferred': {
      const next = nextMailTryAt(tries, ctx.now());
      if (!next) return end('failed', outcome.reason);
      return { ...end('pending', outcome.reason), dueAt: toInstant(next) };
    }
  }
}

async function handMail(
  ctx: Context,
  { campaign, one, transport, begin }: HandOver,
  message: { subject: string; text: string | null; html: string | null },
  url: string,
): Promise<Verdict | undefined> {
  const { fromAddress, fromName, replyTo } = campaign;
  const address = fromAddress ?? transport.sender?.address;
  if (!address) return end('failed', NO_SENDER);
  const name = fromName ?? (fromAddress ? null : (transport.sender?.name ?? null));
  const mail: OutboundMail = {
    ...{ messageId: `<${one.id}@${domainOf(address)}>`, from: { address, name }, replyTo },
    ...{ to: [one.address], cc: [], bcc: [], ...message, inReplyTo: null, references: [] },
    ...{ headers: unsubscribeHeaders(url), isRecorded: false },
  };
  if (!(await begin())) return undefined;
  return verdictOf(ctx, await transport.send(ctx, mail), mail.messageId, one.attempts + 1);
}

async function handText(
  ctx: Context,
  { campaign, one }: HandOver,
  text: string,
): Promise<Verdict | undefined> {
  const problem = await queueCampaignText(ctx, campaign, one, text);
  return problem === undefined ? undefined : end('failed', problem);
}

/** Writes the message for a recipient and hands it over; undefined when there is nothing to write down. */
export async function handOver(ctx: Context, given: HandOver): Promise<Verdict | undefined> {
  const { campaign, compiled, one, publicUrl } = given;
  const why = unwelcome(one);
  if (why) return end('skipped', why);
  const target = { accountId: one.accountId, recipientId: one.id };
  const url = `${publicUrl}/u/${unsubscribeToken(ctx.vault, target)}`;
  const values = { ...contactValues(one.contact as Contact), unsubscribe_url: url };
  const message = compiled.render(values);
  if ('problem' in message) return end('failed', message.problem);
  return campaign.channel === 'sms'
    ? handText(ctx, given, message.text ?? '')
    : handMail(ctx, given, message, url);
}
