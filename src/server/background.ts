import type { Logger } from 'pino';
import type { Config } from '../config';
import { purgeDeliveries } from '../delivery/purge';
import { startWebhooks } from '../delivery/webhooks';
import type { Providers } from '../domain/integration/provider';
import { startCalendars } from './calendars';
import { startCalling } from './calling';
import type { ChangeSignal } from './change-signal';
import type { Connection } from './connection';
import { purgeChangeLog } from './retention';

const HOUR_MS = 3_600_000;

interface BackgroundOptions {
  config: Config;
  connection: Connection;
  signal: ChangeSignal;
  logger: Logger;
  providers: Providers;
}

/** Starts what a worker does: sending webhooks, making due calls, keeping calendars in step, and letting go of old entries every hour. Answers how to stop it. */
export function startBackground({
  config,
  connection,
  signal,
  logger,
  providers,
}: BackgroundOptions): () => Promise<void> {
  const { database: store, vault } = connection;
  const now = () => new Date();
  const webhooks = startWebhooks({
    ...{ store, vault, now, random: Math.random, allow: config.WEBHOOK_ALLOW ?? [] },
    onChange: signal.announce,
    onError: (error) => logger.warn({ err: error }, 'webhooks could not be sent'),
  });
  signal.onChange(webhooks.wake);
  const calling = startCalling({
    ...{ store, vault, now, dialer: config.DIALER, onChange: signal.announce },
    logText: (text) => logger.info({ text }, 'a text message'),
    onError: (error) => logger.warn({ err: error }, 'calls could not be made'),
  });
  signal.onChange(calling.wake);
  const calendars = startCalendars({
    ...{ store, vault, now, providers, onChange: signal.announce },
    onError: (error) => logger.warn({ err: error }, 'calendars could not be kept in step'),
  });
  signal.onChange(calendars.wake);

  const purge = async () => {
    await purgeChangeLog(store, config.CHANGE_LOG_DAYS, now());
    await purgeDeliveries(store, config.CHANGE_LOG_DAYS, now());
  };
  const purgeOrLog = () =>
    void purge().catch((error) => logger.warn({ err: error }, 'old entries could not be deleted'));
  const timer = setInterval(purgeOrLog, HOUR_MS).unref();
  purgeOrLog();
  return async () => {
    clearInterval(timer);
    await calendars.stop();
    await calling.stop();
    await webhooks.stop();
  };
}
