import { LOGIN_SCOPE } from '../agent/agent-session.service';
import type { Context } from '../context';
import { crud } from '../crud';
import { allNouns } from '../entity';
import { DomainError, invalid } from '../error';
import { rowEvent } from '../event';
import { parseInput } from '../input';
import { ApiKey } from './api-key.entity';
import { DEFAULT_KEY_PREFIX, generateKey, isKeyPrefix } from './api-key.rules';

/** A key at the one moment it can be read. */
export interface IssuedKey {
  apiKey: ApiKey;
  key: string;
}

/** What a new key is to be; `prefix` is what it starts with. */
export type KeyInput = { prefix?: string } & Record<string, unknown>;

/** Every scope that a key can have: reading and writing of each noun, and letting agents sign in. */
export function knownScopes(): string[] {
  return [...allNouns().flatMap(({ plural }) => [`${plural}:read`, `${plural}:write`]), LOGIN_SCOPE];
}

function checkScopes(ctx: Context, scopes: string[] | null): void {
  const known = new Set(knownScopes());
  const unknown = scopes?.find((scope) => !known.has(scope));
  if (unknown) throw invalid({ scopes: [`${unknown} is no scope. Scopes are: ${[...known].join(', ')}.`] });
  const excess = (scopes ?? [...known]).find((scope) => !ctx.can(scope));
  if (excess) throw new DomainError('FORBIDDEN', `This key cannot give the scope ${excess}, which it lacks.`);
}

const base = crud(ApiKey);

/** API keys. A key gives no more than its maker has. */
export const apiKeys = {
  get: base.get,
  page: base.page,
  update: base.update,

  /** Makes a key and answers it in the clear, this once. */
  async create(ctx: Context, { prefix = DEFAULT_KEY_PREFIX, ...input }: KeyInput): Promise<IssuedKey> {
    ctx.require('apiKeys:write');
    if (!isKeyPrefix(prefix)) {
      throw invalid({ prefix: ['Prefix must be 1 to 20 lower-case letters, digits and underscores.'] });
    }
    const draft = parseInput(ctx, ApiKey, 'create', input);
    const scopes = (draft.scopes as string[] | undefined) ?? null;
    checkScopes(ctx, scopes);
    const key = generateKey(prefix);
    return ctx.transaction(async (tx) => {
      const hint = `${key.slice(0, prefix.length + 5)}…`;
      const apiKey = await tx.repo(ApiKey).insert({ ...draft, scopes, hint, hash: tx.vault.hash(key) });
      await tx.emit(rowEvent(ApiKey, 'created', apiKey));
      return { apiKey, key };
    });
  },

  /** Ends a key for good; every process refuses it within a second. Revoking twice changes nothing. */
  async revoke(ctx: Context, id: string): Promise<ApiKey> {
    ctx.require('apiKeys:write');
    return ctx.transaction(async (tx) => {
      const before = await tx.repo(ApiKey).lock(id);
      if (before.revokedAt) return before;
      const after = await tx.repo(ApiKey).update(id, { revokedAt: tx.instant() });
      await tx.emit(rowEvent(ApiKey, 'revoked', after));
      return after;
    });
  },
};
