import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
  useEmbeddedPostgres,
} from '../../src/server/postgres/embedded-postgres';
import { makePostgresFolder } from '../support/postgres-folder';

let dataDir: string;
let removeFolder: () => Promise<void>;
let pidFile: string;
let options: EmbeddedPostgresOptions;

beforeAll(async () => {
  ({ dataDir, remove: removeFolder } = await makePostgresFolder());
  pidFile = join(dataDir, 'postgres', 'postmaster.pid');
  options = { dataDir, settings: { fsync: 'off' }, lockWaitMs: 0 };
  mkdirSync(join(dataDir, 'postgres.new-abc'));
  writeFileSync(join(dataDir, 'postgres.new-abc', 'PG_VERSION'), '18');
});
afterAll(() => removeFolder());

test('a cluster whose making was interrupted is thrown away and made anew', async () => {
  const postgres = await startEmbeddedPostgres(options);
  await ask(postgres.url, 'create table kept (value int)');
  await postgres.stop();
  await postgres.stop();
  expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
  expect(existsSync(pidFile)).toBe(false);
});

test('a second server on the same DATA_DIR is refused, and the first goes on', async () => {
  const postgres = await startEmbeddedPostgres(options);
  await expect(startEmbeddedPostgres(options)).rejects.toThrow(
    `DATA_DIR ${dataDir} is in use by another Switchboard: stop that one, or give this one its own DATA_DIR and PORT.`,
  );
  expect(await ask(postgres.url, 'insert into kept values (1) returning value')).toEqual([{ value: 1 }]);
  await postgres.stop();
});

test('a tool borrows the PostgreSQL of a running server, and leaves it running', async () => {
  const postgres = await startEmbeddedPostgres(options);
  const borrowed = await useEmbeddedPostgres(options);
  expect(borrowed.url).toBe(postgres.url);
  await borrowed.stop();
  expect(await ask(postgres.url, 'select value from kept')).toEqual([{ value: 1 }]);
  await postgres.stop();
});

test('tools without a server share one PostgreSQL, which stops after the last of them', async () => {
  const tools = await Promise.all([1, 2, 3].map(() => useEmbeddedPostgres(options)));
  expect(new Set(tools.map(({ url }) => url)).size).toBe(1);
  await Promise.all(tools.map((tool) => tool.stop()));
  expect(existsSync(pidFile)).toBe(false);
});

test('a PostgreSQL that outlived its killed server is adopted with its data, and stopped at the end', async () => {
  const { server, url } = await startInChild();
  await ask(url, 'insert into kept values (2)');
  const [pid] = readPidFile();
  await kill(server);
  const postgres = await startEmbeddedPostgres(options);
  expect(readPidFile()[0]).toBe(pid);
  expect(await ask(postgres.url, 'select value from kept order by value')).toEqual([
    { value: 1 },
    { value: 2 },
  ]);
  await postgres.stop();
  expect(existsSync(pidFile)).toBe(false);
});

test('after everything was killed and the process id went to somebody else, the data is there again', async () => {
  const { server, url } = await startInChild();
  await ask(url, 'insert into kept values (3)');
  const [pid, ...rest] = readPidFile();
  process.kill(Number(pid), 'SIGKILL');
  await kill(server);
  writeFileSync(pidFile, [process.pid, ...rest].join('\n'));
  const postgres = await startEmbeddedPostgres(options);
  expect(await ask(postgres.url, 'select max(value) as value from kept')).toEqual([{ value: 3 }]);
  await postgres.stop();
});

test('a PostgreSQL that is killed under its server is started again on the same address, with all that was committed', async () => {
  const lines: string[] = [];
  const postgres = await startEmbeddedPostgres({ ...options, log: (line) => lines.push(line) });
  for (const value of [4, 5]) {
    await ask(postgres.url, `insert into kept values (${value})`);
    process.kill(Number(readPidFile()[0]), 'SIGKILL');
    for (;;) {
      const rows = await ask(postgres.url, 'select max(value) as value from kept').catch(() => null);
      if (rows && lines.at(-1) === 'PostgreSQL runs again.') {
        expect(rows).toEqual([{ value }]);
        break;
      }
    }
    lines.length = 0;
  }
  await postgres.stop();
  expect(existsSync(pidFile)).toBe(false);
});

const readPidFile = () => readFileSync(pidFile, 'utf8').split('\n');

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(statement);
  await client.end();
  return rows;
}

// A process group of its own, which is what a terminal's Ctrl-C and a careless kill hit as a whole.
async function startInChild(): Promise<{ server: ChildProcess; url: string }> {
  const script = `require('./src/server/postgres/embedded-postgres').startEmbeddedPostgres(${JSON.stringify(options)})
    .then(({ url }) => { process.stdout.write(url); process.stdin.resume(); })`;
  const server = spawn(process.execPath, ['--require', './test/support/typescript.cjs', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const [url] = await once(server.stdout, 'data');
  return { server, url: String(url) };
}

async function kill(server: ChildProcess): Promise<void> {
  process.kill(-Number(server.pid), 'SIGKILL');
  await once(server, 'exit');
}
