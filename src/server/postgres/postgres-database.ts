import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { markSearches } from '../database/row-security-role';
import { passwordFileIn, SUPERUSER } from './postgres-cluster';

// The role is no superuser, so that whatever works here also works on a managed PostgreSQL.
const ROLE = 'switchboard';
const DATABASE = 'switchboard';
const READY_WAIT_MS = 120_000;
const CANNOT_CONNECT_NOW = '57P03';

/** The address of the database in a running embedded cluster. */
export async function embeddedDatabaseUrl(dataDir: string, port: number): Promise<string> {
  return `postgres://${ROLE}:${await readPassword(dataDir)}@127.0.0.1:${port}/${DATABASE}`;
}

/** Makes the role and the database that are missing in a started cluster, and answers with the address. */
export async function createDatabaseOnce(dataDir: string, port: number): Promise<string> {
  const password = await readPassword(dataDir);
  const client = await connectWhenReady(port, password);
  try {
    // Databases that are made later have what this one has.
    await asSuperuser(port, password, 'template1', markSearches);
    const roles = await client.query('select from pg_roles where rolname = $1', [ROLE]);
    if (roles.rowCount === 0) await client.query(`create role ${ROLE} login createdb password '${password}'`);
    const databases = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (databases.rowCount === 0) await client.query(`create database ${DATABASE} owner ${ROLE}`);
    await asSuperuser(port, password, DATABASE, markSearches);
  } finally {
    await client.end();
  }
  return embeddedDatabaseUrl(dataDir, port);
}

async function readPassword(dataDir: string): Promise<string> {
  const file = passwordFileIn(dataDir);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(
      `The password of the embedded PostgreSQL cannot be read (${(cause as Error).message}): restore ${file}, ` +
        'or run as the user who started the server.',
      { cause },
    );
  }
}

async function asSuperuser(
  port: number,
  password: string,
  database: string,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client(superuser(port, password, database));
  await client.connect();
  await work(client).finally(() => client.end());
}

const superuser = (port: number, password: string, database: string) => ({
  ...{ host: '127.0.0.1', port, user: SUPERUSER, password, database, ssl: false },
});

// An adopted cluster may still be recovering from a crash.
async function connectWhenReady(port: number, password: string): Promise<Client> {
  const deadline = Date.now() + READY_WAIT_MS;
  for (;;) {
    const client = new Client(superuser(port, password, 'postgres'));
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if ((error as { code?: string }).code !== CANNOT_CONNECT_NOW || Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}
