import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { parse } from 'node:path';

interface UserIds {
  uid: number;
  gid: number;
}

/** As whom the PostgreSQL programs run: `ids` is null for the user of this process. */
export interface PostgresAccount {
  ids: UserIds | null;
  /** Words in front of every command that let the user through folders closed to it; usually none. */
  prefix: readonly string[];
}

/**
 * Chooses as whom a cluster runs: this process's user, or for root, as whom PostgreSQL refuses to run,
 * the cluster's owner or the system user `postgres` (made when missing, else `nobody`).
 */
export async function choosePostgresAccount(place: {
  program: string;
  dataDir: string;
  clusterDir: string;
  logFile: string;
}): Promise<PostgresAccount> {
  const ownUid = process.getuid?.();
  const owner = ownerOf(place.clusterDir);
  if (ownUid !== 0) {
    if (ownUid === undefined || !owner || owner.uid === ownUid) return { ids: null, prefix: [] };
    throw new Error(
      `The database in ${place.clusterDir} belongs to user ${owner.uid}, not ${ownUid}: ` +
        'start as that user or as root, or choose another DATA_DIR.',
    );
  }
  const ids = owner?.uid ? owner : (findUser('postgres') ?? createUser('postgres') ?? findUser('nobody'));
  if (!ids) throw new Error('PostgreSQL does not run as root: add a system user named postgres for it.');
  for (const prefix of [[], throughClosedFolders(ids)]) {
    if (await canReach(place, { ids, prefix })) return { ids, prefix };
  }
  throw new Error(
    `PostgreSQL does not run as root, and user ${ids.uid} cannot enter ${place.dataDir} or run ${place.program}: ` +
      'put the project and DATA_DIR where every user may go, start as an ordinary user, or set DATABASE_URL.',
  );
}

/** Runs one program to its end, its output appended to `logFile`; throws with that output when it fails. */
export async function runProgram(
  account: PostgresAccount,
  command: readonly [string, ...string[]],
  logFile: string,
  options: { outlivesTerminal?: boolean } = {},
): Promise<void> {
  const [program, ...args] = [...account.prefix, ...command] as [string, ...string[]];
  const log = openSync(logFile, 'a', 0o600);
  const logStart = statSync(logFile).size;
  try {
    const child = spawn(program, args, {
      ...(account.prefix.length === 0 ? account.ids : null),
      cwd: parse(command[0]).root,
      env: environment(),
      stdio: ['ignore', log, log],
      detached: options.outlivesTerminal ?? false,
      windowsHide: true,
    });
    const outcome = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? signal));
    });
    if (outcome === 0) return;
    const output = readFileSync(logFile).subarray(logStart).toString().trim();
    throw new Error(`${command[0]} ended with ${outcome}: ${output || 'it said nothing'}`);
  } finally {
    closeSync(log);
  }
}

// PGDATA, PGPORT and the like of the caller must not steer this cluster.
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...Object.fromEntries(inherited), LC_ALL: 'C' };
}

function canReach(
  { program, dataDir, logFile }: { program: string; dataDir: string; logFile: string },
  account: PostgresAccount,
): Promise<boolean> {
  const enterAndRun = '{ cd "$1" && "$0" --version; } >/dev/null 2>&1';
  return runProgram(account, ['/bin/sh', '-c', enterAndRun, program, dataDir], logFile).then(
    () => true,
    () => false,
  );
}

// Below a folder that only root may enter (a clone in /root) the user keeps one right of root's: to pass closed
// folders. Opening the folders themselves would outlast this program. PostgreSQL asks access(2), which forgets the
// capabilities of ordinary users unless no_setuid_fixup is set.
function throughClosedFolders({ uid, gid }: UserIds): string[] {
  return [
    'setpriv',
    ...['--reuid', String(uid), '--regid', String(gid), '--clear-groups'],
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup', '--'],
  ];
}

function ownerOf(folder: string): UserIds | null {
  const { uid, gid } = statSync(folder, { throwIfNoEntry: false }) ?? {};
  return uid === undefined || gid === undefined ? null : { uid, gid };
}

function findUser(name: string): UserIds | null {
  const idOf = (which: '-u' | '-g') => spawnSync('id', [which, name], { encoding: 'utf8' });
  const uid = idOf('-u');
  const gid = idOf('-g');
  return uid.status === 0 && gid.status === 0 ? { uid: Number(uid.stdout), gid: Number(gid.stdout) } : null;
}

function createUser(name: string): UserIds | null {
  spawnSync('groupadd', ['--system', name]);
  const home = ['--home-dir', '/nonexistent', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  spawnSync('useradd', ['--system', '--gid', name, ...home, name]);
  return findUser(name);
}
