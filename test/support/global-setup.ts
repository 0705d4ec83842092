import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../../src/server/database/database';
import { startEmbeddedPostgres } from '../../src/server/postgres/embedded-postgres';
import { announceRun, databaseUrl, templateOf } from './database';
import globalTeardown, { teardownSteps } from './global-teardown';
import { makePostgresFolder } from './postgres-folder';

const RUN_PREFIX = 'switchboard_test_';
// Nothing in it has to survive a power cut.
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** One PostgreSQL for the whole run, with a migrated template database. */
export default async function globalSetup(): Promise<void> {
  const runName = RUN_PREFIX + randomBytes(6).toString('hex');
  try {
    const lent = process.env.TEST_DATABASE_URL;
    const adminUrl = lent ?? (await startOwnPostgres());
    const session = await openSession(adminUrl, runName);
    if (lent) {
      await dropAbandonedDatabases(session);
      teardownSteps.push(() => dropDatabases(session, `starts_with(datname, '${runName}')`));
    }
    // Of a lent server, nobody knows what stands in template1.
    await session.query(`create database ${templateOf(runName)} ${lent ? 'template template0' : ''}`);
    await migrate(databaseUrl(adminUrl, templateOf(runName)));
    announceRun(adminUrl, runName);
  } catch (error) {
    await globalTeardown();
    throw error;
  }
}

async function startOwnPostgres(): Promise<string> {
  const { dataDir, remove } = await makePostgresFolder();
  teardownSteps.push(remove);
  const { url } = await startEmbeddedPostgres({ dataDir, settings: FAST });
  return url;
}

// The session stays open for the whole run, and by its name shows other runs that the run is alive.
async function openSession(adminUrl: string, runName: string): Promise<Client> {
  const session = new Client({ connectionString: adminUrl, application_name: runName, keepAlive: true });
  session.on('error', (error) =>
    process.stderr.write(`The session of the test run broke: ${error.message}\n`),
  );
  await session.connect();
  teardownSteps.push(() => session.end());
  return session;
}

// A run that was killed left its databases behind: they go when a later run starts.
async function dropAbandonedDatabases(session: Client): Promise<void> {
  await dropDatabases(
    session,
    `starts_with(datname, '${RUN_PREFIX}') and not exists (
       select from pg_stat_activity where application_name <> '' and starts_with(db.datname, application_name))`,
  );
}

async function dropDatabases(session: Client, condition: string): Promise<void> {
  const { rows } = await session.query<{ datname: string }>(
    `select datname from pg_database db where ${condition}`,
  );
  for (const { datname } of rows) {
    // `with (force)` would also end an autovacuum, which a user that is no superuser may not; without it, it gives way.
    await session.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = current_user',
      [datname],
    );
    await session.query(`drop database if exists ${datname}`);
  }
}
