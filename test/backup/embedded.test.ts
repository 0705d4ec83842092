import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endChildren } from '../support/child';
import { startGateway } from '../support/gateway';
import { runGraphql } from '../support/graphql-client';
import { makePostgresFolder } from '../support/postgres-folder';

const SCRIPT = `process.argv.splice(1, 0, 'cli'); require('./src/cli');`;
const LIMIT = 600_000;

type Folder = Awaited<ReturnType<typeof makePostgresFolder>>;

let out: string;
let file: string;
let used: Folder;
let empty: Folder;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'switchboard-backup-'));
  file = join(out, 'backup.tar.gz');
  [used, empty] = await Promise.all([makePostgresFolder(), makePostgresFolder()]);
});

afterAll(async () => {
  await endChildren();
  await Promise.all([used.remove(), empty.remove(), rm(out, { recursive: true })]);
}, LIMIT);

const environment = (dataDir: string) => ({ DATA_DIR: dataDir, DATABASE_URL: '', SECRET: '' });

/** Runs a command of the command line; answers what it writes, or throws what it complains about. */
async function cli({ dataDir }: Folder, ...args: string[]): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run(
    process.execPath,
    ['--require', './test/support/typescript.cjs', '--eval', SCRIPT, '--', ...args],
    { env: { ...process.env, ...environment(dataDir) } },
  );
  return stdout.trim();
}

const serve = ({ dataDir }: Folder) => startGateway({ ...environment(dataDir), ROLE: 'all' });

test(
  'the embedded database of a running server is backed up, and brought back in an empty folder with its keys',
  async () => {
    const key = await cli(used, 'key');
    const server = await serve(used);
    const create = 'mutation { createLead(input: { name: "Kept", phone: "+12025550188" }) { id } }';
    const { createLead } = await runGraphql<{ createLead: { id: string } }>(server, key, create);

    expect(await cli(used, 'backup', file)).toMatch(/The secret is in it: keep it safe\.$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    await expect(cli(used, 'restore', file, '--force')).rejects.toThrow(
      /is in use by another Switchboard: stop that one/,
    );
    await server.kill();
    await expect(cli(used, 'restore', file)).rejects.toThrow('The database has data already: --force');

    expect(await cli(empty, 'restore', file)).toMatch(/^\d+ rows as of .* are in .*postgres\.$/);
    const secretFiles = [used, empty].map(({ dataDir }) => join(dataDir, 'secret'));
    expect(readFileSync(secretFiles[1] as string, 'utf8')).toBe(
      readFileSync(secretFiles[0] as string, 'utf8'),
    );
    expect(statSync(secretFiles[1] as string).mode & 0o777).toBe(0o600);

    const restored = await serve(empty);
    const { lead } = await runGraphql<{ lead: object }>(
      restored,
      key,
      `{ lead(id: "${createLead.id}") { name phone } }`,
    );
    expect(lead).toEqual({ name: 'Kept', phone: '+12025550188' });
    await restored.kill();
  },
  LIMIT,
);
