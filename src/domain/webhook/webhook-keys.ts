import type { Context } from '../context';
import { toInstant } from '../datetime';
import { DomainError } from '../error';
import type { Vault } from '../vault';
import { generateSigningKey, liveKeys, publicKeyOf, type SigningKey } from './signing-key.rules';

/** Where the keys of a webhook are kept; only there they can be read. */
interface KeyHolder {
  accountId: string;
  id: string;
  signingKeys: string;
}

/** Most secrets of a webhook that sign at a time. */
const LIVE_MAX = 5;

const placeOf = ({ accountId, id }: Pick<KeyHolder, 'accountId' | 'id'>) =>
  `signing keys of webhook ${accountId} ${id}`;

// Opening them takes as long as signing with them.
const KEYS_MAX = 1000;
const knownByVault = new WeakMap<Vault, Map<string, SigningKey[]>>();

function knownTo(vault: Vault): Map<string, SigningKey[]> {
  const known = knownByVault.get(vault);
  if (known && known.size < KEYS_MAX) return known;
  const none = new Map<string, SigningKey[]>();
  knownByVault.set(vault, none);
  return none;
}

function keysOf(vault: Vault, holder: KeyHolder): SigningKey[] {
  const place = placeOf(holder);
  const opened = knownTo(vault);
  const text = `${place} ${holder.signingKeys}`;
  const keys = opened.get(text) ?? JSON.parse(vault.decrypt(holder.signingKeys, place));
  opened.set(text, keys);
  return keys;
}

/** The keys of a webhook that sign at the given time, the current one first. */
export function openSigningKeys(vault: Vault, holder: KeyHolder, at: Date): SigningKey[] {
  return liveKeys(keysOf(vault, holder), at);
}

/** The columns of a webhook with these keys, the current one first. */
function columnsOfKeys(ctx: Context, id: string, keys: [SigningKey, ...SigningKey[]]) {
  const place = placeOf({ accountId: ctx.account.id, id });
  return {
    signingKeys: ctx.vault.encrypt(JSON.stringify(keys), place),
    publicKey: publicKeyOf(keys[0]),
    previousSecretUntil: keys[1]?.until ?? null,
  };
}

/** A first key for a webhook, with the secret when one is given: its secret in the clear, and the columns that keep it. */
export function firstKey(ctx: Context, id: string, chosenSecret?: string) {
  const key = generateSigningKey(chosenSecret);
  return { secret: key.secret, columns: columnsOfKeys(ctx, id, [key]) };
}

/**
 * A new key for a webhook, beside which the old ones go on signing for some hours (0: not at all). Throws CONFLICT
 * when too many sign already.
 */
export function nextKey(ctx: Context, holder: KeyHolder, overlapHours: number) {
  const until = new Date(ctx.now().getTime() + overlapHours * 3_600_000);
  const old = overlapHours === 0 ? [] : openSigningKeys(ctx.vault, holder, ctx.now());
  if (old.length >= LIVE_MAX) {
    throw new DomainError(
      'CONFLICT',
      `${LIVE_MAX} secrets of this webhook still sign: wait until one has run out, or rotate with overlapHours 0.`,
    );
  }
  const key = generateSigningKey();
  const kept = old.map((one) => ({ ...one, until: one.until ?? toInstant(until) }));
  return { secret: key.secret, columns: columnsOfKeys(ctx, holder.id, [key, ...kept]) };
}

/** The keys encrypted under the current secret of the installation, where they are not yet. */
export function resealed(ctx: Context, holder: KeyHolder): { signingKeys?: string } {
  if (ctx.vault.isCurrent(holder.signingKeys)) return {};
  const place = placeOf(holder);
  return { signingKeys: ctx.vault.encrypt(ctx.vault.decrypt(holder.signingKeys, place), place) };
}
