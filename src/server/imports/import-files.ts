import { randomUUID } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { safeCell } from '../../domain/csv.rules';
import { DomainError } from '../../domain/error';
import type { FileRowOutcome } from '../../domain/import-job/import-write';

/** Most bytes of an uploaded file. */
const FILE_MAX_BYTES = 10 * 1024 ** 3;

function domainErrorOf(thrown: unknown): unknown {
  const { code = '' } = thrown as { code?: string };
  if (!['ENOSPC', 'EDQUOT'].includes(code)) return thrown;
  return new DomainError('UNAVAILABLE', 'There is no room for the file at the moment.', {
    ...{ cause: thrown, retryAfterSeconds: 5 },
  });
}

const RESULTS_TITLES = 'row,outcome,id,message\n';

/** A file that is completely on disk. */
export interface StoredFile {
  storedAs: string;
  bytes: number;
}

function resultLine({ row, outcome, id, message }: FileRowOutcome): string {
  const text = message === '' ? '' : `"${safeCell(message).replaceAll('"', '""')}"`;
  return `${row},${outcome},${id ?? ''},${text}\n`;
}

/** The folder of uploaded files and of the results of imports; nothing in it is whole in memory. */
export class ImportFiles {
  private readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'imports');
  }

  pathOf(storedAs: string): string {
    return join(this.folder, storedAs);
  }

  resultsPath(jobId: string): string {
    return join(this.folder, `${jobId}.results.csv`);
  }

  /** Keeps a stream as a file of its own; when it is answered, the file survives a crash of the machine. */
  async store(source: Readable): Promise<StoredFile> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const storedAs = `${randomUUID()}.csv`;
    let bytes = 0;
    const measured = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > FILE_MAX_BYTES)
          throw new DomainError('PAYLOAD_TOO_LARGE', `A file may have ${FILE_MAX_BYTES} bytes at most.`);
        yield chunk;
      }
    };
    try {
      await pipeline(
        source,
        measured,
        createWriteStream(this.pathOf(storedAs), { flush: true, mode: 0o600 }),
      );
      await this.syncFolder();
      return { storedAs, bytes };
    } catch (error) {
      await this.remove(storedAs);
      throw domainErrorOf(error);
    }
  }

  private async syncFolder(): Promise<void> {
    const folder = await open(this.folder);
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async remove(storedAs: string): Promise<void> {
    await rm(this.pathOf(storedAs), { force: true });
  }

  /** The results of a job, to be written behind what is committed. */
  async openResults(jobId: string): Promise<ResultsFile> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const flags = constants.O_WRONLY | constants.O_CREAT;
    const file = await open(this.resultsPath(jobId), flags, 0o600);
    return new ResultsFile(file);
  }

  /** The committed part of a job’s results; titles alone before there are any. */
  readResults(jobId: string, committedBytes: number): Readable | string {
    if (committedBytes === 0) return RESULTS_TITLES;
    return createReadStream(this.resultsPath(jobId), { end: committedBytes - 1 });
  }

  /** Deletes files that are not kept and were last written before the time; answers how many. */
  async tidy(isKept: (name: string) => Promise<boolean>, beforeMs: number): Promise<number> {
    let count = 0;
    for (const name of await readdir(this.folder).catch(() => [])) {
      // Another process may have deleted it in the meantime.
      const found = await stat(this.pathOf(name)).catch(() => undefined);
      if (!found || found.mtimeMs >= beforeMs || (await isKept(name))) continue;
      await this.remove(name);
      count += 1;
    }
    return count;
  }
}

/** Results as they are written, batch by batch. */
export class ResultsFile {
  constructor(private readonly file: FileHandle) {}

  /** Writes the outcomes at the byte, over what a lost process may have left there; answers where they end. */
  readonly keep = async (outcomes: readonly FileRowOutcome[], atByte: number): Promise<number> => {
    const titles = atByte === 0 ? RESULTS_TITLES : '';
    const bytes = Buffer.from(titles + outcomes.map(resultLine).join(''));
    await this.file.write(bytes, 0, bytes.length, atByte);
    await this.file.datasync();
    return atByte + bytes.length;
  };

  close(): Promise<void> {
    return this.file.close();
  }
}
