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
let urlOfAdmin: (database: string) => string;

beforeAll(async () => {
  const { dataDir, remove } = await makePostgresFolder();
  removeFolder = remove;
  postgres = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8');
  urlOfAdmin = (database) => urlOf({ user: 'postgres', password, database });
  admin = new Client({ connectionString: urlOfAdmin('postgres') });
  await admin.connect();
  // Without what the embedded cluster does for itself, as on a PostgreSQL of others.
  await admin.query('create database theirs template template0');
});

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

test('a user with BYPASSRLS that may make roles takes on one, too', async () => {
  const url = await userOf('maker', 'bypassrls createrole');
  await admin.query('create database made owner maker template template0');
  const slow = [expect.stringContaining('Searches of large accounts are slow')];
  expect(await warningsOf(url('made'))).toEqual(slow);
  expect(await warningsOf(url('made'))).toEqual(slow);
});

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
  // Somebody who may gives it the role.
  await admin.query('grant switchboard_bound to passer');
  expect(await warningsOf(url('passed'))).toEqual([
    expect.stringContaining('Searches of large accounts are slow'),
  ]);
});

describe('what migrations cannot run on is said before the first of them', () => {
  let url: (database: string) => string;

  beforeAll(async () => {
    url = await userOf('guest', '');
    await admin.query("create database latin template template0 encoding 'LATIN1' locale 'C' owner guest");
    await admin.query('create database lent template template0');
    await admin.query('revoke temporary on database lent from public');
    await admin.query('create database bare owner guest template template0');
  });

  async function refusalOf(address: string): Promise<string[]> {
    const database = await Database.open(address, { poolSize: 1 });
    try {
      const error = await database.migrate().catch((cause: Error) => cause);
      const [row] = await database.acrossAccounts.query<{ count: number }>(
        `select count(*)::int from pg_class where relnamespace = 'public'::regnamespace`,
        [],
      );
      expect(row).toEqual({ count: 0 });
      return (error as Error).message.split('\n');
    } finally {
      await database.close();
    }
  }

  test.each<[string, string, string, string[]]>([
    ['an encoding', 'latin', '', ['The database latin has the encoding LATIN1: make one with UTF8.']],
    [
      'what the owner of the database has to allow',
      'lent',
      '',
      [
        'The user may make no tables: let the owner of the database run grant create on schema public to guest;',
        'The user may make no temporary tables: let the owner of the database run grant temporary on database lent to guest;',
        'The user may make no extensions: let the owner of the database run create extension btree_gin; create extension btree_gist; create extension pg_trgm;',
      ],
    ],
    [
      'settings that do not arrive',
      'bare',
      '?options=-c%20work_mem%3D8MB',
      [expect.stringMatching(/^The settings that connections start with do not arrive: .* no pooler/)],
    ],
  ])('%s', async (_, name, query, sentences) => {
    expect(await refusalOf(url(name) + query)).toEqual(sentences);
  });

  test('an address that can only be read from', async () => {
    await admin.query('alter role guest in database bare set default_transaction_read_only = on');
    expect(await refusalOf(url('bare'))).toEqual([
      'The database bare can only be read from this address: name its primary.',
    ]);
  });

  test('and what the owner has allowed is enough', async () => {
    const owner = new Client({ connectionString: urlOfAdmin('lent') });
    await owner.connect();
    await owner.query('grant create on schema public to guest');
    await owner.query('grant temporary on database lent to guest');
    for (const name of ['btree_gin', 'btree_gist', 'pg_trgm']) await owner.query(`create extension ${name}`);
    await owner.end();
    expect(await warningsOf(url('lent'))).toEqual([expect.stringMatching(/^Searches of large accounts/)]);
  });
});
