import type { Context } from '../../domain/context';
import { asDomainError } from '../../domain/error';
import { finishJob, releaseJob, targetOf, writeBatch } from '../../domain/import-job/import-batch';
import { type RowReader, readColumns } from '../../domain/import-job/import-columns.rules';
import type { ImportJob } from '../../domain/import-job/import-job.entity';
import { importJobs } from '../../domain/import-job/import-job.service';
import { type FileRow, messageOf } from '../../domain/import-job/import-write';
import { type CsvForm, type CsvRecord, formOf, readRecords } from './csv-records';
import type { ImportFiles, ResultsFile } from './import-files';

/** Rows that are written in one transaction: enough to be cheap, few enough to commit within a moment. */
const BATCH_ROWS = 2_000;
const BATCH_BYTES = 4 * 1024 ** 2;

/** What working on a job needs. */
export interface RunOptions {
  files: ImportFiles;
  /** Names the worker. */
  owner: string;
  /** Whether to leave the job to others after the batch that is being written. */
  isStopping: () => boolean;
  /** A job that is left is kept for its owner to end. */
  isKeptOnStop?: boolean;
  /** Hears of every batch that was committed. */
  onProgress?: (job: ImportJob) => void;
}

interface Batch {
  rows: FileRow[];
  endByte: number;
}

/** A file as it can be read on: its form, where its rows begin, and what its columns are. */
interface OpenFile extends CsvForm {
  read: RowReader;
  width: number;
}

async function openFile(path: string, job: ImportJob): Promise<OpenFile | string> {
  const form = await formOf(path).catch((error: Error) => error.message);
  if (typeof form === 'string') return form;
  for await (const [titles] of readRecords(path, form)) {
    if (!titles || titles.fault) return titles?.fault?.replace('The row', 'The row of titles') ?? '';
    const columns = readColumns(targetOf(job).entity, titles.cells, job.mapping);
    if ('fault' in columns) return columns.fault;
    return { ...form, startByte: titles.endByte, read: columns.read, width: titles.cells.length };
  }
  return 'The file is empty: its first row must hold the titles of its columns.';
}

/** A row of the file in stored form, or what is wrong with it. */
function fileRowOf(ctx: Context, job: ImportJob, row: number, record: CsvRecord, file: OpenFile): FileRow {
  const { cells, fault } = record;
  if (fault) return { row, fault };
  if (cells.length > file.width && cells.slice(file.width).some((cell) => cell !== ''))
    return { row, fault: `The row has ${cells.length} cells, and the file ${file.width} columns.` };
  try {
    return { row, input: targetOf(job).draftOf(ctx, job, file.read(cells)) };
  } catch (error) {
    const failure = asDomainError(error);
    if (failure.code !== 'INVALID') throw error;
    return { row, fault: messageOf(failure) };
  }
}

/** The rows that follow the committed ones, batch by batch. */
async function* batchesOf(ctx: Context, job: ImportJob, path: string, file: OpenFile): AsyncGenerator<Batch> {
  let row = job.total;
  let startByte = Math.max(job.bytesDone, file.startByte);
  let rows: FileRow[] = [];
  for await (const records of readRecords(path, { ...file, startByte })) {
    for (const record of records) {
      row += 1;
      rows.push(fileRowOf(ctx, job, row, record, file));
      const { endByte } = record;
      if (rows.length < BATCH_ROWS && endByte - startByte < BATCH_BYTES) continue;
      yield { rows, endByte };
      [rows, startByte] = [[], endByte];
    }
  }
  yield { rows, endByte: job.fileBytes };
}

/** Writes the batches; while one is written the next is read. Answers whether they are through. */
async function writeAll(
  ctx: Context,
  job: ImportJob,
  batches: AsyncGenerator<Batch>,
  results: ResultsFile,
  { owner, isStopping, onProgress }: RunOptions,
): Promise<boolean> {
  const write = async (batch: Batch): Promise<boolean> => {
    const after = await writeBatch(ctx, job.id, batch, { owner, keepResults: results.keep });
    if (after) onProgress?.(after);
    return after?.status === 'running';
  };
  let writing = Promise.resolve(true);
  try {
    for await (const batch of batches) {
      if (!(await writing) || isStopping()) return false;
      writing = write(batch);
      // Its failure is met by the next turn; until then it must not count as unhandled.
      writing.catch(() => {});
    }
    return await writing;
  } finally {
    await writing.catch(() => {});
  }
}

/** Whether it may go better in a moment: the database or the disk failed. */
function isPassing(error: unknown): boolean {
  return asDomainError(error).code === 'UNAVAILABLE' || (error instanceof Error && 'syscall' in error);
}

/**
 * Works on a job that is the owner’s from behind its last committed row to its end, and answers it as it is then:
 * over, or another’s when the owner is stopping. Throws when the database or the disk fails, and the job is free; after any
 * other fault it has failed.
 */
export async function runImport(ctx: Context, job: ImportJob, options: RunOptions): Promise<ImportJob> {
  const { files, owner } = options;
  const finish = (status: 'done' | 'failed', error?: string) =>
    finishJob(ctx, job.id, owner, { status, ...(error !== undefined && { error }) });
  try {
    const path = files.pathOf(job.storedAs ?? '');
    const file = await openFile(path, job).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return 'Its file is not in DATA_DIR/imports of the process that works on imports.';
    });
    if (typeof file === 'string') return await finish('failed', file);
    const results = await files.openResults(job.id);
    try {
      const isThrough = await writeAll(ctx, job, batchesOf(ctx, job, path, file), results, options);
      if (isThrough) return await finish('done');
    } finally {
      await results.close();
    }
    if (!options.isKeptOnStop) await releaseJob(ctx, job.id, owner);
    return await importJobs.get(ctx.asSystem('import'), job.id);
  } catch (error) {
    if (isPassing(error)) await releaseJob(ctx, job.id, owner).catch(() => {});
    else await finish('failed', 'A fault of the server stopped it.');
    throw error;
  }
}
