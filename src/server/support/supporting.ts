import { type Loop, startLoop } from '../../delivery/loop';
import { programContexts } from '../../domain/account/program-context';
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

/** Starts to bring back snoozed cases and to send requests for feedback; any number of processes may do so. */
export function startSupporting(options: SupportingOptions): Loop {
  const { store, now, publicUrl, onError, pollMs = POLL_MS } = options;
  const due: DueOptions = { store, now, onError, contextOf: programContexts(options, 'support') };
  return startLoop({
    onError,
    step: async () => {
      const woken = await endDueSnoozes(due);
      const asked = await sendDueFeedback(publicUrl, due);
      return woken + asked > 0 ? 0 : pollMs;
    },
  });
}
