import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What keys start with when nothing else is asked for. */
export const DEFAULT_KEY_PREFIX = 'sb_live';

const PREFIX = /^[a-z][a-z0-9_]{0,19}$/;
const RANDOM_BYTES = 24;

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

/** Whether a text can start a key: lower-case letters, digits and underscores, at most 20 characters. */
export function isKeyPrefix(text: string): boolean {
  return PREFIX.test(text) && !text.endsWith('_');
}

/** A new key `<prefix>_<random>_<crc32>`: 192 random bits, and a checksum that secret scanners can test offline. */
export function generateKey(prefix: string): string {
  const body = `${prefix}_${randomBytes(RANDOM_BYTES).toString('hex')}`;
  return `${body}_${checksum(body)}`;
}

/** Whether a text can be a key at all, so that nonsense costs no look-up. */
export function isWellFormedKey(key: string): boolean {
  const at = key.lastIndexOf('_');
  return key.length <= 100 && at > 0 && key.slice(at + 1) === checksum(key.slice(0, at));
}
