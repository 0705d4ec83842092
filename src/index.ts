import 'reflect-metadata';
import type { Logger } from 'pino';
import type { App } from './app';
import { type Config, loadConfig } from './config';
import { openInstallation } from './server/installation';
import { createLogger } from './server/log';

const STOP_WITHIN_MS = 10_000;

function welcome({ url, key }: App, hasGraphiql: boolean): string {
  const lines = [
    'Switchboard is ready.',
    `  GraphQL    ${url}/graphql${hasGraphiql ? '  (in a browser: GraphiQL)' : ''}`,
    `  REST docs  ${url}/docs`,
    `  Health     ${url}/healthz and ${url}/readyz`,
  ];
  if (key) lines.push(`  Demo key   ${key}`);
  return `${lines.join('\n')}\n`;
}

/** Starts PostgreSQL, and reads the program while that gets ready: each takes half of a start. */
async function start(config: Config, logger: Logger): Promise<App> {
  let waits = () => {};
  const isWaiting = new Promise<void>((resolve) => {
    waits = resolve;
  });
  const log = (line: string) => logger.info(line);
  const installing = openInstallation(config, { as: 'server', log, onWait: waits });
  await Promise.race([isWaiting, installing]);
  try {
    const { startApp } = require('./app') as typeof import('./app');
    return await startApp(config, logger, installing);
  } catch (error) {
    // It may not have come as far as to do so itself.
    await installing.then(({ postgres }) => postgres.stop()).catch(() => {});
    throw error;
  }
}

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = createLogger(config.LOG_LEVEL);
  const starting = start(config, logger);
  stopOnSignal(starting, logger);
  const app = await starting;
  process.stdout.write(welcome(app, config.NODE_ENV !== 'production'));
}

// A signal that comes during the start waits for its end, so that PostgreSQL is never left behind.
function stopOnSignal(starting: Promise<App>, logger: Logger): void {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, async () => {
      if (isStopping) return;
      isStopping = true;
      logger.info({ signal }, 'stopping');
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      await starting.then((app) => app.close());
      process.exit(0);
    });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`Switchboard cannot start: ${error.message}\n`);
  process.exit(1);
});
