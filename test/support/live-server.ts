import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createServer, type ServerParts } from '../../src/app';
import { type Config, loadConfig } from '../../src/config';
import { Database } from '../../src/server/database/database';
import { createLogger } from '../../src/server/log';
import { testStore, testVault } from './account';

/** A server on loopback, with all the doors that production has. */
export interface LiveServer {
  app: FastifyInstance;
  port: number;
  database: Database;
  /** The server's ends of its WebSockets, the latest last. */
  streams: Socket[];
  /** What was logged, oldest first. */
  logged: Record<string, unknown>[];
  /** A GraphQL client over WebSocket; closed with the server. */
  client: (key: string) => Client;
  close: () => Promise<void>;
}

/** The clock of tests stands in the past: nothing that they write is old. */
const KEEP_LOG = { CHANGE_LOG_DAYS: '3650' };

interface LiveServerOptions extends Pick<ServerParts, 'now' | 'socketLimits' | 'httpLimits'> {
  settings?: Partial<Record<keyof Config, string>>;
  /** Least grave lines that are kept. */
  logLevel?: string;
  /** Another way to this worker's database. */
  databaseUrl?: string;
}

/** Starts a server on this worker's database. */
export async function startLiveServer({
  settings,
  databaseUrl,
  logLevel = 'warn',
  ...parts
}: LiveServerOptions = {}): Promise<LiveServer> {
  const database = databaseUrl ? await Database.open(databaseUrl, { poolSize: 4 }) : await testStore();
  const logged: LiveServer['logged'] = [];
  const app = await createServer({
    ...parts,
    config: loadConfig({ NODE_ENV: 'test', ROLE: 'api', ...KEEP_LOG, ...settings }),
    connection: { database, vault: testVault, close: async () => {} },
    logger: createLogger(logLevel, { write: (line: string) => logged.push(JSON.parse(line)) }),
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const streams = collectStreams(app.server);
  const clients: Client[] = [];
  return {
    ...{ app, port, database, streams, logged },
    client(key) {
      const client = createClient({
        url: `ws://127.0.0.1:${port}/graphql`,
        webSocketImpl: WebSocket,
        connectionParams: { apiKey: key },
        retryAttempts: 0,
      });
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) await client.dispose();
      await app.close();
      if (databaseUrl) await database.close();
    },
  };
}

function collectStreams(server: Server): Socket[] {
  const streams: Socket[] = [];
  server.on('upgrade', (_, stream) => streams.push(stream as Socket));
  return streams;
}
