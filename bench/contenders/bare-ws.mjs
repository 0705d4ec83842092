// A bare `ws` server that broadcasts what the bench hands it.
import { createRequire } from 'node:module';

const { WebSocketServer } = createRequire(import.meta.url)('ws');

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
await new Promise((resolve) => server.once('listening', resolve));
process.on('message', ({ broadcast, memory }) => {
  if (broadcast) for (const client of server.clients) client.send(broadcast);
  if (!memory) return;
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send({ held: heapUsed + external });
});
process.on('SIGTERM', () => process.exit(0));
process.send({ url: `http://127.0.0.1:${server.address().port}` });
