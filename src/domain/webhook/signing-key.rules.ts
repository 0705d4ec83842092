import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Instant } from '../datetime';

/** What signs the messages of a webhook, in the text forms of Standard Webhooks. */
export interface SigningKey {
  /** The shared secret of the HMAC-SHA256 signatures (`v1`): `whsec_<base64>`, or any text for formats that sign with it. */
  secret: string;
  /** `whsk_<base64 of seed and public key>`: the private key of the ed25519 signatures (`v1a`). */
  privateKey: string;
  /** When it stops to sign; null for the current key. */
  until: Instant | null;
}

const SECRET_BYTES = 32;
const SEED_BYTES = 32;

/** Whether the text is a secret of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export function isStandardSecret(text: string): boolean {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1] ?? '';
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 && bytes.length >= 24 && bytes.length <= 64;
}

/** What is wrong with a secret that somebody chose, or undefined. */
export function secretProblem(secret: string, isSignedWithText: boolean): string | undefined {
  if (!isSignedWithText)
    return isStandardSecret(secret) ? undefined : 'must be whsec_ and the base64 of 24 to 64 bytes';
  return /^[\x21-\x7e]{16,100}$/.test(secret)
    ? undefined
    : 'must be 16 to 100 letters, digits and signs of ASCII without spaces';
}

/** A new key, with a generated secret unless one is given. */
export function generateSigningKey(
  secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
): SigningKey {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const pair = Buffer.concat([Buffer.from(d as string, 'base64url'), Buffer.from(x as string, 'base64url')]);
  return {
    secret,
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
