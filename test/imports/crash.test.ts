import { Readable } from 'node:stream';
import { audiences } from '../../src/domain/audience/audience.service';
import { LEASE_MS } from '../../src/domain/import-job/import-batch';
import type { ImportJob } from '../../src/domain/import-job/import-job.entity';
import { importJobs } from '../../src/domain/import-job/import-job.service';
import { testSecret } from '../support/account';
import { endChildren } from '../support/child';
import { testDatabaseUrl } from '../support/database';
import { startImportingProcess } from '../support/importing-process';
import { type ImportBench, openImportBench } from '../support/imports';

const ROWS = 40_000;
const KILLS = 3;
const LONG_ROWS = 100_000;
const LONG_CHARACTERS = 1_000;
const RSS_MAX_KB = 400_000;

// Half a minute each, where nothing else goes on.
jest.setTimeout(900_000);

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(async () => {
  await endChildren();
  await bench.close();
});

const startWorker = async (aheadMs: number, heapMb = 1_000) =>
  startImportingProcess(
    { databaseUrl: await testDatabaseUrl(), secret: testSecret, dataDir: bench.dataDir, aheadMs },
    heapMb,
  );

/** A job with its file, which nobody works on. */
async function begin(chunks: Iterable<string>): Promise<ImportJob> {
  const { ctx } = bench.account;
  const opened = await importJobs.importContacts(ctx, { audienceId: bench.audienceId });
  const stored = await bench.files.store(Readable.from(Array.from(chunks, (chunk) => Buffer.from(chunk))));
  return importJobs.start(ctx, opened.importJob.id, stored);
}

/** The job as soon as more rows than that had their turn, or it is over. */
async function passed(id: string, rows: number): Promise<ImportJob> {
  for (;;) {
    const job = await importJobs.get(bench.account.ctx, id);
    if (job.total > rows || job.finishedAt) return job;
  }
}

// An `exists` would be looked up row by row in whatever index the planner, which knows no numbers yet, thinks short.
const COUNTS = `
select
  (select count(*)::int from contact where account_id = $1) as "contacts",
  (select count(distinct email)::int from contact where account_id = $1) as "addresses",
  (select count(*)::int from change_event where account_id = $1 and name = 'contact.created') as "events",
  (select count(*)::int from (
    select subject_id from change_event where account_id = $1 and name = 'contact.created'
    intersect select id from contact where account_id = $1) as told) as "told"`;

test(`an import whose worker is killed ${KILLS} times: no row is lost, none comes twice`, async () => {
  const lines = Array.from({ length: ROWS }, (_, at) =>
    at % 100 === 99 ? 'no address,x\n' : `row${at}@example.com,"Multi\nline ${at}"\n`,
  );
  const { id } = await begin(['email,first name\n', ...lines]);
  const kills: number[] = [];
  for (let turn = 0; turn < KILLS; turn++) {
    const worker = await startWorker(turn * 2 * LEASE_MS);
    const { total, status } = await passed(id, kills.at(-1) ?? 0);
    await worker.kill();
    expect(status).toBe('running');
    kills.push(total);
  }
  expect(kills.at(-1)).toBeLessThan(ROWS);
  await startWorker(KILLS * 2 * LEASE_MS);
  const job = await passed(id, ROWS);
  const bad = ROWS / 100;
  expect(job).toMatchObject({
    ...{ status: 'done', total: ROWS, imported: ROWS - bad, updated: 0, skipped: 0, failed: bad },
  });
  const [counts] = await bench.account.ctx.query(COUNTS, [bench.account.ctx.account.id]);
  const good = ROWS - bad;
  expect(counts).toEqual({ contacts: good, addresses: good, events: good, told: good });
  expect(await audiences.get(bench.account.ctx, bench.audienceId)).toMatchObject({
    ...{ contactCount: good, emailCount: good, phoneCount: 0 },
  });
  const results = bench.files.readResults(id, job.resultsBytes) as Readable;
  const rows = (await results.toArray()).join('').trimEnd().split('\n').slice(1);
  expect(rows.map((line) => Number(line.split(',', 1)[0]))).toEqual(lines.map((_, at) => at + 1));
  expect(rows.filter((line) => line.includes(',failed,'))).toHaveLength(bad);
});

test(`a file of ${(LONG_ROWS * LONG_CHARACTERS) / 1e6} MB is imported within ${RSS_MAX_KB / 1000} MB`, async () => {
  const website = 'w'.repeat(LONG_CHARACTERS);
  const line = (at: number) => `row${at}@example.com,${website}\n`;
  function* chunks() {
    yield 'email,website\n';
    for (let at = 0; at < LONG_ROWS; at += 1_000)
      yield Array.from({ length: 1_000 }, (_, more) => line(at + more)).join('');
  }
  const { ctx } = bench.account;
  const opened = await importJobs.importContacts(ctx, { audienceId: bench.audienceId });
  const stored = await bench.files.store(Readable.from(chunks()).map((text) => Buffer.from(text)));
  const { id } = await importJobs.start(ctx, opened.importJob.id, stored);
  const worker = await startWorker(0, 128);
  expect(await passed(id, LONG_ROWS)).toMatchObject({ status: 'done', imported: LONG_ROWS });
  worker.tell('memory');
  const [, rss] = await worker.hear(/^memory (\d+)\n/m);
  expect(Number(rss)).toBeLessThan(RSS_MAX_KB);
});
