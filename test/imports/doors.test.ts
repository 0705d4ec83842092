import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audiences } from '../../src/domain/audience/audience.service';
import { changesOf } from '../../src/domain/change-log';
import { contacts } from '../../src/domain/contact/contact.service';
import { leads } from '../../src/domain/lead/lead.service';
import { ImportFiles } from '../../src/server/imports/import-files';
import { startImporting } from '../../src/server/imports/importing';
import { issueKey, openTestAccount, type TestAccount, testStore, testVault } from '../support/account';
import { withoutChange } from '../support/account-state';
import { runGraphql } from '../support/graphql-client';
import { type LiveServer, startLiveServer } from '../support/live-server';

let account: TestAccount;
let server: LiveServer;
let audienceId: string;
let dataDir: string;
let stopImporting: (() => Promise<void>)[];

beforeEach(async () => {
  account = await openTestAccount();
  ({ id: audienceId } = await audiences.create(account.ctx, { name: 'News' }));
  dataDir = await mkdtemp(join(tmpdir(), 'imports-'));
  server = await startLiveServer({ now: account.clock.now, settings: { DATA_DIR: dataDir } });
  stopImporting = [];
});

afterEach(async () => {
  for (const stop of stopImporting) await stop();
  await server.close();
  await rm(dataDir, { recursive: true });
});

const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const ask = <Data>(query: string, variables: object = {}, key = account.key) =>
  runGraphql<Data>(server, key, query, variables);

interface Opened {
  open: { uploadPath: string; importJob: { id: string } };
}

const openImport = async () =>
  (
    await ask<Opened>(
      'mutation ($id: ID!) { open: importContacts(input: { audienceId: $id }) { uploadPath importJob { id } } }',
      { id: audienceId },
    )
  ).open;

const upload = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(at(path), { method: 'PUT', body, headers: { 'content-type': 'text/csv', ...headers } });

async function work(): Promise<void> {
  const { stop } = startImporting({
    ...{ store: await testStore(), vault: testVault, now: account.clock.now, pollMs: 10 },
    ...{ files: new ImportFiles(dataDir), onChange: () => {} },
    onError: (error) => {
      throw error;
    },
  });
  stopImporting.push(stop);
}

test('a file is sent to its address, its progress is told, and its results are read', async () => {
  const { uploadPath, importJob } = await openImport();
  const { endCursor: since } = await changesOf(account.ctx, { first: 100 });
  const told: object[] = [];
  const subscription = server
    .client(account.key)
    .iterate<{ importProgress: { importJob: { status: string } } }>({
      query:
        'subscription ($id: ID!, $since: String) { importProgress(id: $id, since: $since) { importJob { status total imported failed } } }',
      variables: { id: importJob.id.toUpperCase(), since },
    });
  const over = (async () => {
    for await (const { data } of subscription) {
      const job = data?.importProgress.importJob;
      if (job) told.push(job);
      if (job?.status === 'DONE') return;
    }
  })();
  const sent = await upload(uploadPath, 'email\nada@example.com\n=bad\n');
  expect([sent.status, await sent.json()]).toEqual([
    202,
    { id: importJob.id, status: 'running', fileBytes: 27 },
  ]);
  const again = await upload(uploadPath, 'email\n');
  expect([again.status, await again.json()]).toMatchObject([
    409,
    { code: 'CONFLICT', message: 'The import takes no file: it is running already.' },
  ]);
  await work();
  await over;
  expect(told).toEqual([
    { status: 'RUNNING', total: 0, imported: 0, failed: 0 },
    { status: 'RUNNING', total: 2, imported: 1, failed: 1 },
    { status: 'DONE', total: 2, imported: 1, failed: 1 },
  ]);
  const results = await fetch(at(`/imports/${importJob.id}/results.csv`), { headers: bearer(account.key) });
  const { nodes } = (await ask<{ contacts: { nodes: { id: string }[] } }>('{ contacts { nodes { id } } }'))
    .contacts;
  expect(await results.text()).toBe(
    `row,outcome,id,message\n1,imported,${nodes[0]?.id},\n2,failed,,"Email must be an e-mail address."\n`,
  );
  expect(results.headers.get('content-type')).toBe('text/csv; charset=utf-8');
});

