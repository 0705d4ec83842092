import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { loadConfig } from '../../src/config';
import { Context } from '../../src/domain/context';
import { leads } from '../../src/domain/lead/lead.service';
import { backup, restore } from '../../src/server/backup/backup-command';
import { EVERY_ACCOUNT } from '../../src/server/backup/catalog';
import { Database } from '../../src/server/database/database';
import { openTestAccount, type TestAccount, testSecret, testVault } from '../support/account';
import { emptyDatabaseUrl, ownDatabaseUrl } from '../support/database';

const WRITERS = 4;
const BEFORE = 40;

let folder: string;
let file: string;
let url: string;
let source: Database;
let account: TestAccount;
/** Ids of leads whose creation was acknowledged before the backup began. */
let acknowledged: string[];
/** The highest position of the change log that anybody has seen of the source. */
let lastSeen: number;
let report: string;

const configOf = (settings: NodeJS.ProcessEnv) =>
  loadConfig({ DATA_DIR: folder, SECRET: testSecret, ...settings });

let numbers = 2_025_560_000;
const createLead = () => {
  numbers += 1;
  return leads.create(account.ctx, { name: 'Ann\tO’Hara\\N', phone: `+1${numbers}`, tagNames: ['a', 'b'] });
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-backup-'));
  file = join(folder, 'backup.tar.gz');
  url = await ownDatabaseUrl();
  source = await Database.open(url, { poolSize: WRITERS + 1 });
  account = await openTestAccount({ store: source });
  acknowledged = [];
  for (let count = 0; count < BEFORE; count++) acknowledged.push((await createLead()).id);
  let isOver = false;
  let written = 0;
  let isWriting: () => void = () => {};
  const underLoad = new Promise<void>((resolve) => {
    isWriting = resolve;
  });
  const writers = Array.from({ length: WRITERS }, async () => {
    while (!isOver) {
      await createLead();
      written += 1;
      if (written >= WRITERS) isWriting();
    }
  });
  await underLoad;
  report = await backup(configOf({ DATABASE_URL: url }), file);
  isOver = true;
  await Promise.all(writers);
  const [row] = await source.acrossAccounts.query<{ last: number }>(
    'select max(position)::float8 as last from change_event',
    [],
  );
  lastSeen = row?.last ?? 0;
});

afterAll(async () => {
  await source.close();
  await rm(folder, { recursive: true });
});

async function ask<R>(at: string, text: string): Promise<R[]> {
  const client = new Client({ connectionString: at, options: EVERY_ACCOUNT });
  await client.connect();
  const { rows } = await client.query(text).finally(() => client.end());
  return rows;
}

/** Number of rows and a checksum of each table. */
async function contentsOf(at: string): Promise<Record<string, string>> {
  const names = `select table_name as name from information_schema.tables where table_schema = 'public'`;
  const sums = (await ask<{ name: string }>(at, names)).map(
    ({
      name,
    }) => `select '${name}' as name, count(*) || ' ' || md5(string_agg(t::text, ' ' order by t::text)) as sum
      from "${name}" t`,
  );
  if (sums.length === 0) return {};
  const rows = await ask<{ name: string; sum: string | null }>(at, sums.join(' union all '));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum ?? 'empty']));
}

const SHAPE = `
select conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated::text as part
from pg_constraint where connamespace = 'public'::regnamespace
union all select relname || ' ' || relrowsecurity::text || relforcerowsecurity::text from pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'r'
union all select tablename || policyname || qual from pg_policies where schemaname = 'public'
union all select indexdef from pg_indexes where schemaname = 'public'
union all select tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal
order by 1`;

/** The constraints, indexes and triggers, and whether they are on. */
const shapeOf = (at: string) => ask<{ part: string }>(at, SHAPE);

