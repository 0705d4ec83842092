import type { Context } from '../context';
import type { Vault } from '../vault';
import type { HeldRecipient } from './recipient-queue';
import { suppress } from './suppress';

const PLACE = 'unsubscribe link';
const ID_BYTES = 16;

/** Whom an unsubscribe link is for. */
export interface UnsubscribeTarget {
  accountId: string;
  recipientId: string;
}

const bytesOf = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
const idOf = (bytes: Buffer) =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The end of a recipient's unsubscribe link: only this installation can make and read it. */
export function unsubscribeToken(vault: Vault, { accountId, recipientId }: UnsubscribeTarget): string {
  const ids = Buffer.concat([bytesOf(accountId), bytesOf(recipientId)]);
  return vault.encrypt(ids.toString('base64url'), PLACE);
}

/** Whom the link is for; undefined for one that was not made here. */
export function readUnsubscribeToken(vault: Vault, token: string): UnsubscribeTarget | undefined {
  try {
    const ids = Buffer.from(vault.decrypt(token, PLACE), 'base64url');
    return { accountId: idOf(ids.subarray(0, ID_BYTES)), recipientId: idOf(ids.subarray(ID_BYTES)) };
  } catch {
    return undefined;
  }
}

const FIND = `
select address, exists (
  select from suppression where suppression.account_id = $1 and suppression.address = lower(recipient.address)
) as "isSuppressed"
from campaign_recipient recipient where account_id = $1 and id = $2`;

const NOTE = `
update campaign_recipient set unsubscribed_at = coalesce(unsubscribed_at, $3)
where account_id = $1 and id = $2
returning address, contact_id as "contactId"`;

type LinkOwner = Pick<HeldRecipient, 'address' | 'isSuppressed'>;

/** The address that a link is for, and whether it is written to no more; undefined when the recipient is gone. */
export async function findLinkOwner(ctx: Context, recipientId: string): Promise<LinkOwner | undefined> {
  const [found] = await ctx.query<LinkOwner & Record<string, unknown>>(FIND, [ctx.account.id, recipientId]);
  return found;
}

/** Unsubscribes the contact of a recipient, also one that has subscribed anew since the link was last used. */
export async function unsubscribe(ctx: Context, recipientId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const values = [tx.account.id, recipientId, tx.instant()];
    const [noted] = await tx.query<{ address: string; contactId: string }>(NOTE, values);
    if (noted) await suppress(tx, noted, 'unsubscribed');
  });
}
