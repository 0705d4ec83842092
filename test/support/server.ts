import type { FastifyInstance } from 'fastify';
import type { AccountKind } from '../../src/domain/account/account.entity';
import type { Providers } from '../../src/domain/integration/provider';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import { registerDialects } from '../../src/rest/dialects';
import { epixelAliases } from '../../src/rest/own-base';
import { Authenticator } from '../../src/server/auth';
import { Database } from '../../src/server/database/database';
import { createHttpServer, mountRest } from '../../src/server/http';
import { createLogger } from '../../src/server/log';
import { MemoryRateLimiter } from '../../src/server/rate-limit';
import { openTestAccount, type TestAccount, TestClock, testStore, testVault } from './account';

/** The number that documented requests write from. */
export const EXAMPLE_NUMBER = '+16025550199';

/** A server that takes injected requests, on the clock of the test. */
export interface TestServer {
  app: FastifyInstance;
  database: Database;
  clock: TestClock;
  /** What was logged, oldest first. */
  logged: Record<string, unknown>[];
  /** Opens an account on the clock of the server, and with the number that documented requests write from. */
  openAccount: (kind?: AccountKind) => Promise<TestAccount>;
  /** Listens on a free port and answers the address. */
  listen: () => Promise<string>;
  close: () => Promise<void>;
}

interface ServerOptions {
  /** Another way to the test database. */
  databaseUrl?: string;
  providers?: Providers;
  /** Path that the operations of Epixel are below, besides their own. */
  epixelBase?: string;
}

let sharing: Promise<TestServer> | undefined;

/** The server of this test file, started when it is first asked for. */
export function testServer(): Promise<TestServer> {
  sharing ??= startTestServer();
  return sharing;
}

afterAll(async () => {
  await (await sharing)?.close();
});

/** Starts a server with the REST doors only. */
export async function startTestServer({
  databaseUrl,
  providers,
  epixelBase,
}: ServerOptions = {}): Promise<TestServer> {
  registerDialects();
  const database = databaseUrl ? await Database.open(databaseUrl, { poolSize: 4 }) : await testStore();
  const clock = new TestClock();
  const logged: Record<string, unknown>[] = [];
  const app = createHttpServer({
    logger: createLogger('info', { write: (line: string) => logged.push(JSON.parse(line)) }),
    isReady: () => database.isReady(),
    pathAliases: epixelAliases(epixelBase),
  });
  const rateLimiter = new MemoryRateLimiter(() => clock.at.getTime());
  const { signIn } = new Authenticator({
    ...{ store: database, vault: testVault, now: clock.now, rateLimiter, providers },
  });
  await mountRest(app, { signIn, rateLimiter, publicUrl: () => 'http://crm.example.test' });
  return {
    ...{ app, database, clock, logged },
    // An agency may do whatever an account may.
    openAccount: async (kind = 'agency') => {
      const account = await openTestAccount({ kind, clock });
      await phoneNumbers.create(account.ctx, { phone: EXAMPLE_NUMBER });
      return account;
    },
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    close: async () => {
      await app.close();
      if (databaseUrl) await database.close();
    },
  };
}
