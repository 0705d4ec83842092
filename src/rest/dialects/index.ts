import { registerScopes } from '../../domain/api-key/api-key.service';
import { registerScopeSets } from '../../domain/api-key/scope-sets';
import { DomainError } from '../../domain/error';
import { registerFormat } from '../../domain/webhook/webhook-formats';
import type { Dialect } from '../dialect';
import { callingly } from './callingly';
import { epixel } from './epixel';
import { furiosa } from './furiosa';
import { fusedesk } from './fusedesk';
import { fusion } from './fusion';

/** Every vendor whose API is served; a new one is a folder and a line here. */
export const DIALECTS: readonly Dialect[] = [fusion, callingly, epixel, furiosa, fusedesk];

/** Makes the webhook formats and scopes of all dialects known; every process that makes keys or webhooks, or sends them, has to. */
export function registerDialects(): void {
  for (const { webhookFormats = [], scopeNames = {}, scopeSets = {} } of DIALECTS) {
    webhookFormats.forEach(registerFormat);
    registerScopes(Object.values(scopeNames));
    registerScopeSets(scopeSets);
  }
}

/** The headers of their own by which dialects tell what is left of a limit and why something is refused, in lower case. */
export function ownHeaders(): string[] {
  const quota = { isAllowed: true, limit: 1, remaining: 1, resetAtMs: 0 };
  const names = DIALECTS.flatMap(({ quotaHeaders, errors }) => [
    ...Object.keys(quotaHeaders(quota)),
    ...Object.keys(errors.INVALID(new DomainError('INVALID', '')).headers ?? {}),
  ]);
  return [...new Set(names.map((name) => name.toLowerCase()))].filter((name) => name.startsWith('x-'));
}
