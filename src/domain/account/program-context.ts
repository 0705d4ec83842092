import { Context } from '../context';
import type { ContextSeed } from '../context-seed';
import { accountScopeById } from './account.service';

/** What the program does without being asked, as the change log names it. */
type ProgramWork = 'calendar' | 'calling' | 'file address' | 'mailing' | 'support' | 'webhooks';

/** The program itself acting for accounts by their ids, with full access. */
export function programContexts(
  { store, vault, now, onChange }: Pick<ContextSeed, 'store' | 'vault' | 'now' | 'onChange'>,
  name: ProgramWork,
) {
  return async (accountId: string): Promise<Context> =>
    new Context({
      ...{ store, vault, now, onChange, scopes: null, requestId: name },
      account: await accountScopeById(store, accountId),
      actor: { kind: 'system', id: null, name },
    });
}
