import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../error';

// One of the settings that OWASP holds to be equally strong, the one of 32 MiB
// (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt).
const COST = { ln: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/;

/** Hashes that are worked out at once; each takes a core and 32 MiB. */
const AT_ONCE = 2;
const WAITING_MAX = 50;

let running = 0;
const waiting: (() => void)[] = [];

/** Works when it is its turn. Throws UNAVAILABLE when too many wait already. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_MAX) {
      const message = 'Too many people sign in at the moment: try again.';
      throw new DomainError('UNAVAILABLE', message, { retryAfterSeconds: 5 });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    // Whoever waits longest takes over the place.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function derive(password: string, salt: Buffer, { ln, r, p }: typeof COST, length: number): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 2 ** 20 + 256 * 2 ** ln * r };
  // One spelling for texts that look the same, whatever keyboard they come from.
  const text = password.normalize('NFKC');
  return inTurn(
    () =>
      new Promise((resolve, reject) => {
        scrypt(text, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
      }),
  );
}

function encode(salt: Buffer, hash: Buffer): string {
  const [saltText, hashText] = [salt, hash].map((part) => part.toString('base64').replace(/=+$/, ''));
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${saltText}$${hashText}`;
}

/** The hash of a password with its salt and cost, in PHC form (`$scrypt$ln=15,r=8,p=3$salt$hash`). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return encode(salt, await derive(password, salt, COST, HASH_BYTES));
}

const OF_NOBODY = encode(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

/** Whether the password is the one of the hash. Without a hash it is not, and that takes as long to find out. */
export async function isPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const [, ln, r, p, salt = '', expected = ''] = PHC.exec(hash ?? OF_NOBODY) ?? [];
  if (!ln) throw new Error('A stored password hash is not readable.');
  const wanted = Buffer.from(expected, 'base64');
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const found = await derive(password, Buffer.from(salt, 'base64'), cost, wanted.length);
  return timingSafeEqual(found, wanted);
}
