import type { Logger } from 'pino';
import { type Config, publicUrlOf } from '../config';
import { purgeDeliveries } from '../delivery/purge';
import { startWebhooks } from '../delivery/webhooks';
import { programContexts } from '../domain/account/program-context';
import { endLateImports } from '../domain/import-job/import-expiry';
import type { Providers } from '../domain/integration/provider';
import type { Trace } from '../domain/trace';
import { startCalendars } from './calendars';
import { startCalling } from './calling';
import type { ChangeSignal } from './change-signal';
import type { Connection } from './connection';
import { ImportFiles } from './imports/import-files';
import { startImporting, tidyImports } from './imports/importing';
import { configuredTransport, startMailing } from './mail/mailing';
import { purgeAnswers, purgeChangeLog } from './retention';
import { startSupporting } from './support/supporting';

const HOUR_MS = 3_600_000;
/** How long loops are left alone that a change has woken. */
const REST_MS = 200;
const WEBHOOKS_REST_MS = 20;

interface BackgroundOptions {
  config: Config;
  connection: Connection;
  signal: ChangeSignal;
  logger: Logger;
  providers: Providers;
  trace?: Trace | undefined;
  /** Hears of every webhook request, and what became of its delivery. */
  onAttempt?: (status: string) => void;
}

/** Lets go of old entries now and every hour. Answers how to stop it. */
function startPurging(
  {
    config,
    connection,
    signal,
    logger,
  }: Pick<BackgroundOptions, 'config' | 'connection' | 'signal' | 'logger'>,
  files: ImportFiles,
): { stop: () => Promise<void> } {
  const { database: store, vault } = connection;
  const now = () => new Date();
  const onError = (error: unknown) => logger.warn({ err: error }, 'a late import could not be ended');
  const contextOf = programContexts({ store, vault, now, onChange: signal.announce }, 'file address');
  const purge = async () => {
    await purgeChangeLog(store, config.CHANGE_LOG_DAYS, now());
    await purgeAnswers(store, now());
    await purgeDeliveries(store, config.CHANGE_LOG_DAYS, now());
    await endLateImports({ store, now, contextOf, onError });
    await tidyImports(store, files, config.CHANGE_LOG_DAYS, now());
  };
  let purging: Promise<void> | undefined;
  const purgeOrLog = () => {
    purging = purge().catch((error) => logger.warn({ err: error }, 'old entries could not be deleted'));
  };
  const timer = setInterval(purgeOrLog, HOUR_MS).unref();
  purgeOrLog();
  return {
    async stop() {
      clearInterval(timer);
      await purging;
    },
  };
}

/**
 * Starts what a worker does: sending webhooks, mails and campaigns, making due calls, keeping calendars in step,
 * importing files, and letting go of old entries every hour. Answers how to stop it.
 */
export function startBackground({
  config,
  connection,
  signal,
  logger,
  providers,
  trace,
  onAttempt,
}: BackgroundOptions): () => Promise<void> {
  const { database: store, vault } = connection;
  const now = () => new Date();
  const webhooks = startWebhooks({
    ...{ store, vault, now, random: Math.random, allow: config.WEBHOOK_ALLOW ?? [] },
    ...{ onChange: signal.announce, trace, onAttempt },
    onError: (error) => logger.warn({ err: error }, 'webhooks could not be sent'),
  });
  signal.onChange(webhooks.wake, WEBHOOKS_REST_MS);
  const calling = startCalling({
    ...{ store, vault, now, dialer: config.DIALER, onChange: signal.announce },
    logText: ({ id }) => logger.info({ text: id }, 'a text message'),
    onError: (error) => logger.warn({ err: error }, 'calls could not be made'),
  });
  signal.onChange(calling.wake, REST_MS);
  const calendars = startCalendars({
    ...{ store, vault, now, providers, onChange: signal.announce },
    onError: (error) => logger.warn({ err: error }, 'calendars could not be kept in step'),
  });
  signal.onChange(calendars.wake, REST_MS);

  const mailing = startMailing({
    ...{ store, vault, now, onChange: signal.announce, publicUrl: publicUrlOf(config) },
    transport: configuredTransport(config.SMTP_URL, config.MAIL_FROM ?? null, ({ messageId }) =>
      logger.info({ messageId }, 'a mail'),
    ),
    onError: (error) => logger.warn({ err: error }, 'mails could not be sent'),
  });
  signal.onChange(mailing.wake, REST_MS);

  const files = new ImportFiles(config.DATA_DIR);
  const importing = startImporting({
    ...{ store, vault, now, files, onChange: signal.announce },
    onError: (error) => logger.warn({ err: error }, 'an import could not go on'),
  });
  signal.onChange(importing.wake, REST_MS);
  const supporting = startSupporting({
    ...{ store, vault, now, onChange: signal.announce, publicUrl: publicUrlOf(config) },
    onError: (error) => logger.warn({ err: error }, 'support cases could not be tended'),
  });
  signal.onChange(supporting.wake, REST_MS);

  const purging = startPurging({ config, connection, signal, logger }, files);
  return async () => {
    const all = [purging, calendars, importing, supporting, mailing, calling, webhooks];
    await Promise.all(all.map((one) => one.stop()));
  };
}
