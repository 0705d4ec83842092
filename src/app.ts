import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config';
import { LiveFeed } from './delivery/live-feed';
import { programContexts } from './domain/account/program-context';
import type { SignIn } from './domain/sign-in';
import type { DocumentRules } from './graphql/documents/document';
import { readDocuments } from './graphql/documents/document-manifest';
import { TrustedDocuments } from './graphql/documents/trusted-documents';
import { mountGraphql } from './graphql/mount';
import type { OperationWatch } from './graphql/operation-watch';
import { buildApiSchema, SUBSCRIPTION_FIELDS } from './graphql/schema';
import { SocketOperations, type SocketOptions } from './graphql/socket';
import { registerDialects } from './rest/dialects';
import { epixelAliases } from './rest/own-base';
import { Authenticator } from './server/auth';
import { startBackground } from './server/background';
import { ChangeSignal } from './server/change-signal';
import { type Connection, connect } from './server/connection';
import { allowOrigins } from './server/cross-origin';
import { requireRowSecurity } from './server/database/row-security-check';
import { demoKey, openDemo } from './server/demo';
import { endsWithin, STOP_LIMITS } from './server/graceful-close';
import { createHttpServer, type HTTP_LIMITS, mountRest, openDoor } from './server/http';
import { mountExportRoutes } from './server/imports/export-routes';
import { ImportFiles } from './server/imports/import-files';
import { mountImportRoutes } from './server/imports/import-routes';
import type { Installation } from './server/installation';
import { mountMailRoutes } from './server/mail/mail-routes';
import { backlogReader } from './server/observe/backlog';
import { Metrics } from './server/observe/metrics';
import { mountMetrics } from './server/observe/metrics-route';
import { startTracing, type Tracing } from './server/observe/tracing';
import { mountPages, type PageRouteOptions } from './server/pages/page-routes';
import { type OpenProviders, openProviders } from './server/providers/providers';
import { MemoryRateLimiter } from './server/rate-limit';
import type { SharedState } from './server/redis';
import { mountSupportRoutes } from './server/support/support-routes';
import { SocketServer, type SocketServerOptions } from './server/ws';

/** A server that runs, and the way to stop it. */
export interface App {
  url: string;
  /** The key of the demo account; undefined in production. */
  key: string | undefined;
  close: () => Promise<void>;
}

/** What a server is made of; tests bring their own clock. */
export interface ServerParts {
  config: Config;
  connection: Connection;
  logger: Logger;
  now?: () => Date;
  socketLimits?: SocketServerOptions['limits'];
  httpLimits?: Partial<typeof HTTP_LIMITS>;
  metrics?: Metrics;
  tracing?: Tracing | undefined;
}

/** Alone, a process is woken by its own writes; beside others without Redis it has to look. */
const POLL_MS = 250;
const POLL_WITH_REDIS_MS = 2_000;

interface DoorParts extends ServerParts {
  now: () => Date;
  shared: SharedState | undefined;
  signal: ChangeSignal;
  providers: OpenProviders;
  metrics: Metrics;
}

function portOf({ server }: FastifyInstance): number {
  return (server.address() as AddressInfo).port;
}

async function trustedDocuments(config: Config, rules: DocumentRules): Promise<TrustedDocuments> {
  const { PERSISTED_DOCUMENTS: path, PERSISTED_ONLY: isOnly } = config;
  return new TrustedDocuments(path === undefined ? undefined : await readDocuments(path, rules), isOnly);
}

/** Where callers reach the server; its port is known once it listens. */
function publicAddress(app: FastifyInstance, { PUBLIC_URL, PORT }: Config): () => string {
  let port = PORT;
  app.addHook('onListen', async () => {
    port = portOf(app);
  });
  return () => PUBLIC_URL ?? `http://localhost:${port}`;
}

/** What needs no key: the addresses in mails and of mail servers, forms, and the pages of the help desk. */
async function openPublicRoutes(app: FastifyInstance, options: PageRouteOptions): Promise<void> {
  const { vault } = options;
  await mountMailRoutes(app, { vault, contextOf: programContexts(options, 'mailing') });
  await mountPages(app, options);
  await mountSupportRoutes(app, { vault, contextOf: programContexts(options, 'support') });
}

type SocketDoor = Omit<SocketOptions, 'fields' | 'feed'> & { signIn: SignIn };

/** Opens GraphQL over WebSocket, with what the change log tells as it grows. */
function openSockets(app: FastifyInstance, parts: DoorParts, { signIn, ...door }: SocketDoor): void {
  const { config, connection, logger, socketLimits, shared, signal, metrics } = parts;
  const feed = new LiveFeed({
    store: connection.database,
    pollMs: shared ? POLL_WITH_REDIS_MS : POLL_MS,
    onError: (error) => logger.warn({ err: error }, 'the change log could not be read'),
  });
  signal.onChange(() => feed.wake());
  const operations = new SocketOperations({ ...door, feed, fields: SUBSCRIPTION_FIELDS });
  const sockets = new SocketServer({
    ...{ server: app.server, schema: door.schema, operations, signIn, log: logger },
    socketsPerKey: config.SOCKETS_PER_KEY,
    origins: config.CORS_ORIGINS,
    ...(socketLimits && { limits: socketLimits }),
  });
  metrics.addSockets(() => ({ sockets: sockets.size, subscriptions: operations.subscriptionCount }));
  app.addHook('preClose', async () => sockets.close());
  app.addHook('onClose', () => feed.stop());
}

