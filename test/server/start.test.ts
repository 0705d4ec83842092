import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startApp } from '../../src/app';
import { loadConfig } from '../../src/config';
import { openInstallation } from '../../src/server/installation';
import { testSecret } from '../support/account';
import { ownDatabaseUrl } from '../support/database';
import { startGateway } from '../support/gateway';

/** What a start that fails says, and the warnings that it leaves in the log. */
async function refusalOf(settings: Record<string, string>) {
  const warnings: string[] = [];
  const config = loadConfig({
    ...{ NODE_ENV: 'production', DATABASE_URL: await ownDatabaseUrl(), SECRET: testSecret },
    ...settings,
  });
  const logger = pino({ level: 'warn' }, { write: (line) => void warnings.push(line) });
  const message = await startApp(config, logger, openInstallation(config, { as: 'server' })).then(
    () => 'started',
    (error: Error) => error.message,
  );
  return { message, warnings };
}

test('a port that is taken ends the start with a sentence, and nothing goes on behind it', async () => {
  const taken = createServer();
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
  });
  expect(await refusalOf({ HOST: '127.0.0.1', PORT: String(port) })).toEqual({
    message: `HOST 127.0.0.1 and PORT ${port} cannot be listened on: listen EADDRINUSE: address already in use 127.0.0.1:${port}.`,
    warnings: [],
  });
  taken.close();
});

test('a start in production says where things are, and of no GraphiQL, which is not there', async () => {
  const program = await startGateway();
  const url = `http://localhost:${program.port}/graphql`;
  expect(program.log()).toContain(`Switchboard is ready.\n  GraphQL    ${url}\n  REST docs`);
  const page = await fetch(`${program.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(await page.text()).not.toContain('GraphiQL');
  await program.stop();
});

describe('beside a PostgreSQL that is there already', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-start-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('the data directory is made for the demo key', async () => {
    const DATA_DIR = join(folder, 'new');
    const config = loadConfig({
      ...{ NODE_ENV: 'development', DATABASE_URL: await ownDatabaseUrl(), SECRET: testSecret },
      ...{ HOST: '127.0.0.1', PORT: '0', DATA_DIR, ROLE: 'api' },
    });
    const app = await startApp(config, pino({ level: 'silent' }), openInstallation(config, { as: 'server' }));
    expect(await readFile(join(DATA_DIR, 'demo-key'), 'utf8')).toBe(app.key);
    await app.close();
  });

  test('a data directory that is none is what the sentence names', async () => {
    const DATA_DIR = join(folder, 'file');
    await writeFile(DATA_DIR, '');
    expect(await refusalOf({ DATA_DIR, SECRET: '' })).toEqual({
      message: `DATA_DIR ${DATA_DIR} cannot be used: EEXIST: file already exists, mkdir '${DATA_DIR}'.`,
      warnings: [],
    });
  });
});
