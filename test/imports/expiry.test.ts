import { symlink, utimes, writeFile } from 'node:fs/promises';
import { endLateImports } from '../../src/domain/import-job/import-expiry';
import { importJobs } from '../../src/domain/import-job/import-job.service';
import { tidyImports } from '../../src/server/imports/importing';
import { testStore } from '../support/account';
import { eventsOf } from '../support/account-state';
import { type ImportBench, openImportBench } from '../support/imports';

const HOUR = 3_600_000;

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(() => bench.close());

const openJob = async () =>
  (await importJobs.importContacts(bench.account.ctx, { audienceId: bench.audienceId })).importJob;

test('an import whose file does not come within a day has failed, and takes none any more', async () => {
  const { account } = bench;
  const { ctx, clock } = account;
  const [late, running] = [await openJob(), await bench.begin('email\na@example.com\n')];
  clock.advance(23 * HOUR);
  const fresh = await openJob();
  const end = async () =>
    endLateImports({
      ...{ store: await testStore(), now: clock.now },
      contextOf: async (accountId) =>
        accountId === ctx.account.id ? ctx : Promise.reject(new Error('other')),
      // Those of other tests.
      onError: () => {},
    });
  const states = async () =>
    Promise.all([late, running, fresh].map(async ({ id }) => (await importJobs.get(ctx, id)).status));
  await end();
  expect(await states()).toEqual(['uploading', 'running', 'uploading']);
  clock.advance(HOUR);
  expect(await end()).toBe(1);
  expect(await states()).toEqual(['failed', 'running', 'uploading']);
  expect(await importJobs.get(ctx, late.id)).toMatchObject({
    error: 'Its file did not come within a day.',
    finishedAt: clock.at.toISOString(),
  });
  const updates = (await eventsOf(account, 'import_job')).filter(({ subjectId }) => subjectId === late.id);
  expect(updates.map(({ name }) => name)).toEqual(['import_job.created', 'import_job.updated']);
  await expect(importJobs.waiting(ctx, late.id)).rejects.toMatchObject({
    message: 'The import takes no file: it is failed already.',
  });
  expect(await end()).toBe(0);
});

test('files that no import needs are deleted after a day, also beside one that cannot be read', async () => {
  const { files, account } = bench;
  const job = await bench.begin('email\na@example.com\n');
  const forgotten = files.pathOf('forgotten.csv');
  await writeFile(forgotten, 'x');
  await symlink('nowhere', files.pathOf('broken.csv'));
  const tidy = async (now: Date) => tidyImports(await testStore(), files, 30, now);
  const now = account.clock.at;
  for (const path of [forgotten, files.pathOf(job.storedAs ?? '')]) await utimes(path, now, now);
  expect(await tidy(now)).toBe(0);
  expect(await tidy(new Date(now.getTime() + 25 * HOUR))).toBe(1);
  expect((await bench.work(job)).counts).toBe('done 1/0/0/0 of 1');
});
