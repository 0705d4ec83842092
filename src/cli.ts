import 'reflect-metadata';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { type Config, loadConfig } from './config';
import { accountScopeByName } from './domain/account/account.service';
import { apiKeys } from './domain/api-key/api-key.service';
import type { Context } from './domain/context';
import { type ImportKind, importKind } from './domain/import-job/import-job.entity';
import { printApiSchema } from './graphql/emit';
import { DIALECTS, registerDialects } from './rest/dialects';
import { openApiOf } from './rest/openapi';
import { routeTable } from './rest/route-table';
import { backup, restore } from './server/backup/backup-command';
import { type Connection, connectTool } from './server/connection';
import { requireRowSecurity } from './server/database/row-security-check';
import { DEMO_SLUG, openDemo, systemContext } from './server/demo';
import { growAccount } from './server/grow';
import { importFile } from './server/imports/import-command';

interface Command {
  usage: string;
  run: (args: string[]) => Promise<void>;
}

async function withDatabase(work: (connection: Connection, config: Config) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env);
  const connection = await connectTool(config);
  try {
    await connection.database.migrate();
    await requireRowSecurity(connection.database, (line) => process.stderr.write(`${line}\n`));
    await work(connection, config);
  } finally {
    await connection.close();
  }
}

async function contextOf(connection: Connection, name: string): Promise<Context> {
  const known = await accountScopeByName(connection.database, name);
  const scope = known ?? (name === DEMO_SLUG ? await openDemo(connection) : undefined);
  if (!scope) throw new Error(`There is no account with the short name, number or id ${name}.`);
  return systemContext(connection, scope, 'command line');
}

async function key(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      account: { type: 'string', default: DEMO_SLUG },
      name: { type: 'string', default: 'Command line' },
      scopes: { type: 'string' },
      prefix: { type: 'string' },
    },
  });
  const { account, name, prefix } = values;
  const scopes = values.scopes?.split(',').map((scope) => scope.trim());
  await withDatabase(async (connection) => {
    const ctx = await contextOf(connection, account);
    const issued = await apiKeys.create(ctx, { name, ...(scopes && { scopes }), ...(prefix && { prefix }) });
    process.stdout.write(`${issued.key}\n`);
  });
}

async function seed(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { leads: { type: 'string', default: '1000' } } });
  const count = Number(values.leads);
  if (!Number.isInteger(count) || count < 1 || count > 5_000_000) {
    throw new Error(`--leads must be a whole number from 1 to 5,000,000, not ${values.leads}.`);
  }
  await withDatabase(async (connection) => {
    const ctx = await contextOf(connection, DEMO_SLUG);
    const bar = new SingleBar({ format: 'leads [{bar}] {value}/{total} {eta_formatted}' }, Presets.legacy);
    bar.start(count, 0);
    await growAccount(connection.database, ctx, count, (done) => bar.update(done));
    bar.stop();
  });
}

/** Stops at the first Ctrl-C after the rows that are being written. */
function interruption(): () => boolean {
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      isInterrupted = true;
    });
  }
  return () => isInterrupted;
}

async function importCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      account: { type: 'string', default: DEMO_SLUG },
      audience: { type: 'string' },
      feed: { type: 'string' },
      map: { type: 'string', multiple: true, default: [] },
      'on-duplicate': { type: 'string', default: 'skip' },
    },
  });
  const [kind = '', path, ...more] = positionals;
  if (!importKind.values.includes(kind as never) || !path || more.length > 0)
    throw new Error(`Say what to import and from where: ${COMMANDS.import?.usage}`);
  const isInterrupted = interruption();
  await withDatabase(async (connection, { DATA_DIR: dataDir }) => {
    const ctx = await contextOf(connection, values.account);
    const bar = new SingleBar(
      { format: `${kind} [{bar}] {percentage}% {rows} rows {eta_formatted}` },
      Presets.legacy,
    );
    const report = await importFile(
      ctx,
      { ...values, dataDir, path, kind: kind as ImportKind },
      { bar, isInterrupted },
    );
    process.stdout.write(`${report}\n`);
  });
}

async function backupCommand(args: string[]): Promise<void> {
  const [file, ...more] = parseArgs({ args, allowPositionals: true }).positionals;
  if (!file || more.length > 0) throw new Error(`Say where to: ${COMMANDS.backup?.usage}`);
  process.stdout.write(`${await backup(loadConfig(process.env), file)}\n`);
}

async function restoreCommand(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    ...{ args, allowPositionals: true },
    options: { force: { type: 'boolean', default: false } },
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new Error(`Say from where: ${COMMANDS.restore?.usage}`);
  process.stdout.write(`${await restore(loadConfig(process.env), file, values.force)}\n`);
}

async function migrate(): Promise<void> {
  await withDatabase(async () => {
    process.stdout.write('The database is up to date.\n');
  });
}

function emittedFiles(): Record<string, string> {
  const documents = DIALECTS.map((dialect) => [
    `schema/openapi/${dialect.name}.json`,
    `${JSON.stringify(openApiOf(dialect), null, 2)}\n`,
  ]);
  return {
    'schema/schema.graphql': printApiSchema(),
    'schema/rest.md': routeTable(DIALECTS),
    ...Object.fromEntries(documents),
  };
}

async function emit(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { check: { type: 'boolean', default: false } } });
  for (const [file, text] of Object.entries(emittedFiles())) {
    const path = join(__dirname, '../..', file);
    const current = await readFile(path, 'utf8').catch(() => '');
    if (current === text) continue;
    if (values.check) throw new Error(`${file} is out of date: run npm run emit.`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

const COMMANDS: Record<string, Command> = {
  key: {
    usage: 'key [--account SLUG|NUMBER|ID] [--name NAME] [--scopes a,b] [--prefix P]   prints a new API key',
    run: key,
  },
  seed: { usage: 'seed [--leads 1000]   adds leads to the demo account', run: seed },
  import: {
    usage:
      'import contacts|leads FILE [--audience NAME] [--feed NAME] [--map TITLE=FIELD] [--on-duplicate skip|update|reject]   imports a CSV file',
    run: importCommand,
  },
  backup: { usage: 'backup FILE   backs the database up, also while the server runs', run: backupCommand },
  restore: {
    usage: 'restore FILE [--force]   puts a backup in place of the database of a stopped server',
    run: restoreCommand,
  },
  migrate: { usage: 'migrate   brings the database up to date', run: migrate },
  emit: { usage: 'emit [--check]   writes schema/ from the code', run: emit },
};

async function main([name = '', ...args]: string[]): Promise<void> {
  registerDialects();
  const command = COMMANDS[name];
  if (!command) {
    const usages = Object.values(COMMANDS).map(({ usage }) => `  ${usage}`);
    throw new Error(`There is no command ${name || '(none given)'}. Commands:\n${usages.join('\n')}`);
  }
  await command.run(args);
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
