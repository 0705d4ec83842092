import { setTimeout as sleep } from 'node:timers/promises';
import { startLoop } from '../../delivery/loop';
import { programContexts } from '../../domain/account/program-context';
import { activeCampaigns } from '../../domain/campaign/campaign-progress';
import { prepareCampaigns, startDueCampaigns } from '../../domain/campaign/campaign-start';
import { settleCampaignTexts } from '../../domain/campaign/campaign-texts';
import { loseRecipients } from '../../domain/campaign/recipient-queue';
import type { DueOptions } from '../../domain/due';
import { sendDueEmails } from '../../domain/email/email-queue';
import { logTransport } from '../../domain/email/log-transport';
import type { Mailbox, MailTransport, OutboundMail } from '../../domain/email/mail-transport';
import type { Store } from '../../domain/store';
import type { Vault } from '../../domain/vault';
import { CampaignSender } from './campaign-sender';

/** What sending e-mails and campaigns needs of the outside world. */
export interface MailingOptions {
  store: Store;
  vault: Vault;
  now: () => Date;
  transport: MailTransport;
  /** Address of this installation, for unsubscribe links. */
  publicUrl: string;
  /** Hears of every commit that appended to the change log. */
  onChange: () => void;
  onError: (error: unknown) => void;
  /** How long the loops sleep at most when nobody wakes them. */
  pollMs?: number;
}

/** E-mails and campaigns as they are sent by this process. */
export interface Mailing {
  /** Something was committed: look now. */
  wake: () => void;
  /** Stops; what is being handed over ends first. */
  stop: () => Promise<void>;
}

const POLL_MS = 1000;
/** Recipients that become free within this time are taken together. */
const REST_MS = 5;

/** The transport that the settings ask for: a mail server, or the log where there is none. */
export function configuredTransport(
  url: string | undefined,
  sender: Mailbox | null,
  logMail: (mail: Pick<OutboundMail, 'messageId' | 'to'>) => void,
): MailTransport {
  if (!url) return logTransport(sender, logMail);
  // Read where there is a mail server, as what speaks to Redis is where there is one: a start is shorter without.
  const { smtpTransport } = require('./smtp-transport') as typeof import('./smtp-transport');
  return smtpTransport({ url, sender });
}

/** What dead processes were sending becomes unknown, and texts that were queued get their outcome. */
async function tendActive({ store, now, contextOf }: DueOptions): Promise<void> {
  for (const campaign of await activeCampaigns(store)) {
    await loseRecipients(store, campaign, now());
    if (campaign.channel === 'sms') await settleCampaignTexts(await contextOf(campaign.accountId), campaign);
  }
}

/** One look at campaigns that are to begin, and at what others have left behind; answers how many began. */
export async function tendCampaigns(due: DueOptions): Promise<number> {
  await startDueCampaigns(due);
  const prepared = await prepareCampaigns(due);
  await tendActive(due);
  return prepared;
}

/** Starts to send e-mails and campaigns; any number of processes may do so. */
export function startMailing(options: MailingOptions): Mailing {
  const { store, now, transport, publicUrl, onError, pollMs = POLL_MS } = options;
  const contextOf = programContexts(options, 'mailing');
  const due: DueOptions = { store, now, onError, contextOf };
  const waitUntil = (instant: string) => sleep(Math.max(0, Date.parse(instant) - now().getTime()));
  const sender = new CampaignSender({
    ...{ store, now, contextOf, transport, publicUrl, waitUntil, onError },
    onRoom: () => sending.wake(),
  });
  const emailing = startLoop({
    onError,
    step: async () => ((await sendDueEmails(transport, due)) > 0 ? 0 : pollMs),
  });
  const tending = startLoop({
    onError,
    step: async () => {
      if ((await tendCampaigns(due)) > 0) sending.wake();
      return pollMs;
    },
  });
  const sending = startLoop({
    ...{ onError, restMs: REST_MS },
    step: async () => ((await sender.step(await activeCampaigns(store))) ? 0 : pollMs),
  });
  const loops = [emailing, tending, sending];
  return {
    wake: () => {
      for (const loop of loops) loop.wake();
    },
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
      await sender.stop();
      await transport.close();
    },
  };
}
