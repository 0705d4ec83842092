// Our server, as it is built.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const { startApp } = require('../../dist/src/app.js');
const { loadConfig } = require('../../dist/src/config.js');
const { openInstallation } = require('../../dist/src/server/installation.js');
const { createLogger } = require('../../dist/src/server/log.js');

const settings = { PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error', SOCKETS_PER_KEY: '100000' };
const config = loadConfig({ ...process.env, ...settings });
const starting = startApp(config, createLogger('error'), openInstallation(config, { as: 'server' }));
process.on('SIGTERM', () => starting.then((started) => started.close()).finally(() => process.exit(0)));
const app = await starting;
process.on('message', ({ memory }) => {
  if (!memory) return;
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send({ held: heapUsed + external });
});
process.send({ url: app.url, key: app.key });
