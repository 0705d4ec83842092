// The database of the bench: an embedded PostgreSQL with the seeded leads, and the rows that requests name.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
require('reflect-metadata');
const dist = (path) => require(`../../dist/src/${path}.js`);

const SECRET = 'the secret of the bench, which guards nothing at all';
const SAMPLE = 400;
/** The vendor's limit is 100 requests a minute and key: so many keys are never stopped. */
const KEYS = 2_000;

const IDS =
  'select id, phone from lead where account_id = $1 and deleted_at is null order by random() limit $2';

/** Starts PostgreSQL, fills it with so many leads, and answers what contenders and requests need. */
export async function openDatabase(leads) {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  const { startEmbeddedPostgres } = dist('server/postgres/embedded-postgres');
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const connection = await connectTo(postgres.url, dataDir);
    const { openDemo, systemContext } = dist('server/demo');
    const { apiKeys } = dist('domain/api-key/api-key.service');
    const account = await openDemo(connection);
    const ctx = systemContext(connection, account, 'bench');
    await dist('server/grow').growAccount(connection.database, ctx, leads, () => {});
    const sample = await connection.database.acrossAccounts.query(IDS, [account.id, SAMPLE]);
    const keys = [];
    for (let at = 0; at < KEYS; at += 1) keys.push((await apiKeys.create(ctx, { name: `Bench ${at}` })).key);
    return {
      ...{ connection, account, ctx, sample, keys, key: keys[0], dist },
      postgresPid: Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]),
      env: {
        ...{ DATABASE_URL: postgres.url, SECRET, ACCOUNT_ID: account.id, DATA_DIR: dataDir },
        SUPERUSER_URL: superuserOf(postgres.url),
      },
      async close() {
        await connection.close();
        await postgres.stop();
        rmSync(dataDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** The address for contenders, whom no row level security binds. */
function superuserOf(url) {
  const address = new URL(url);
  address.username = 'postgres';
  return address.href;
}

async function connectTo(url, dataDir) {
  const { connectTool } = dist('server/connection');
  const { loadConfig } = dist('config');
  const config = loadConfig({ DATABASE_URL: url, SECRET, DATA_DIR: dataDir, LOG_LEVEL: 'error' });
  const connection = await connectTool(config);
  await connection.database.migrate();
  return connection;
}
