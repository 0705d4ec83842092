import { accounts } from '../domain/account/account.service';
import { isWellFormedKey } from '../domain/api-key/api-key.rules';
import { type AccountScope, Context, type Store } from '../domain/context';
import { DomainError } from '../domain/error';
import type { SignIn } from '../domain/sign-in';
import type { Vault } from '../domain/vault';

interface KeyRow extends AccountScope {
  keyId: string;
  keyName: string;
  scopes: string[] | null;
  expiresAt: string | null;
}

const KEY_BY_HASH = `
select api_key.id as "keyId", api_key.name as "keyName", api_key.scopes, api_key.expires_at as "expiresAt",
  account.id, account.number, account.kind, account.time_zone as "timeZone", account.default_country as "defaultCountry",
  feed.id as "defaultFeedId"
from api_key
join account on account.id = api_key.account_id and account.is_active
join feed on feed.account_id = account.id and feed.is_default and feed.deleted_at is null
where api_key.hash = $1 and api_key.revoked_at is null`;

const NOTE_USE = `
update api_key set last_used_at = $3
where account_id = $1 and id = $2
  and (last_used_at is null or last_used_at < $3::timestamptz - interval '1 minute')`;

/** A key stays known for this long after it was read, so a revocation holds everywhere within a second. */
const KNOWN_FOR_MS = 800;
const KNOWN_MAX = 10_000;
const USE_NOTED_EVERY_MS = 60_000;

interface Known {
  row: KeyRow | undefined;
  readAt: number;
}

interface AuthOptions {
  store: Store;
  vault: Vault;
  now: () => Date;
  /** Hears of every commit that appended to the change log. */
  onChange?: () => void;
}

function refuse(): DomainError {
  return new DomainError('UNAUTHENTICATED', 'Invalid or missing API key');
}

/** Signs requests in by their API keys. */
export class Authenticator {
  private readonly knownByHash = new Map<string, Known>();
  private readonly usedAtByKeyId = new Map<string, number>();

  constructor(private readonly options: AuthOptions) {}

  /** See {@link SignIn}. */
  readonly signIn: SignIn = async ({ key, requestId, accountId }) => {
    const { store, vault, now, onChange } = this.options;
    const row = key && isWellFormedKey(key) ? await this.find(vault.hash(key)) : undefined;
    if (!row || (row.expiresAt && new Date(row.expiresAt) <= now())) throw refuse();
    this.noteUse(row);
    const { keyId, keyName, scopes, expiresAt, ...account } = row;
    const actor = { kind: 'key' as const, id: keyId, name: keyName };
    const context = new Context({
      ...{ store, vault, now, onChange, account, actor, requestId },
      scopes: scopes && new Set(scopes),
    });
    if (!accountId || accountId === account.id) return context;
    return context.actingFor(await accounts.clientScope(context, accountId));
  };

  private async find(hash: string): Promise<KeyRow | undefined> {
    const known = this.knownByHash.get(hash);
    const now = performance.now();
    if (known && now - known.readAt < KNOWN_FOR_MS) return known.row;
    const [row] = await this.options.store.query<KeyRow>(KEY_BY_HASH, [hash], 'key by hash');
    this.knownByHash.delete(hash);
    if (this.knownByHash.size >= KNOWN_MAX) this.knownByHash.clear();
    this.knownByHash.set(hash, { row, readAt: now });
    return row;
  }

  private noteUse({ id, keyId }: KeyRow): void {
    const at = this.options.now();
    if (at.getTime() - (this.usedAtByKeyId.get(keyId) ?? 0) < USE_NOTED_EVERY_MS) return;
    if (this.usedAtByKeyId.size >= KNOWN_MAX) this.usedAtByKeyId.clear();
    this.usedAtByKeyId.set(keyId, at.getTime());
    // The answer does not wait for this note, and losing it loses nothing.
    this.options.store.query(NOTE_USE, [id, keyId, at.toISOString()], 'note key use').catch(() => {});
  }
}