const seedOf = ({ ctx, clock: { now } }: TestAccount) => ({
  ...{ account: ctx.account, actor: ctx.actor, scopes: null, requestId: 'test', vault: testVault, now },
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

const changed = (tar: Buffer) => flipped(tar, tar.indexOf('Hara'));

/** A tar file whose first part, JSON of many lines, has a letter at the beginning of one. */
function misspelt(tar: Buffer): Buffer {
  const copy = Buffer.from(tar);
  copy.write('x', tar.indexOf('[\n ') + 2);
  return copy;
}

/** A tar file up to the header of its last part. */
const withoutEnding = (tar: Buffer) =>
  Buffer.concat([tar.subarray(0, tar.indexOf('ending.json')), Buffer.alloc(1024)]);

test('a backup under load is one moment: every write that was acknowledged before, and only whole ones', async () => {
  expect(report).toMatch(/: \d+ rows of \d+ tables, [\d.]+ MB\. SECRET is not in it: keep it elsewhere\.$/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${file}.unfinished`)).toBe(false);
  const target = await emptyDatabaseUrl();
  await restore(configOf({ DATABASE_URL: target }), file, false);
  const restored = await ask<{ id: string }>(target, 'select id from lead');
  const ids = new Set(restored.map(({ id }) => id));
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  expect(ids.size).toBeGreaterThanOrEqual(BEFORE + WRITERS);
  // Each lead was committed together with its event and its two tags.
  const torn = `select id from lead where 2 <> (select count(*) from lead_tag t where t.lead_id = lead.id)
    or 1 <> (select count(*) from change_event e where e.subject_id = lead.id and e.name = 'lead.created')`;
  expect(await ask(target, torn)).toEqual([]);
  const early = `select from change_event where name = 'lead.created' and subject_id not in (select id from lead)`;
  expect(await ask(target, early)).toEqual([]);
});

test('a restore brings back every row, in tables that are as the migrations made them', async () => {
  // Nobody writes any more: the backup and the database are the same.
  const quiet = join(folder, 'quiet.tar.gz');
  await backup(configOf({ DATABASE_URL: url }), quiet);
  const target = await emptyDatabaseUrl();
  await restore(configOf({ DATABASE_URL: target }), quiet, false);
  const before = await contentsOf(url);
  expect(Object.keys(before).length).toBeGreaterThan(40);
  expect(before.lead).not.toBe('empty');
  expect(await contentsOf(target)).toEqual(before);
  expect(await shapeOf(target)).toEqual(await shapeOf(url));
});

test('positions of the change log go on behind all that were handed out, also after the backup', async () => {
  const target = await emptyDatabaseUrl();
  await restore(configOf({ DATABASE_URL: target }), file, false);
  const restored = await Database.open(target, { poolSize: 2 });
  const { key } = account;
  const apiKey = await restored.acrossAccounts.query('select id from api_key where hash = $1', [
    testVault.hash(key),
  ]);
  expect(apiKey).toHaveLength(1);
  const ctx = new Context({ ...seedOf(account), store: restored });
  const { id, number } = await leads.create(ctx, { name: 'After', phone: '+12025559999' });
  const [event] = await restored.acrossAccounts.query<{ position: number }>(
    'select position::float8 as position from change_event where subject_id = $1',
    [id],
  );
  expect(event?.position).toBeGreaterThan(lastSeen);
  const [numbersThere] = await restored.acrossAccounts.query<{ highest: number }>(
    'select max(number) as highest from lead where id <> $1',
    [id],
  );
  expect(number).toBeGreaterThan(numbersThere?.highest ?? Number.MAX_SAFE_INTEGER);
  await restored.close();
});

describe('is refused, with nothing changed,', () => {
  const refused = async (
    settings: NodeJS.ProcessEnv,
    from: string,
    message: string | RegExp,
    force = false,
  ) => {
    const at = settings.DATABASE_URL ?? url;
    const before = await contentsOf(at);
    await expect(restore(configOf({ DATABASE_URL: at, ...settings }), from, force)).rejects.toThrow(message);
    expect(await contentsOf(at)).toEqual(before);
  };
  const damaged = (name: string, change: (bytes: Buffer) => Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, change(readFileSync(file)));
    return path;
  };

  test.each([
    ['that is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['that is cut in half', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['with a flipped bit', (bytes: Buffer) => flipped(bytes, Math.floor(bytes.length / 2))],
    ['with a letter too many', (bytes: Buffer) => gzipSync(misspelt(gunzipSync(bytes)))],
    ['that is something else', () => Buffer.from('something else')],
    ['that is empty', () => Buffer.alloc(0)],
    ['that was changed and packed anew', (bytes: Buffer) => gzipSync(changed(gunzipSync(bytes)))],
    ['whose last part is missing', (bytes: Buffer) => gzipSync(withoutEnding(gunzipSync(bytes)))],
  ])('a file %s', async (name, change) => {
    const target = await emptyDatabaseUrl();
    const path = damaged(name.replaceAll(' ', '-'), change);
    await refused({ DATABASE_URL: target }, path, /is no backup, or is damaged: .*\. Nothing was changed\.$/);
    await refused({}, path, /is no backup, or is damaged: .*\. Nothing was changed\.$/, true);
  });

  test('a file that is not there', () => refused({}, join(folder, 'none'), /cannot be read: ENOENT/));

  test('data that would be replaced, and a database that a server uses', async () => {
    await refused({}, file, 'A Switchboard uses this database: stop it before a restore.', true);
    const target = await emptyDatabaseUrl();
    await restore(configOf({ DATABASE_URL: target }), file, false);
    await refused(
      { DATABASE_URL: target },
      file,
      'The database has data already: --force replaces all of it by the backup.',
    );
    await restore(configOf({ DATABASE_URL: target }), file, true);
    expect((await contentsOf(target)).lead).not.toBe('empty');
  });

  test('a database of another program, also by force', async () => {
    const target = await emptyDatabaseUrl();
    await ask(target, 'create table theirs (id int)');
    await refused({ DATABASE_URL: target }, file, /tables of another program/, true);
  });

  test('another secret, under which no key would work', async () => {
    const target = await emptyDatabaseUrl();
    const other = 'another secret that is long enough';
    await refused(
      { DATABASE_URL: target, SECRET: other },
      file,
      /^SECRET is another one than that of the backup/,
    );
    await refused({ DATABASE_URL: target, SECRET: '' }, file, /^The backup was made with SECRET set/);
  });

  test('a backup over a file that is there', async () => {
    const before = readFileSync(file);
    await expect(backup(configOf({ DATABASE_URL: url }), file)).rejects.toThrow(/is there already/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});
