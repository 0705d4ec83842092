// Started with the folder of a test's PostgreSQL: when its input ends, which happens however the test dies,
// PostgreSQL is stopped without ceremony and the folder removed.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const dataDir = process.argv[2];
for await (const _ of process.stdin);
try {
  const [pid] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGQUIT');
} catch (error) {
  if (error.code !== 'ENOENT' && error.code !== 'ESRCH') throw error;
}
rmSync(dataDir, { recursive: true, maxRetries: 20, retryDelay: 50 });
