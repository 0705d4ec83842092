import type { Config } from '../config';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
  useEmbeddedPostgres,
} from './postgres/embedded-postgres';
import { findSecret } from './secret';

interface OpenOptions extends Pick<EmbeddedPostgresOptions, 'log' | 'onWait'> {
  /** `server` owns the embedded PostgreSQL; `tool` borrows a running server's. */
  as: 'server' | 'tool';
}

/** The configured PostgreSQL, the embedded one unless DATABASE_URL is set. */
export async function openPostgres(
  { DATABASE_URL, DATA_DIR }: Config,
  { as, ...options }: OpenOptions,
): Promise<EmbeddedPostgres> {
  if (DATABASE_URL) return { url: DATABASE_URL, stop: async () => {} };
  const open = as === 'server' ? startEmbeddedPostgres : useEmbeddedPostgres;
  return open({ dataDir: DATA_DIR, ...options });
}

/** What a process connects to: PostgreSQL, which runs, and the secret that belongs to its data. */
export interface Installation {
  secret: string;
  postgres: EmbeddedPostgres;
}

/** Finds the secret and opens PostgreSQL. */
export async function openInstallation(config: Config, options: OpenOptions): Promise<Installation> {
  const secret = await findSecret(config.SECRET, config.DATA_DIR);
  return { secret, postgres: await openPostgres(config, options) };
}
