import type { Context } from '../context';
import { saveChanges } from '../crud';
import { Email } from '../email/email.entity';
import { rowEvent } from '../event';
import { isUuid } from '../field-kinds';
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

async function findBounced(ctx: Context, { messageId, address }: BounceReport): Promise<Bounced | undefined> {
  const id = idIn(messageId);
  const [text, value] = id ? [BY_ID, id] : [BY_ADDRESS, address];
  if (!value) return undefined;
  const [found] = await ctx.query<Bounced & Record<string, unknown>>(text, [ctx.account.id, value]);
  return found;
}

async function noteBounce(ctx: Context, bounced: Bounced, { kind, reason }: BounceReport): Promise<void> {
  if (bounced.status === 'bounced') return;
  const why = shorten(reason ?? 'It came back.', 500);
  await ctx.query(NOTE, [ctx.account.id, bounced.id, why, ctx.instant()]);
  if (kind === 'hard') await suppress(ctx, bounced, 'bounced');
  const campaign = await ctx.repo(Campaign).find(bounced.campaignId);
  if (!campaign) return;
  const { id: recipientId, contactId, address } = bounced;
  const bounce = { recipientId, contactId, address, kind, reason: why };
  await ctx.emit(rowEvent(Campaign, 'bounced', campaign, { bounce: { old: null, new: bounce } }));
}

async function noteEmail(ctx: Context, { messageId, reason }: BounceReport): Promise<boolean> {
  const id = idIn(messageId);
  const email = id ? await ctx.repo(Email).lockIfThere(id) : undefined;
  if (email?.direction !== 'outbound') return false;
  await saveChanges(ctx, Email, email, { status: 'bounced', error: shorten(reason ?? 'It came back.', 255) });
  return true;
}

/**
 * Takes in that a message came back, or that its reader complained; once, however often it is said. Answers whether
 * it was one of the account's messages.
 */
export async function takeBounce(ctx: Context, report: BounceReport): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const bounced = await findBounced(tx, report);
    if (!bounced) return report.kind !== 'complaint' && noteEmail(tx, report);
    if (report.kind === 'complaint') await suppress(tx, bounced, 'complained');
    else await noteBounce(tx, bounced, report);
    return true;
  });
}