test('only who knows the address or has a key of the account may send and read, and nothing is kept of others', async () => {
  const { uploadPath, importJob } = await openImport();
  const other = await openImport();
  const stranger = await openTestAccount();
  const reader = await issueKey(account, ['importJobs:read', 'contacts:read']);
  const path = `/imports/${importJob.id}`;
  await withoutChange(account, async () => {
    const refused = [
      await upload(path, 'email\n'),
      await upload(path, 'email\n', bearer(stranger.key)),
      await upload(path, 'email\n', bearer(reader)),
      await upload(`${path}?${other.uploadPath.split('?')[1]}`, 'email\n'),
      await upload(uploadPath, 'email\n', { 'content-encoding': 'gzip' }),
      await fetch(at(`${path}/results.csv`)),
      await fetch(at(`${path}/results.csv`), { headers: bearer(stranger.key) }),
      await fetch(at(`/exports/contacts.csv?audience=${audienceId}`), { headers: bearer(stranger.key) }),
      await fetch(at('/exports/contacts.csv'), { headers: bearer(account.key) }),
      await fetch(at('/exports/leads.csv'), { headers: bearer(reader) }),
      await fetch(at('/exports/contacts.csv?token=x')),
    ];
    expect(refused.map(({ status }) => status)).toEqual([
      ...[401, 404, 403, 401, 400, 401, 404, 404, 400, 403, 401],
    ]);
  });
  await expect(
    ask('query ($id: ID!) { importJob(id: $id) { id } }', { id: importJob.id }, stranger.key),
  ).rejects.toThrow('Import not found');
  await expect(
    ask('mutation ($id: ID!) { cancelImport(id: $id) { id } }', { id: importJob.id }, stranger.key),
  ).rejects.toThrow('Import not found');
  expect(await readdir(join(dataDir, 'imports')).catch(() => [])).toEqual([]);
  expect((await upload(path, 'email\n', bearer(account.key))).status).toBe(202);
});

test('a file that does not come to its end is not kept, and can be sent again', async () => {
  const { uploadPath } = await openImport();
  const half = request(at(uploadPath), { method: 'PUT', headers: { 'content-length': 100 } });
  half.on('error', () => {});
  half.write('email\n');
  await stored(1);
  half.destroy();
  await stored(0);
  expect((await upload(uploadPath, 'email\n')).status).toBe(202);
});

/** Waits until there are so many files. */
async function stored(count: number): Promise<void> {
  const folder = join(dataDir, 'imports');
  while ((await readdir(folder).catch(() => [])).length !== count);
}

const HOSTILE = {
  firstName: '=HYPERLINK("http://x")',
  lastName: "'=quoted",
  email: 'ada@example.com',
  phone: '+1 202 555-0143',
  company: '@SUM(1)\r\n"x",y;ü',
  city: '-1',
  crmId: "'plain",
  customFields: { a: ['b'] },
};

test('contacts are exported as cells that are no formulas, and come back as they were', async () => {
  const { ctx } = account;
  await contacts.create(ctx, { audienceId, ...HOSTILE });
  await contacts.create(ctx, { audienceId, phone: '+12025550144' });
  const { path } = await ask<{ path: string }>(
    'mutation ($id: ID!) { path: exportContacts(audienceId: $id, withBom: true) }',
    { id: audienceId },
  );
  const answer = await fetch(at(path));
  const csv = Buffer.from(await answer.arrayBuffer()).toString();
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="contacts.csv"');
  expect(csv.startsWith('\ufeffid,createdAt,groupIds,firstName,lastName,email,')).toBe(true);
  expect(csv).toContain(`,"'=HYPERLINK(""http://x"")",''=quoted,ada@example.com,`);
  expect(csv).toContain(`,'+1 202 555-0143,`);
  expect(csv).toContain(',+12025550144,');
  expect(csv).toContain(`,"'@SUM(1)\r\n""x"",y;ü",`);
  const byKey = await fetch(at(`/exports/contacts.csv?audience=${audienceId}`), {
    headers: bearer(account.key),
  });
  expect(`\ufeff${await byKey.text()}`).toBe(csv);

  const { id: copyId } = await audiences.create(ctx, { name: 'Copy' });
  const { open } = await ask<Opened>(
    'mutation ($id: ID!) { open: importContacts(input: { audienceId: $id }) { uploadPath importJob { id } } }',
    { id: copyId },
  );
  await upload(open.uploadPath, csv);
  await work();
  const both = async (id: string) => {
    const { records } = await contacts.records(ctx, { audienceId: id }, { limit: 10, offset: 0 });
    return records.map(({ id: _, number, audienceId: __, audience, createdAt, updatedAt, ...row }) => row);
  };
  while ((await both(copyId)).length < 2);
  expect(await both(copyId)).toEqual(await both(audienceId));

  account.clock.advance(3_600_000);
  expect((await fetch(at(path))).status).toBe(401);
});

test('leads of all feeds or of one are exported, batch by batch', async () => {
  const { ctx } = account;
  const inputs = Array.from({ length: 1_000 }, (_, index) => ({ phone: `+1202${5_550_000 + index}` }));
  await leads.createMany(ctx, inputs, 'all_or_nothing');
  await leads.create(ctx, { phone: '+12025559999', name: 'Ada Moreno', tagNames: ['hot', 'new'] });
  const { path } = await ask<{ path: string }>('mutation { path: exportLeads }');
  const lines = (await (await fetch(at(path))).text()).trimEnd().split('\n');
  expect(lines).toHaveLength(1_002);
  expect(lines.slice(1).map((line) => /,(\+\d+),/.exec(line)?.[1])).toEqual([
    ...inputs.map(({ phone }) => phone),
    '+12025559999',
  ]);
  expect(lines.at(-1)).toContain(',hot;new,');
});
