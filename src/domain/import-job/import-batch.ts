import type { Context } from '../context';
import { saveChanges } from '../crud';
import { type Instant, toInstant } from '../datetime';
import { rowEvent } from '../event';
import { contactImport } from './contact-import';
import { ImportJob } from './import-job.entity';
import type { ImportTarget } from './import-target';
import { type FileRow, type FileRowOutcome, writeFileRows } from './import-write';
import { leadImport } from './lead-import';

/** How often the progress of an import is told at most. */
export const PROGRESS_MS = 1_000;
/** How long a process that says nothing keeps an import to itself: longer than any batch takes. */
export const LEASE_MS = 15_000;

/** Rows of a file that are written together. */
export interface ImportBatch {
  rows: FileRow[];
  /** Where the rows behind them begin in the file. */
  endByte: number;
}

/** Who works on a job, and where it writes down what became of the rows. */
export interface BatchOptions {
  owner: string;
  /** Keeps the outcomes behind `atByte` of the results, before they are committed; answers where these end then. */
  keepResults: (outcomes: readonly FileRowOutcome[], atByte: number) => Promise<number>;
}

/** What the rows of a job become. */
export function targetOf({ kind }: ImportJob): ImportTarget {
  return (kind === 'contacts' ? contactImport : leadImport) as unknown as ImportTarget;
}

/** The moment until which a job is its worker’s. */
export function leaseEnd(now: Date): Instant {
  return toInstant(new Date(now.getTime() + LEASE_MS));
}

const count = (outcomes: readonly FileRowOutcome[], ...words: FileRowOutcome['outcome'][]) =>
  outcomes.filter(({ outcome }) => words.includes(outcome)).length;

function advanced(job: ImportJob, outcomes: readonly FileRowOutcome[]): Partial<ImportJob> {
  return {
    total: job.total + outcomes.length,
    imported: job.imported + count(outcomes, 'imported'),
    updated: job.updated + count(outcomes, 'updated'),
    skipped: job.skipped + count(outcomes, 'skipped', 'unchanged'),
    failed: job.failed + count(outcomes, 'failed'),
  };
}

/** The job while it is the owner’s to work on, locked; undefined when it is over, cancelled or another’s. */
async function lockOwned(ctx: Context, id: string, owner: string): Promise<ImportJob | undefined> {
  const job = await ctx.repo(ImportJob).lockIfThere(id);
  return job?.status === 'running' && job.leaseOwner === owner ? job : undefined;
}

/**
 * Writes the rows that follow the last committed ones, their outcomes, and how far the job has come: all or nothing.
 * Answers the job, or undefined when it is not the owner’s any more.
 */
export async function writeBatch(
  ctx: Context,
  id: string,
  { rows, endByte }: ImportBatch,
  { owner, keepResults }: BatchOptions,
): Promise<ImportJob | undefined> {
  return ctx.transaction(async (tx) => {
    const job = await lockOwned(tx, id, owner);
    if (!job) return undefined;
    if (rows[0] && rows[0].row !== job.total + 1) return undefined;
    const target = targetOf(job);
    const obstacle = await target.hold(tx, job);
    if (obstacle) return endJob(tx, job, { status: 'failed', error: obstacle });
    const outcomes = await writeFileRows(tx, job, target, rows);
    const resultsBytes = await keepResults(outcomes, job.resultsBytes);
    const isTold = Date.parse(job.progressedAt ?? '') > tx.now().getTime() - PROGRESS_MS;
    const after = await tx.repo(ImportJob).update(id, {
      ...advanced(job, outcomes),
      ...{ bytesDone: endByte, resultsBytes, leaseUntil: leaseEnd(tx.now()) },
      progressedAt: isTold ? job.progressedAt : tx.instant(),
    });
    if (!isTold) await tx.emit(rowEvent(ImportJob, 'progressed', after));
    return after;
  });
}

/** Ends a locked job, with its event. */
export function endJob(
  ctx: Context,
  job: ImportJob,
  { status, error = null }: { status: 'done' | 'failed' | 'cancelled'; error?: string | null },
): Promise<ImportJob> {
  const over = { status, error, finishedAt: ctx.instant(), leaseOwner: null, leaseUntil: null };
  return saveChanges(ctx, ImportJob, job, over);
}

/** Ends a job that is the owner’s: its rows are through, or it cannot go on. Answers it as it is then. */
export async function finishJob(
  ctx: Context,
  id: string,
  owner: string,
  end: Parameters<typeof endJob>[2],
): Promise<ImportJob> {
  return ctx.transaction(async (tx) => {
    const job = await lockOwned(tx, id, owner);
    return job ? endJob(tx, job, end) : tx.repo(ImportJob).get(id);
  });
}

const RELEASE = `
update import_job set "lease_owner" = null, "lease_until" = null
where "account_id" = $1 and "id" = $2 and "lease_owner" = $3`;

/** Leaves a job to others. */
export async function releaseJob(ctx: Context, id: string, owner: string): Promise<void> {
  await ctx.query(RELEASE, [ctx.account.id, id, owner]);
}
