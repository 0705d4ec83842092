import type { Config } from '../config';
import type { Trace } from '../domain/trace';
import { Vault } from '../domain/vault';
import { Database } from './database/database';
import { endsWithin, STOP_LIMITS } from './graceful-close';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
  useEmbeddedPostgres,
} from './postgres/embedded-postgres';
import { findSecret } from './secret';

/** A database that is connected, the installation's secret, and the way out of both. */
export interface Connection {
  database: Database;
  vault: Vault;
  close: () => Promise<void>;
}

interface ConnectOptions {
  /** `server` owns the embedded PostgreSQL; `tool` borrows a running server's. */
  as: 'server' | 'tool';
  log?: (line: string) => void;
  onIdleError?: (error: Error) => void;
  trace?: Trace | undefined;
}

/** The configured PostgreSQL, the embedded one unless DATABASE_URL is set. */
export async function openPostgres(
  { DATABASE_URL, DATA_DIR }: Config,
  { as, log }: Pick<ConnectOptions, 'as' | 'log'>,
): Promise<EmbeddedPostgres> {
  if (DATABASE_URL) return { url: DATABASE_URL, stop: async () => {} };
  const start = as === 'server' ? startEmbeddedPostgres : useEmbeddedPostgres;
  return start({ dataDir: DATA_DIR, ...(log && { log }) });
}

/** Connects to the configured PostgreSQL. */
export async function connect(config: Config, options: ConnectOptions): Promise<Connection> {
  const secret = await findSecret(config.SECRET, config.DATA_DIR);
  const postgres = await openPostgres(config, options);
  try {
    const poolSize = options.as === 'server' ? config.DATABASE_POOL : 2;
    const { onIdleError, trace } = options;
    const database = await Database.open(postgres.url, {
      poolSize,
      trace,
      ...(onIdleError && { onIdleError }),
    });
    const vault = new Vault(secret, config.SECRET_PREVIOUS);
    const close = async () => {
      await endsWithin(STOP_LIMITS.statementsMs, database.close());
      await postgres.stop();
    };
    return { database, vault, close };
  } catch (error) {
    await postgres.stop();
    if (!config.DATABASE_URL) throw error;
    throw new Error(`DATABASE_URL cannot be connected to: ${(error as Error).message}.`, { cause: error });
  }
}
