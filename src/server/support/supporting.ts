import { type Loop, startLoop } from '../../delivery/loop';
import { accountScopeById } from '../../domain/account/account.service';
import { Context } from '../../domain/context';
import type { DueOptions } from '../../domain/due';
import type { Store } from '../../domain/store';
import { endDueSnoozes } from '../../domain/support-case/case-snooze';
import { sendDueFeedback } from '../../domain/support-case/due-feedback';
import type { Vault } from '../../domain/vault';

/** What tending support cases needs of the outside world. */
export interface SupportingOptions {
  store: Store;
  vault: Vault;
  now: () => Date;
  /** Address of this installation, for feedback links. */
  publicUrl: string;
  /** Hears of every commit that appended to the change log. */
  onChange?: () => void;
  onError: (error: unknown) => void;
  /** How long to sleep when nobody wakes it. */
  pollMs?: number;
}

const POLL_MS = 1000;

/** The program acting for accounts, as the help desk needs it. */
export function supportContexts({
  store,
  vault,
  now,
  onChange,
}: Pick<SupportingOptions, 'store' | 'vault' | 'now' | 'onChange'>) {
  return async (accountId: string): Promise<Context> =>
    new Context({
      ...{ store, vault, now, onChange, scopes: null, requestId: 'support' },
      account: await accountScopeById(store, accountId),
      actor: { kind: 'system', id: null, name: 'support' },
    });
}

/** Starts to bring back snoozed cases and to send requests for feedback; any number of processes may do so. */
export function startSupporting(options: SupportingOptions): Loop {
  const { store, now, publicUrl, onError, pollMs = POLL_MS } = options;
  const due: DueOptions = { store, now, onError, contextOf: supportContexts(options) };
  return startLoop({
    onError,
    step: async () => {
      const woken = await endDueSnoozes(due);
      const asked = await sendDueFeedback(publicUrl, due);
      return woken + asked > 0 ? 0 : pollMs;
    },
  });
}
