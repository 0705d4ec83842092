import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;

interface Key {
  /** Names the key in what it encrypted, and says nothing of it. */
  id: string;
  bytes: Buffer;
}

function keyOf(secret: string): Key {
  const derive = (info: string, length: number) => Buffer.from(hkdfSync('sha256', secret, '', info, length));
  return { id: derive('encryption key id', 6).toString('base64url'), bytes: derive('encryption key', 32) };
}

/** What is done with the server's secret; what older secrets encrypted can still be read. */
export class Vault {
  private readonly current: Key;
  private readonly keysById: Map<string, Key>;
  private readonly hashKey: KeyObject;
  private readonly signingKeysByPurpose = new Map<string, readonly Buffer[]>();

  constructor(
    private readonly secret: string,
    private readonly previousSecrets: string[] = [],
  ) {
    this.current = keyOf(secret);
    this.hashKey = createSecretKey(Buffer.from(secret));
    this.keysById = new Map([this.current, ...previousSecrets.map(keyOf)].map((key) => [key.id, key]));
  }

  /** Keyed hash (HMAC-SHA256, hex) of a secret that is looked up but never shown again. */
  hash(text: string): string {
    return createHmac('sha256', this.hashKey).update(text).digest('hex');
  }

  /** Keys (256 bits) that sign for one purpose: the first is that of the current secret, all of them are good. */
  signingKeys(purpose: string): readonly Buffer[] {
    const known = this.signingKeysByPurpose.get(purpose);
    if (known) return known;
    const keys = [this.secret, ...this.previousSecrets].map((secret) =>
      Buffer.from(hkdfSync('sha256', secret, '', `signing key: ${purpose}`, 32)),
    );
    this.signingKeysByPurpose.set(purpose, keys);
    return keys;
  }

  /**
   * Encrypts a text (AES-256-GCM) as `v1.<keyId>.<iv>.<tag>.<data>`. `place` names where it is kept, such as a row:
   * it can be read back only from there.
   */
  encrypt(text: string, place: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.current.bytes, iv).setAAD(Buffer.from(place));
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const parts = [iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'));
    return [VERSION, this.current.id, ...parts].join('.');
  }

  /** The text that was encrypted for the place. Throws when its secret is unknown, or when it was tampered with. */
  decrypt(sealed: string, place: string): string {
    const [version, keyId = '', ...parts] = sealed.split('.');
    const [iv, tag, data] = parts.map((part) => Buffer.from(part, 'base64url'));
    if (version !== VERSION || !iv || !tag || !data) throw new Error('A stored secret is not readable.');
    const key = this.keysById.get(keyId);
    if (!key) {
      throw new Error(
        `A stored secret was encrypted under another SECRET (key ${keyId}): name it in SECRET_PREVIOUS.`,
      );
    }
    const decipher = createDecipheriv(CIPHER, key.bytes, iv, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  }

  /** Whether the text is encrypted under the current secret; if not, its next write should encrypt it anew. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(`${VERSION}.${this.current.id}.`);
  }
}
