import type { Contact } from '../contact/contact.entity';
import { Contact as ContactEntity } from '../contact/contact.entity';
import type { Context } from '../context';
import { type Instant, toInstant } from '../datetime';
import type { BoundStore, Store } from '../store';
import { tableOf } from '../table';
import type { Campaign } from './campaign.entity';
import type { RecipientStatus } from './campaign-recipient.entity';

/** A recipient that this process holds. */
export interface HeldRecipient {
  accountId: string;
  campaignId: string;
  id: string;
  leaseId: string;
  address: string;
  attempts: number;
  /** Not before this moment. */
  slotAt: Instant;
  /** The contact as it is now; null when it was deleted. */
  contact: Contact | null;
  /** Whether its address is on the list of those that must not be written to. */
  isSuppressed: boolean;
}

/** What is wanted of the queue. */
export interface RecipientClaim {
  now: Date;
  leaseId: string;
  limit: number;
}

/** What became of a recipient. */
export interface RecipientOutcome {
  accountId: string;
  campaignId: string;
  id: string;
  leaseId: string;
  status: RecipientStatus;
  reason: string | null;
  messageId: string | null;
  sentAt: Instant | null;
  /** When it is tried again. */
  dueAt: Instant | null;
}

/** How long a recipient that is not yet being sent stays with who has taken it. */
const HOLD_MS = 60_000;
/** Longer than handing a mail over takes with its bookkeeping, so that only a process that is gone is overtaken. */
export const SENDING_LEASE_MS = 120_000;
/** How far ahead the moments of a throttled campaign are given out. */
const AHEAD_MS = 1000;

// A recipient that is held is due again when its lease ends, so what a dead process held is free by itself.
const CLAIM = `
with due as materialized (
  select account_id, id from campaign_recipient
  where account_id = $1 and campaign_id = $2 and status = 'pending' and due_at <= $3
  order by due_at limit $4 for update skip locked
), held as (
  update campaign_recipient recipient set due_at = $5, lease_id = $6
  from due where recipient.account_id = due.account_id and recipient.id = due.id
  returning recipient.id, recipient.address, recipient.attempts, recipient.contact_id
)
select held.id as "recipientId", held.address, held.attempts as "triedBefore", contact.*,
  exists (select from suppression where suppression.account_id = $1
    and suppression.address = lower(held.address)) as "isSuppressed"
from held left join (select ${tableOf(ContactEntity).selectList} from contact where account_id = $1) contact
  on contact.id = held.contact_id
order by held.id`;

type ClaimRow = Contact & {
  recipientId: string;
  address: string;
  triedBefore: number;
  isSuppressed: boolean;
} & Record<string, unknown>;

async function claim(
  query: BoundStore['query'],
  { accountId, id: campaignId }: Pick<Campaign, 'accountId' | 'id'>,
  { now, leaseId, limit }: RecipientClaim,
): Promise<HeldRecipient[]> {
  const slotAt = toInstant(now);
  const heldUntil = toInstant(new Date(now.getTime() + HOLD_MS));
  const values = [accountId, campaignId, slotAt, limit, heldUntil, leaseId];
  const rows = await query<ClaimRow>(CLAIM, values, 'claim recipients');
  return rows.map(({ recipientId, address, triedBefore, isSuppressed, ...contact }) => ({
    ...{
      accountId,
      campaignId,
      id: recipientId,
      leaseId,
      address,
      attempts: triedBefore,
      slotAt,
      isSuppressed,
    },
    contact: contact.id ? (contact as Contact) : null,
  }));
}

const PACE = `
select next_slot_at as "nextSlotAt" from campaign where account_id = $1 and id = $2 for no key update skip locked`;
const MOVE_PACE = 'update campaign set next_slot_at = $3 where account_id = $1 and id = $2';

/**
 * The moments for the next messages of a throttled campaign are given out under the lock of the campaign, each the
 * same time after the one before: so there are never more of them in a second, however many processes take some.
 */
