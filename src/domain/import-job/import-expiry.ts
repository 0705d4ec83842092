import { toInstant } from '../datetime';
import { type DueOptions, eachFound } from '../due';
import { endJob } from './import-batch';
import { ImportJob } from './import-job.entity';

const DAY_MS = 86_400_000;

const LATE = `
select account_id as "accountId", id from import_job
where status = 'uploading' and created_at <= $1 order by created_at limit 1000`;

/** Ends imports, in every account, whose file has not come within a day; answers how many. */
export function endLateImports(options: DueOptions): Promise<number> {
  const before = toInstant(new Date(options.now().getTime() - DAY_MS));
  return eachFound(options, { text: LATE, values: [before] }, (ctx, id) =>
    ctx.asSystem('import').transaction(async (tx) => {
      const job = await tx.repo(ImportJob).lockIfThere(id);
      if (job?.status !== 'uploading') return false;
      await endJob(tx, job, { status: 'failed', error: 'Its file did not come within a day.' });
      return true;
    }),
  );
}
