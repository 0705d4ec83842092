import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config';
import { Vault } from '../../domain/vault';
import { openPostgres } from '../installation';
import { findSecret, secretFileIn } from '../secret';
import type { Manifest } from './archive';
import { checkBackup, restoreBackup } from './restore-backup';
import { takeBackup } from './take-backup';

/** Tells whether two secrets are the same one, and says nothing of either. */
const markOf = (secret: string) => new Vault(secret).hash('the secret of a backup');

/** Backs the database up into the file, also while a server uses it; answers a sentence. */
export async function backup(config: Config, file: string): Promise<string> {
  const postgres = await openPostgres(config, { as: 'tool' });
  try {
    const secret = await findSecret(config.SECRET, config.DATA_DIR);
    const source = { url: postgres.url, secretMark: markOf(secret) };
    const { tables, rows, bytes } = await takeBackup({ ...source, ...(!config.SECRET && { secret }) }, file);
    const size = `${(bytes / 1_000_000).toFixed(1)} MB`;
    const holds = config.SECRET
      ? 'SECRET is not in it: keep it elsewhere.'
      : 'The secret is in it: keep it safe.';
    return `${file}: ${rows} rows of ${tables} tables, ${size}. ${holds}`;
  } finally {
    await postgres.stop();
  }
}

function checkSecret({ secret, secretMark }: Manifest, setting: string | undefined): void {
  if (!setting && !secret)
    throw new Error('The backup was made with SECRET set: set the same one, or no key would work.');
  if (setting && markOf(setting) !== secretMark)
    throw new Error(
      'SECRET is another one than that of the backup, whose keys would not work: set that one.',
    );
}

async function keepSecret(secret: string, dataDir: string): Promise<void> {
  const file = secretFileIn(dataDir);
  if (existsSync(file) && (await readFile(file, 'utf8')) === secret) return;
  await mkdir(dataDir, { recursive: true });
  await writeFile(`${file}.new`, secret, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

/** Puts the backup in place of the database, whose server must not run; answers a sentence. */
export async function restore(config: Config, file: string, mayReplace: boolean): Promise<string> {
  const backup = await checkBackup(file);
  const { manifest, ending } = backup;
  checkSecret(manifest, config.SECRET);
  const postgres = await openPostgres(config, { as: 'server' });
  try {
    await restoreBackup(postgres.url, file, { ...backup, mayReplace });
    // Behind the commit: data that were not replaced keep the secret that they go with.
    if (!config.SECRET && manifest.secret) await keepSecret(manifest.secret, config.DATA_DIR);
  } finally {
    await postgres.stop();
  }
  const rows = Object.values(ending.rows).reduce((sum, count) => sum + count, 0);
  const where = config.DATABASE_URL ? 'DATABASE_URL' : join(config.DATA_DIR, 'postgres');
  return `${rows} rows as of ${manifest.createdAt} are in ${where}.`;
}