async function claimPaced(
  ctx: Context,
  campaign: Campaign,
  perSecond: number,
  wanted: RecipientClaim,
): Promise<HeldRecipient[]> {
  return ctx.transaction(async (tx) => {
    const key = [campaign.accountId, campaign.id];
    const [pace] = await tx.query<{ nextSlotAt: Instant | null }>(PACE, key, 'campaign pace');
    if (!pace) return [];
    const nowMs = wanted.now.getTime();
    const firstMs = Math.max(nowMs, pace.nextSlotAt ? Date.parse(pace.nextSlotAt) : 0);
    const stepMs = 1000 / perSecond;
    const slots = Math.ceil((nowMs + AHEAD_MS - firstMs) / stepMs);
    if (slots <= 0) return [];
    const query: BoundStore['query'] = (text, values, name) => tx.query(text, values, name);
    const held = await claim(query, campaign, { ...wanted, limit: Math.min(wanted.limit, slots) });
    if (held.length === 0) return [];
    const at = (count: number) => toInstant(new Date(Math.ceil(firstMs + count * stepMs)));
    await tx.query(MOVE_PACE, [...key, at(held.length)]);
    return held.map((one, place) => ({ ...one, slotAt: at(place) }));
  });
}

/** Takes some recipients of a campaign that are due, with the moments from which on they may be sent. */
export function claimRecipients(
  ctx: Context,
  campaign: Campaign,
  wanted: RecipientClaim,
): Promise<HeldRecipient[]> {
  const { throttlePerSecond } = campaign;
  if (throttlePerSecond) return claimPaced(ctx, campaign, throttlePerSecond, wanted);
  return claim((text, values, name) => ctx.query(text, values, name), campaign, wanted);
}

const HELD = 'unnest($1::uuid[], $2::uuid[], $3::text[]) as held(account_id, id, lease_id)';

const BEGIN = `
update campaign_recipient recipient set status = 'sending', attempts = attempts + 1, due_at = $4
from ${HELD}
where recipient.account_id = held.account_id and recipient.id = held.id and recipient.lease_id = held.lease_id
  and recipient.status = 'pending'
returning recipient.id`;

type Lease = Pick<HeldRecipient, 'accountId' | 'id' | 'leaseId'>;

/** Marks held recipients as being sent, which is committed before any of them is; answers which still were held. */
export async function beginRecipients(store: Store, held: Lease[], now: Date): Promise<Set<string>> {
  const until = toInstant(new Date(now.getTime() + SENDING_LEASE_MS));
  const column = (key: keyof Lease) => held.map((one) => one[key]);
  const values = [column('accountId'), column('id'), column('leaseId'), until];
  const rows = await store.acrossAccounts.query<{ id: string }>(BEGIN, values, 'begin recipients');
  return new Set(rows.map(({ id }) => id));
}

// Where another process has taken the holder for dead, only that the message was sent is news.
const END = `
update campaign_recipient recipient
set status = o.status, reason = o.reason, message_id = coalesce(o.message_id, recipient.message_id),
  sent_at = o.sent_at, due_at = o.due_at
from jsonb_to_recordset($1) as o(account_id uuid, id uuid, lease_id text, status text, reason text,
  message_id text, sent_at timestamptz, due_at timestamptz)
where recipient.account_id = o.account_id and recipient.id = o.id and recipient.lease_id = o.lease_id
  and (recipient.status in ('pending', 'sending') or (recipient.status = 'unknown' and o.status = 'sent'))`;

/** Writes down what became of recipients. */
export async function endRecipients(store: Store, outcomes: RecipientOutcome[]): Promise<void> {
  const rows = outcomes.map(({ accountId, id, leaseId, status, reason, messageId, sentAt, dueAt }) => ({
    ...{ account_id: accountId, id, lease_id: leaseId, status, reason, message_id: messageId },
    ...{ sent_at: sentAt, due_at: dueAt },
  }));
  await store.acrossAccounts.query(END, [JSON.stringify(rows)], 'end recipients');
}

const LOSE = `
update campaign_recipient
set status = 'unknown', due_at = null, reason = 'The program ended while it was handed over.'
where account_id = $1 and campaign_id = $2 and status = 'sending' and due_at <= $3
returning id`;

/** Marks what dead processes were sending as unknown; answers how many. */
export async function loseRecipients(store: Store, campaign: Campaign, now: Date): Promise<number> {
  const values = [campaign.accountId, campaign.id, toInstant(now)];
  return (await store.acrossAccounts.query(LOSE, values, 'lose recipients')).length;
}
