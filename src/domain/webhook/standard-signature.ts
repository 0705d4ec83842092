import { createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { ed25519PairOf, type SigningKey } from './signing-key.rules';

/** What the signatures of Standard Webhooks are made over. */
export interface SignedContent {
  id: string;
  timestampSeconds: number;
  /** The body, byte for byte as it is sent. */
  body: string;
}

function hmacSignature({ secret }: SigningKey, content: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

// Reading a key takes as long as signing with it.
const KEYS_MAX = 1000;
const keysByText = new Map<string, KeyObject>();

function ed25519KeyOf(signingKey: SigningKey): KeyObject {
  const known = keysByText.get(signingKey.privateKey);
  if (known) return known;
  const { seed, publicKey } = ed25519PairOf(signingKey);
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: seed.toString('base64url'),
    x: publicKey.toString('base64url'),
  };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  if (keysByText.size >= KEYS_MAX) keysByText.clear();
  keysByText.set(signingKey.privateKey, key);
  return key;
}

// On libuv's threads: it takes as long as all else that is done for a request, and would hold up the others.
const signAside = promisify(sign);

async function ed25519Signature(signingKey: SigningKey, content: string): Promise<string> {
  const signature = await signAside(null, Buffer.from(content), ed25519KeyOf(signingKey));
  return `v1a,${signature.toString('base64')}`;
}

/**
 * The `webhook-signature` of Standard Webhooks: `v1` (HMAC-SHA256) and `v1a` (ed25519) of every key, over
 * `id.timestamp.body` (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export async function standardSignature(
  { id, timestampSeconds, body }: SignedContent,
  keys: SigningKey[],
): Promise<string> {
  const content = `${id}.${timestampSeconds}.${body}`;
  const signatures = keys.flatMap((key) => [hmacSignature(key, content), ed25519Signature(key, content)]);
  return (await Promise.all(signatures)).join(' ');
}
