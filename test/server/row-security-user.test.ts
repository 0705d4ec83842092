import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { tags } from '../../src/domain/tag/tag.service';
import { Database } from '../../src/server/database/database';
import { requireRowSecurity } from '../../src/server/database/row-security-check';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/server/postgres/embedded-postgres';
import { openTestAccount } from '../support/account';
import { makePostgresFolder } from '../support/postgres-folder';

let postgres: EmbeddedPostgres;
let removeFolder: () => Promise<void>;
let admin: Client;

beforeAll(async () => {
  const { dataDir, remove } = await makePostgresFolder();
  removeFolder = remove;
  postgres = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8');
  admin = new Client({ connectionString: urlOf({ user: 'postgres', password, database: 'postgres' }) });
  await admin.connect();
  // Without what the embedded cluster does for itself, as on a PostgreSQL of others.
  await admin.query('create database theirs template template0');
}, 120_000);

afterAll(async () => {
  await admin.end();
  await postgres.stop();
  await removeFolder();
});

function urlOf({ user, password, database }: { user: string; password: string; database: string }): string {
  const url = new URL(postgres.url);
  Object.assign(url, { username: user, password, pathname: `/${database}` });
  return url.href;
}

/** Migrates as the user, proves that the lock holds, and answers what there was to warn of. */
async function warningsOf(url: string): Promise<string[]> {
  const database = await Database.open(url, { poolSize: 2 });
  const warnings: string[] = [];
  try {
    await database.migrate();
    await requireRowSecurity(database, (line) => warnings.push(line));
    const [{ ctx }, { ctx: other }] = [
      await openTestAccount({ store: database }),
      await openTestAccount({ store: database }),
    ];
    await tags.create(ctx, { name: 'mine' });
    const seen = await other.query('select name from tag', []);
    expect(seen).toEqual(database.binding.unboundBecause ? [{ name: 'mine' }] : []);
    await database.acrossAccounts.query('delete from tag', []);
    return warnings;
  } finally {
    await database.close();
  }
}

const userOf = async (name: string, attributes: string) => {
  await admin.query(`create role ${name} login password 'secret' ${attributes}`);
  return (database: string) => urlOf({ user: name, password: 'secret', database });
};

test('a superuser takes on a role that is bound, and hands over to it what was there', async () => {
  const url = await userOf('boss', 'superuser');
  const before = new Client({ connectionString: url('theirs') });
  await before.connect();
  await before.query('create table kept (id int generated always as identity primary key)');
  await before.query('create function kept_function() returns int language sql as $$ select 1 $$');
  await before.end();
  expect(await warningsOf(url('theirs'))).toEqual([]);
  // Nothing is left to do the second time, nor for several at once.
  expect(await warningsOf(url('theirs'))).toEqual([]);
  const opened = await Promise.all([1, 2, 3].map(() => Database.open(url('theirs'), { poolSize: 1 })));
  for (const one of opened) {
    const [row] = await one.acrossAccounts.query<{ user: string }>('select current_user as "user"', []);
    expect(row).toEqual({ user: 'switchboard_bound' });
    await one.acrossAccounts.query('alter table kept add column if not exists more int', []);
    await one.close();
  }
});

test('a plain owner is bound as it is, and told how searches become fast', async () => {
  const url = await userOf('plain', '');
  await admin.query('create database plainly owner plain template template0');
  expect(await warningsOf(url('plainly'))).toEqual([
    expect.stringMatching(
      /^Searches of large accounts are slow: .*\nalter function pg_catalog\.lower\(text\) leakproof;/,
    ),
  ]);
});

test('a user with BYPASSRLS that may make no role is warned of', async () => {
  const url = await userOf('passer', 'bypassrls');
  await admin.query('create database passed owner passer template template0');
  expect(await warningsOf(url('passed'))).toEqual([
    expect.stringMatching(/^Row level security does not bind the user of DATABASE_URL, .*no superuser/),
    expect.stringContaining('Searches of large accounts are slow'),
  ]);
});
