import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareDataDir } from './data-dir';

/** Where a secret that was generated is kept. */
export const secretFileIn = (dataDir: string) => join(dataDir, 'secret');

/** The secret of this installation: the setting, or one that is made once and kept in the data directory. */
export async function findSecret(setting: string | undefined, dataDir: string): Promise<string> {
  if (setting) return setting;
  const file = secretFileIn(await prepareDataDir(dataDir));
  try {
    await writeFile(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFile(file, 'utf8');
}
