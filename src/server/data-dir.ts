import { mkdir, realpath } from 'node:fs/promises';

/** The real path of the data directory, which is made when it is missing. Throws a sentence that names the setting. */
export async function prepareDataDir(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    return await realpath(path);
  } catch (cause) {
    throw new Error(`DATA_DIR ${path} cannot be used: ${(cause as Error).message}.`, { cause });
  }
}
