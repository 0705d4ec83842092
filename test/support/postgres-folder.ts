import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for a PostgreSQL, which is stopped and removed by `remove` or when this process dies, however it dies. */
export async function makePostgresFolder(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const dataDir = await realpath(await mkdtemp(join(tmpdir(), 'switchboard-test-')));
  await chmod(dataDir, 0o711);
  const reaper = spawn(process.execPath, [join(__dirname, 'reaper.mjs'), dataDir], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  reaper.unref();
  const remove = async () => {
    reaper.ref();
    reaper.stdin.end();
    await once(reaper, 'exit');
  };
  return { dataDir, remove };
}
