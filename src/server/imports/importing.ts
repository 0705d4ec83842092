import { randomUUID } from 'node:crypto';
import { startLoop } from '../../delivery/loop';
import { accountScopeById } from '../../domain/account/account.service';
import { Context } from '../../domain/context';
import type { ImportJob } from '../../domain/import-job/import-job.entity';
import { actorOf, claimJob } from '../../domain/import-job/import-job.service';
import type { Store } from '../../domain/store';
import type { Vault } from '../../domain/vault';
import type { ImportFiles } from './import-files';
import { runImport } from './import-runner';

/** What working on imports needs of the outside world. */
export interface ImportingOptions {
  store: Store;
  vault: Vault;
  now: () => Date;
  files: ImportFiles;
  /** Hears of every commit that appended to the change log. */
  onChange: () => void;
  onError: (error: unknown) => void;
  /** How long to wait for the next job when nobody wakes it. */
  pollMs?: number;
}

const POLL_MS = 1_000;

/** Whoever opened a job, importing into its account. */
async function importContext(
  { store, vault, now, onChange }: Pick<ImportingOptions, 'store' | 'vault' | 'now' | 'onChange'>,
  job: ImportJob,
): Promise<Context> {
  return new Context({
    ...{ store, vault, now, onChange, scopes: null, requestId: `import ${job.number}` },
    account: await accountScopeById(store, job.accountId),
    actor: actorOf(job),
  });
}

/** Starts to work on imports, one at a time; any number of processes with one data directory may do so. */
export function startImporting(options: ImportingOptions): { wake: () => void; stop: () => Promise<void> } {
  const { store, now, files, onError, pollMs = POLL_MS } = options;
  const owner = randomUUID();
  let isStopping = false;
  const loop = startLoop({
    onError,
    async step() {
      const job = await claimJob(store, owner, now());
      if (!job) return pollMs;
      const ctx = await importContext(options, job);
      const after = await runImport(ctx, job, { files, owner, isStopping: () => isStopping });
      if (after.finishedAt && job.storedAs) await files.remove(job.storedAs);
      return 0;
    },
  });
  return {
    wake: loop.wake,
    stop: () => {
      isStopping = true;
      return loop.stop();
    },
  };
}

const DAY_MS = 86_400_000;
const KEPT = `
select 1 from import_job
where (stored_as = $1 and finished_at is null) or ("id"::text = $2 and coalesce(finished_at, $3) >= $3)`;

/** Deletes files that no import needs any more: uploads after a day, results of imports that ended before the time. */
export async function tidyImports(
  store: Store,
  files: ImportFiles,
  days: number,
  now: Date,
): Promise<number> {
  const endedAfter = new Date(now.getTime() - days * DAY_MS).toISOString();
  const isKept = async (name: string) =>
    (await store.acrossAccounts.query(KEPT, [name, name.split('.')[0], endedAfter])).length > 0;
  return files.tidy(isKept, now.getTime() - DAY_MS);
}