/** Opens the doors: the vendors' REST, GraphQL over HTTP, and GraphQL over WebSocket. */
async function openDoors(app: FastifyInstance, parts: DoorParts): Promise<void> {
  const { config, connection, logger, now, shared, signal, providers, metrics, tracing } = parts;
  const seed = { store: connection.database, vault: connection.vault, now, onChange: signal.announce };
  const rateLimiter = shared?.rateLimiter() ?? new MemoryRateLimiter(() => now().getTime());
  const { signIn } = new Authenticator({ ...seed, rateLimiter, providers });
  const publicUrl = publicAddress(app, config);
  await openPublicRoutes(app, { ...seed, rateLimiter });

  const isProduction = config.NODE_ENV === 'production';
  const schema = buildApiSchema();
  const documents = await trustedDocuments(config, { schema, isProduction });
  const onOperation: OperationWatch['onOperation'] = (report, seconds) =>
    metrics.countOperation(report, seconds);
  const operations = { schema, isProduction, documents, log: logger, trace: tracing?.trace, onOperation };
  const transfers = { ...seed, signIn, contextOf: programContexts(seed, 'file address') };
  await app.register(async (doors) => {
    await allowOrigins(doors, config.CORS_ORIGINS);
    await mountRest(doors, { signIn, rateLimiter, publicUrl });
    await mountImportRoutes(doors, { ...transfers, files: new ImportFiles(config.DATA_DIR) });
    await mountExportRoutes(doors, transfers);
    await openDoor(doors, 'graphql', (scope) => mountGraphql(scope, { ...operations, signIn }));
  });
  openSockets(app, parts, { ...operations, signIn });
}

// Read where there is a Redis, as what speaks to mail servers is where there is one: a start is shorter without.
function openShared(url: string, logger: Logger): SharedState {
  const redis = require('./server/redis') as typeof import('./server/redis');
  return new redis.SharedState(url, logger);
}

/** The server of a process in its role, not listening yet. Closing it stops everything that runs beside it. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { config, connection, logger, now = () => new Date(), metrics = new Metrics(), tracing } = parts;
  const pathAliases = epixelAliases(config.EPIXEL_BASE);
  const shared = config.REDIS_URL ? openShared(config.REDIS_URL, logger) : undefined;
  const signal = new ChangeSignal(shared);
  registerDialects();
  const providers = openProviders({
    ...{ urls: config, now },
    onError: (error) => logger.warn({ err: error }, 'a provider could not be asked within a request'),
  });
  const app = createHttpServer({
    ...{ logger, trustedProxies: config.TRUSTED_PROXIES },
    isReady: () => connection.database.isReady(),
    pathAliases,
    isEncrypted: config.PUBLIC_URL?.startsWith('https:') ?? false,
    limits: parts.httpLimits,
  });
  app.server.maxConnections = config.MAX_CONNECTIONS;
  tracing?.mount(app);
  metrics.addPool(() => connection.database.poolUse);
  metrics.addBacklog(backlogReader(connection.database, now));
  mountMetrics(app, metrics, {
    token: config.METRICS_TOKEN,
    isForNeighbours: config.NODE_ENV !== 'production',
  });
  if (config.ROLE !== 'worker') {
    await openDoors(app, { ...parts, now, shared, signal, providers, metrics });
  }
  const stopBackground =
    config.ROLE === 'api'
      ? undefined
      : startBackground({
          ...{ config, connection, signal, logger, providers, trace: tracing?.trace },
          onAttempt: (status) => metrics.countAttempt(status),
        });
  let stopped: Promise<void> | undefined;
  app.addHook('preClose', async () => {
    stopped = stopBackground && endsWithin(STOP_LIMITS.backgroundMs, stopBackground());
  });
  app.addHook('onClose', async () => {
    await stopped;
    await providers.close();
    await shared?.close();
    await tracing?.close();
  });
  return app;
}

async function listen(server: FastifyInstance, { HOST: host, PORT: port }: Config): Promise<void> {
  try {
    await server.listen({ port, host });
  } catch (cause) {
    await server.close();
    throw new Error(`HOST ${host} and PORT ${port} cannot be listened on: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

/** Connects, migrates, opens the demo account, and listens. */
export async function startApp(
  config: Config,
  logger: Logger,
  installing: Promise<Installation>,
): Promise<App> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: collector } = config;
  const installation = await installing;
  const tracing = collector ? await startTracing(collector, logger) : undefined;
  const connection = await connect(config, installation, {
    ...{ poolSize: config.DATABASE_POOL, trace: tracing?.trace },
    onIdleError: (error) => logger.warn({ err: error }, 'a connection to the database broke'),
  });
  try {
    for (const name of await connection.database.migrate()) logger.info({ migration: name }, 'migrated');
    await requireRowSecurity(connection.database, (line) => logger.warn(line));
    const isDemo = config.NODE_ENV !== 'production';
    const key = isDemo ? await demoKey(connection, await openDemo(connection), config.DATA_DIR) : undefined;
    const metrics = new Metrics();
    metrics.addProcess();
    const server = await createServer({ config, connection, logger, metrics, tracing });
    await listen(server, config);
    const close = async () => {
      await server.close();
      await connection.close();
    };
    return { url: config.PUBLIC_URL ?? `http://localhost:${portOf(server)}`, key, close };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
