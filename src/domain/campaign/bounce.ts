import type { Context } from '../context';
import { saveChanges } from '../crud';
import { Email } from '../email/email.entity';
import { rowEvent } from '../event';
import { isUuid } from '../field-kinds';
import { suppressions } from '../suppression/suppression.service';
import { shorten } from '../text';
import type { Vault } from '../vault';
import { Campaign } from './campaign.entity';
import type { RecipientStatus } from './campaign-recipient.entity';
import { suppress } from './suppress';

/** What came back of a message. */
export interface BounceReport {
  /** Message-ID of the message. */
  messageId?: string | undefined;
  /** The address that it was to; used when the Message-ID is not known. */
  address?: string | undefined;
  /** `hard`: the address takes no mail; `soft`: this message did not arrive; `complaint`: it was called spam. */
  kind: 'hard' | 'soft' | 'complaint';
  reason: string | null;
}

const PLACE = 'bounce address';

/** The end of the address that an account's bounces are posted to: only this installation can make and read it. */
export function bounceToken(vault: Vault, accountId: string): string {
  return vault.encrypt(accountId, PLACE);
}

/** The account that the address is of; undefined for one that was not made here. */
export function readBounceToken(vault: Vault, token: string): string | undefined {
  try {
    return vault.decrypt(token, PLACE);
  } catch {
    return undefined;
  }
}

interface Bounced {
  id: string;
  campaignId: string;
  contactId: string;
  address: string;
  status: RecipientStatus;
}

const COLUMNS = 'id, campaign_id as "campaignId", contact_id as "contactId", address, status';
const BY_ID = `select ${COLUMNS} from campaign_recipient where account_id = $1 and id = $2 for update`;
const BY_ADDRESS = `
select ${COLUMNS} from campaign_recipient
where account_id = $1 and lower(address) = lower($2) and status not in ('pending', 'failed', 'skipped')
order by id desc limit 1 for update`;
const NOTE = `
update campaign_recipient
set status = 'bounced', reason = $3, sent_at = coalesce(sent_at, $4), due_at = null
where account_id = $1 and id = $2`;

/** The id that messages of campaigns and single e-mails have in their Message-ID. */
function idIn(messageId: string | undefined): string | undefined {
  const local = /^<?([^@<>\s]+)@/.exec(messageId?.trim() ?? '')?.[1];
  return isUuid(local) ? local : undefined;
}

async function findRecipient(ctx: Context, text: string, value: string): Promise<Bounced | undefined> {
  const [found] = await ctx.query<Bounced & Record<string, unknown>>(text, [ctx.account.id, value]);
  return found;
}

async function noteRecipient(ctx: Context, bounced: Bounced, { kind, reason }: BounceReport): Promise<void> {
  if (kind === 'complaint') return suppress(ctx, bounced, 'complained');
  const isNew = bounced.status !== 'bounced';
  const why = shorten(reason ?? 'It came back.', 500);
  if (isNew) await ctx.query(NOTE, [ctx.account.id, bounced.id, why, ctx.instant()]);
  // Also when it is not new: what came back for a while before may have done so for good now.
  if (kind === 'hard') await suppress(ctx, bounced, 'bounced');
  const campaign = isNew ? await ctx.repo(Campaign).find(bounced.campaignId) : undefined;
  if (!campaign) return;
  const { id: recipientId, contactId, address } = bounced;
  const bounce = { recipientId, contactId, address, kind, reason: why };
  await ctx.emit(rowEvent(Campaign, 'bounced', campaign, { bounce: { old: null, new: bounce } }));
}

/** The address of a single e-mail that a report is about; undefined when it does not say which of several. */
function addresseeOf({ to, cc, bcc }: Email, { address }: BounceReport): string | undefined {
  const all = [...to, ...cc, ...bcc];
  return all.length === 1 ? all[0] : all.find((one) => one.toLowerCase() === address?.toLowerCase());
}

async function noteEmail(ctx: Context, email: Email, report: BounceReport): Promise<void> {
  const { kind, reason } = report;
  if (kind !== 'complaint')
    await saveChanges(ctx, Email, email, {
      status: 'bounced',
      error: shorten(reason ?? 'It came back.', 255),
    });
  const address = kind === 'soft' ? undefined : addresseeOf(email, report);
  if (address) await suppressions.suppress(ctx, address, kind === 'hard' ? 'bounced' : 'complained');
}

/**
 * Takes in that a message came back, or that its reader complained; once, however often it is said. Answers whether
 * it was one of the account's messages.
 */
export async function takeBounce(ctx: Context, report: BounceReport): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const id = idIn(report.messageId);
    const named = id ? await findRecipient(tx, BY_ID, id) : undefined;
    const email = id && !named ? await tx.repo(Email).lockIfThere(id) : undefined;
    if (email?.direction === 'outbound') {
      await noteEmail(tx, email, report);
      return true;
    }
    const { address } = report;
    const bounced = named ?? (address ? await findRecipient(tx, BY_ADDRESS, address) : undefined);
    if (bounced) await noteRecipient(tx, bounced, report);
    return bounced !== undefined;
  });
}
