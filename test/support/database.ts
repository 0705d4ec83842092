import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

const ADMIN_URL = 'TEST_RUN_ADMIN_URL';
const RUN_NAME = 'TEST_RUN_NAME';
// Two that ask at once: one of them finds the name taken (https://www.postgresql.org/docs/current/errcodes-appendix.html).
const DUPLICATE_DATABASE = ['42P04', '23505'];

/** Tells the workers of this run, which inherit the environment, where PostgreSQL is and what the run is called. */
export function announceRun(adminUrl: string, runName: string): void {
  process.env[ADMIN_URL] = adminUrl;
  process.env[RUN_NAME] = runName;
}

/** The name of the migrated database that every worker copies. */
export const templateOf = (runName: string) => `${runName}_template`;

/** The address of another database of the same server. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

let making: Promise<string> | undefined;

/** The migrated database of this jest worker, made when its first test asks. */
export function testDatabaseUrl(): Promise<string> {
  making ??= copyOfTemplate(`${fromSetup(RUN_NAME)}_${process.env.JEST_WORKER_ID}`);
  return making;
}

/** A migrated database of its own, for a test that changes what all accounts share. */
export function ownDatabaseUrl(): Promise<string> {
  return copyOfTemplate(`${fromSetup(RUN_NAME)}_own_${randomBytes(8).toString('hex')}`);
}

/** A database of its own without a table. */
export function emptyDatabaseUrl(): Promise<string> {
  return copyOf('template0', `${fromSetup(RUN_NAME)}_empty_${randomBytes(8).toString('hex')}`);
}

const copyOfTemplate = (name: string) => copyOf(templateOf(fromSetup(RUN_NAME)), name);

async function copyOf(template: string, name: string): Promise<string> {
  const adminUrl = fromSetup(ADMIN_URL);
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`create database ${name} template ${template}`);
  } catch (error) {
    // An earlier test file of this worker made it.
    if (!DUPLICATE_DATABASE.includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
  return databaseUrl(adminUrl, name);
}

function fromSetup(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: tests that need a database run through jest's global setup.`);
  return value;
}
