import { LOGIN_SCOPE } from '../agent/agent-session.service';
import type { Context } from '../context';
import { crud } from '../crud';
import { allNouns } from '../entity';
import { DomainError, invalid } from '../error';
import { rowEvent } from '../event';
import { parseInput } from '../input';
import { ApiKey } from './api-key.entity';
import { DEFAULT_KEY_PREFIX, generateKey, isKeyPrefix } from './api-key.rules';
import { scopeSetNames, withoutSets } from './scope-sets';

/** A key at the one moment it can be read. */
export interface IssuedKey {
  apiKey: ApiKey;
  key: string;
}

/** What a new key is to be; `prefix` is what it starts with. */
export type KeyInput = { prefix?: string } & Record<string, unknown>;

const scopesOfDialects = new Set<string>();

/** Makes scopes known that a dialect calls by names of its own, such as `pages:read`; they hold at its door alone. */
export function registerScopes(names: Iterable<string>): void {
  for (const name of names) scopesOfDialects.add(name);
}

/**
 * Every scope that a key can have: reading and writing of each noun, parts of writing, letting agents sign in, numbers
 * over time, and dialects’ own.
 */
function knownScopes(): string[] {
  const own = [
    ...allNouns().flatMap(({ plural, writes = [] }) =>
      ['read', 'write', ...writes].map((verb) => `${plural}:${verb}`),
    ),
    LOGIN_SCOPE,
    'analytics:read',
  ];
  return [...new Set([...own, ...scopesOfDialects])];
}

function checkScopes(ctx: Context, scopes: string[] | null): void {
  const known = new Set(knownScopes());
  const unknown = scopes?.find((scope) => !known.has(scope));
  if (unknown) {
    const names = [...known, ...scopeSetNames()].join(', ');
    throw invalid({ scopes: [`${unknown} is no scope. Scopes are: ${names}.`] });
  }
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
    const named = (draft.scopes as string[] | undefined) ?? null;
    const scopes = named && withoutSets(named);
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
