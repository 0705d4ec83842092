import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Instant } from '../datetime';

/** What signs the messages of a webhook, in the text forms of Standard Webhooks. */
export interface SigningKey {
  /** `whsec_<base64 of 32 bytes>`: the shared secret of the HMAC-SHA256 signatures (`v1`). */
  secret: string;
  /** `whsk_<base64 of seed and public key>`: the private key of the ed25519 signatures (`v1a`). */
  privateKey: string;
  /** When it stops to sign; null for the current key. */
  until: Instant | null;
}

const SECRET_BYTES = 32;
const SEED_BYTES = 32;

/** A new key. */
export function generateSigningKey(): SigningKey {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const pair = Buffer.concat([Buffer.from(d as string, 'base64url'), Buffer.from(x as string, 'base64url')]);
  return {
    secret: `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
    privateKey: `whsk_${pair.toString('base64')}`,
    until: null,
  };
}

/** The seed and the public key (32 bytes each) of a private key. */
export function ed25519PairOf({ privateKey }: SigningKey): { seed: Buffer; publicKey: Buffer } {
  const pair = Buffer.from(privateKey.slice('whsk_'.length), 'base64');
  return { seed: pair.subarray(0, SEED_BYTES), publicKey: pair.subarray(SEED_BYTES) };
}

/** `whpk_<base64 of 32 bytes>`: what receivers verify ed25519 signatures with. */
export function publicKeyOf(key: SigningKey): string {
  return `whpk_${ed25519PairOf(key).publicKey.toString('base64')}`;
}

/** The keys that sign at a time: the current one first, then those that it replaced, while they overlap. */
export function liveKeys(keys: SigningKey[], now: Date): SigningKey[] {
  return keys.filter(({ until }) => until === null || new Date(until) > now);
}
