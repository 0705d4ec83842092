import { Vault } from '../../src/domain/vault';
import { Database } from '../../src/server/database/database';
import { ImportFiles } from '../../src/server/imports/import-files';
import { startImporting } from '../../src/server/imports/importing';
import { type Child, startInProcess } from './child';

/** What a process of its own that works on imports is told: its clock runs ahead by `aheadMs`. */
export interface ImportingProcessOptions {
  databaseUrl: string;
  secret: string;
  dataDir: string;
  aheadMs: number;
}

const POLL_MS = 50;

/** Says `ready` and works on imports until the process ends; a line on its input is answered by its most memory in KB. */
export async function runImportingProcess(options: ImportingProcessOptions): Promise<void> {
  const { databaseUrl, secret, dataDir, aheadMs } = options;
  const store = await Database.open(databaseUrl, { poolSize: 4 });
  process.stdin.on('data', () => process.stdout.write(`memory ${process.resourceUsage().maxRSS}\n`));
  process.stdout.write('ready\n');
  startImporting({
    ...{ store, vault: new Vault(secret), now: () => new Date(Date.now() + aheadMs), pollMs: POLL_MS },
    ...{ files: new ImportFiles(dataDir), onChange: () => {} },
    onError: (error) => process.stderr.write(`${(error as Error).stack}\n`),
  });
}

/** Starts such a process; `heapMb` is the most that its heap may have. */
export const startImportingProcess = (options: ImportingProcessOptions, heapMb?: number): Promise<Child> =>
  startInProcess(__filename, runImportingProcess, options, { heapMb });
