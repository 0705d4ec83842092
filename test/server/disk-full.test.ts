import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { migrate } from '../../src/server/database/database';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/server/postgres/embedded-postgres';
import { openTestAccount, type TestAccount } from '../support/account';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { makePostgresFolder } from '../support/postgres-folder';

const DISK = '320m';
const SETTINGS = { shared_buffers: '16MB', max_wal_size: '64MB', min_wal_size: '32MB' };
const CREATE = 'mutation ($input: CreateLeadInput!) { createLead(input: $input) { id } }';
const REFUSAL = {
  code: 'UNAVAILABLE',
  message: expect.stringMatching(/^The database cannot (take this|be reached) at the moment\.$/),
};

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;
if (!mayMount) process.stderr.write('The full disk is left out: only root may mount a small one.\n');

let dataDir: string;
let remove: () => Promise<void>;
let postgres: EmbeddedPostgres;
let server: LiveServer;
let account: TestAccount;
let made = 0;

beforeAll(async () => {
  if (!mayMount) return;
  ({ dataDir, remove } = await makePostgresFolder());
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=711`, 'tmpfs', dataDir]);
  expect(status).toBe(0);
  postgres = await startEmbeddedPostgres({ dataDir, settings: SETTINGS });
  await migrate(postgres.url);
  server = await startLiveServer({ databaseUrl: postgres.url });
  account = await openTestAccount({ store: server.database });
});

afterAll(async () => {
  if (!mayMount) return;
  await server.close();
  await postgres.stop();
  spawnSync('umount', ['-l', dataDir]);
  await remove();
});

/** Takes all room that is left. */
function fillDisk(): void {
  for (const bytes of [1_048_576, 4_096, 1]) {
    try {
      for (;;) appendFileSync(join(dataDir, 'ballast'), Buffer.alloc(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

const freeDisk = () => rmSync(join(dataDir, 'ballast'));

/** Makes a lead; answers its phone, or undefined for a refusal, which says clearly that it is one. */
async function makeLead(): Promise<string | undefined> {
  made += 1;
  const phone = `+1202${5_550_000 + made}`;
  const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
      accept: 'application/graphql-response+json',
    },
    body: JSON.stringify({ query: CREATE, variables: { input: { phone, message: 'm'.repeat(5_000) } } }),
  });
  const { data, errors } = (await response.json()) as {
    data: { createLead: object } | null;
    errors?: { message: string; extensions: { code: string } }[];
  };
  if (data?.createLead) return phone;
  expect(errors).toEqual([expect.objectContaining({ message: REFUSAL.message })]);
  expect(errors?.[0]?.extensions.code).toBe(REFUSAL.code);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  return undefined;
}

/** Makes leads until so many in a row were refused; answers those that were made. */
async function makeUntilRefused(refusals: number): Promise<string[]> {
  const phones: string[] = [];
  for (let refused = 0; refused < refusals; ) {
    const phone = await makeLead();
    if (phone) phones.push(phone);
    refused = phone ? 0 : refused + 1;
  }
  return phones;
}

/** Makes leads until one is made, which says that there is room again. */
async function makeAgain(): Promise<string> {
  for (;;) {
    const phone = await makeLead();
    if (phone) return phone;
    await sleep(200);
  }
}

const phonesKept = async () =>
  (
    await account.ctx.query<{ phone: string }>('select phone from lead where account_id = $1 order by 1', [
      account.ctx.account.id,
    ])
  ).map(({ phone }) => phone);

const onSmallDisk = mayMount ? test : test.skip;

onSmallDisk(
  'a full disk: writes are refused and say so, reads go on, nothing acknowledged is lost, and room is enough to go on',
  async () => {
    const phones = [await makeAgain()];
    fillDisk();
    phones.push(...(await makeUntilRefused(3)));
    freeDisk();
    phones.push(await makeAgain());
    expect(await phonesKept()).toEqual(phones.toSorted());
  },
);

onSmallDisk(
  'no room for the log of PostgreSQL itself, which then dies: it comes back by itself when there is',
  async () => {
    const before = await phonesKept();
    fillDisk();
    const url = new URL(postgres.url);
    url.username = 'postgres';
    url.password = readFileSync(join(dataDir, 'postgres.password'), 'utf8');
    const superuser = new Client({ connectionString: url.href });
    superuser.on('error', () => {});
    await superuser.connect();
    const switchLog = async () => {
      for (;;)
        await superuser.query("select pg_switch_wal(), pg_logical_emit_message(false, 'test', 'more')");
    };
    await expect(switchLog()).rejects.toThrow();
    const phones = await makeUntilRefused(3);
    freeDisk();
    phones.push(await makeAgain());
    expect(await phonesKept()).toEqual([...before, ...phones].toSorted());
  },
);
