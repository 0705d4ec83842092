// Either server of the fan-out bench, in a process of its own: `ours`, or `bare`, which broadcasts the same bytes.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { WebSocketServer } = require('ws');
const [kind] = process.argv.slice(2);

async function startOurs() {
  require('reflect-metadata');
  const { startApp } = require('../../dist/src/app.js');
  const { loadConfig } = require('../../dist/src/config.js');
  const { createLogger } = require('../../dist/src/server/log.js');
  const settings = { PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error', SOCKETS_PER_KEY: '100000' };
  const app = await startApp(loadConfig({ ...process.env, ...settings }), createLogger('error'));
  process.on('SIGTERM', () => app.close().then(() => process.exit(0)));
  return { url: app.url, key: app.key };
}

async function startBare() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await new Promise((resolve) => server.once('listening', resolve));
  process.on('message', ({ broadcast }) => {
    if (broadcast) for (const client of server.clients) client.send(broadcast);
  });
  process.on('SIGTERM', () => process.exit(0));
  return { url: `http://127.0.0.1:${server.address().port}` };
}

const started = kind === 'ours' ? await startOurs() : await startBare();
process.on('message', ({ memory }) => {
  if (!memory) return;
  global.gc?.();
  process.send({ rss: process.memoryUsage().rss });
});
process.send(started);
