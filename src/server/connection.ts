import type { Config } from '../config';
import type { Trace } from '../domain/trace';
import { Vault } from '../domain/vault';
import { Database } from './database/database';
import { endsWithin, STOP_LIMITS } from './graceful-close';
import { type Installation, openInstallation } from './installation';

/** A database that is connected, the installation's secret, and the way out of both. */
export interface Connection {
  database: Database;
  vault: Vault;
  close: () => Promise<void>;
}

interface ConnectOptions {
  /** Most connections for requests. */
  poolSize: number;
  onIdleError?: (error: Error) => void;
  trace?: Trace | undefined;
}

const TOOL_POOL = 2;

/** Connects as a command line tool, which borrows the PostgreSQL of a server that runs. */
export async function connectTool(config: Config): Promise<Connection> {
  return connect(config, await openInstallation(config, { as: 'tool' }), { poolSize: TOOL_POOL });
}

/** Connects to the PostgreSQL of an installation, and stops that where it cannot. */
export async function connect(
  config: Config,
  { secret, postgres }: Installation,
  { poolSize, trace, onIdleError }: ConnectOptions,
): Promise<Connection> {
  try {
    const database = await Database.open(postgres.url, {
      ...{ poolSize, trace },
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
