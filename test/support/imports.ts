import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Audience } from '../../src/domain/audience/audience.entity';
import { audiences } from '../../src/domain/audience/audience.service';
import { contacts } from '../../src/domain/contact/contact.service';
import { feeds } from '../../src/domain/feed/feed.service';
import type { ImportJob } from '../../src/domain/import-job/import-job.entity';
import { importJobs } from '../../src/domain/import-job/import-job.service';
import { ImportFiles } from '../../src/server/imports/import-files';
import { type RunOptions, runImport } from '../../src/server/imports/import-runner';
import { openTestAccount, type TestAccount } from './account';

/** What became of an import: its numbers, and its results as lines without ids. */
export interface ImportOutcome {
  job: ImportJob;
  /** `status imported/updated/skipped/failed of total`. */
  counts: string;
  /** `row outcome message`. */
  lines: string[];
}

/** An account with an audience, a feed and a folder for files. */
export interface ImportBench {
  account: TestAccount;
  dataDir: string;
  files: ImportFiles;
  audienceId: string;
  feedId: string;
  /** Opens a job with its file. */
  begin: (csv: string | Buffer, options?: object, kind?: 'contacts' | 'leads') => Promise<ImportJob>;
  /** Works on a job until it is over. */
  work: (job: ImportJob, options?: Partial<RunOptions>) => Promise<ImportOutcome>;
  contacts: (csv: string | Buffer, options?: object) => Promise<ImportOutcome>;
  leads: (csv: string | Buffer, options?: object) => Promise<ImportOutcome>;
  /** All contacts, oldest first. */
  stored: () => Promise<Record<string, unknown>[]>;
  /** The audience as it is now. */
  audience: () => Promise<Audience>;
  close: () => Promise<void>;
}

/** Opens a bench. */
export async function openImportBench(): Promise<ImportBench> {
  const account = await openTestAccount();
  const { ctx } = account;
  const dataDir = await mkdtemp(join(tmpdir(), 'imports-'));
  const files = new ImportFiles(dataDir);
  const { id: audienceId } = await audiences.create(ctx, { name: 'News' });
  const { id: feedId } = await feeds.create(ctx, { name: 'Web', kind: 'call' });
  const owner = randomUUID();
  const begin: ImportBench['begin'] = async (csv, options = {}, kind = 'contacts') => {
    const opened =
      kind === 'contacts'
        ? await importJobs.importContacts(ctx, { audienceId, ...options })
        : await importJobs.importLeads(ctx, { feedId, ...options });
    const stored = await files.store(Readable.from([Buffer.from(csv)]));
    return importJobs.start(ctx, opened.importJob.id, stored, owner);
  };
  const work: ImportBench['work'] = async (job, options) => {
    const after = await runImport(ctx, job, { files, owner, isStopping: () => false, ...options });
    const results = files.readResults(after.id, after.resultsBytes);
    const [, ...lines] = (typeof results === 'string' ? results : await text(results)).trimEnd().split('\n');
    const { status, imported, updated, skipped, failed, total } = after;
    return {
      job: after,
      counts: `${status} ${imported}/${updated}/${skipped}/${failed} of ${total}`,
      lines: lines.map((line) => line.replace(/^(\d+),(\w+),[^,]*,(.*)$/, '$1 $2 $3').trimEnd()),
    };
  };
  return {
    ...{ account, dataDir, files, audienceId, feedId, begin, work },
    contacts: async (csv, options) => work(await begin(csv, options)),
    leads: async (csv, options) => work(await begin(csv, options, 'leads')),
    async stored() {
      const { rows } = await contacts.page(ctx, { first: 100, sort: { field: 'id', direction: 'asc' } });
      return rows as unknown as Record<string, unknown>[];
    },
    audience: () => audiences.get(ctx, audienceId),
    close: () => rm(dataDir, { recursive: true, force: true }),
  };
}
