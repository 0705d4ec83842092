import { type Loop, startLoop } from '../delivery/loop';
import { programContexts } from '../domain/account/program-context';
import { attendCalls, type Dialer, manualDialer } from '../domain/call/dialer';
import { endSilentCalls, startDueCalls } from '../domain/call/due-calls';
import { simulatedDialer } from '../domain/call/simulated-dialer';
import type { DueOptions } from '../domain/due';
import { logMessenger, type OutboundText } from '../domain/sms-message/messenger';
import { sendDueTexts } from '../domain/sms-message/sms-queue';
import type { Store } from '../domain/store';
import type { Vault } from '../domain/vault';

const DIALERS = {
  manual: () => manualDialer,
  simulated: () => simulatedDialer('switchboard'),
} satisfies Record<string, () => Dialer>;

/** The words for the built-in dialers. */
export type DialerName = keyof typeof DIALERS;

/** What making calls and sending texts needs of the outside world. */
export interface CallingOptions {
  store: Store;
  vault: Vault;
  now: () => Date;
  dialer: DialerName;
  /** Hears of a text that goes out, which is all that becomes of it. */
  logText: (text: OutboundText) => void;
  /** Hears of every commit that appended to the change log. */
  onChange: () => void;
  onError: (error: unknown) => void;
  /** How long to sleep when nobody wakes it. */
  pollMs?: number;
}

const POLL_MS = 1000;

/** Starts to make scheduled calls, to tell the dialer, and to send texts; any number of processes may do so. */
export function startCalling(options: CallingOptions): Loop {
  const { store, now, onError, pollMs = POLL_MS } = options;
  const due: DueOptions = { store, now, onError, contextOf: programContexts(options, 'calling') };
  const dialer = DIALERS[options.dialer]();
  const messenger = logMessenger(options.logText);
  return startLoop({
    onError,
    step: async () => {
      const started = await startDueCalls(due);
      await endSilentCalls(due);
      const attended = await attendCalls(dialer, due);
      const sent = await sendDueTexts(messenger, due);
      return started + attended + sent > 0 ? 0 : pollMs;
    },
  });
}
