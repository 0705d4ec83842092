import 'reflect-metadata';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { type Config, loadConfig } from './config';
import { accountScopeByName } from './domain/account/account.service';
import { apiKeys } from './domain/api-key/api-key.service';
import type { Context } from './domain/context';
import { printApiSchema } from './graphql/emit';
import { DIALECTS } from './rest/dialects';
import { openApiOf } from './rest/openapi';
import { routeTable } from './rest/route-table';
import { type Connection, connect } from './server/connection';
import { DEMO_SLUG, openDemo, systemContext } from './server/demo';
import { growAccount } from './server/grow';

interface Command {
  usage: string;
  run: (args: string[]) => Promise<void>;
}

async function withDatabase(work: (connection: Connection, config: Config) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env);
  const connection = await connect(config, { as: 'tool' });
  try {
    await connection.database.migrate();
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
  migrate: { usage: 'migrate   brings the database up to date', run: migrate },
  emit: { usage: 'emit [--check]   writes schema/ from the code', run: emit },
};

async function main([name = '', ...args]: string[]): Promise<void> {
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
