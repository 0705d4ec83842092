// The entry of every npm script: installs and builds what is missing or out of date, then becomes the command.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { alone } from './bootstrap-lock.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const INSTALLED = 'node_modules/.package-lock.json';
const BUILT_FROM = 'dist/.built-from';
const JEST = 'node_modules/jest/bin/jest.js';
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const DEPENDENCIES = { isDone: () => isInstalled('.'), run: () => install('.') };
const BENCH = { isDone: () => isInstalled('bench'), run: () => install('bench') };
const PROGRAM = { isDone: isBuilt, run: build };

const [command = 'start', ...args] = process.argv.slice(2);
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Switchboard needs Node.js 20.19 or newer; this is ${process.version}.`);
}
process.chdir(ROOT);
if (process.env.npm_lifecycle_event) endWithParent(process.ppid);

if (command === 'check') {
  await check();
} else if (command === 'test') {
  await ensure(DEPENDENCIES);
  await become(JEST, args);
} else {
  await ensure(DEPENDENCIES, PROGRAM);
  if (command === 'bench') await ensure(BENCH);
  if (command === 'start') await become('dist/src/index.js', args);
  else if (command === 'bench') await become('bench/bench.mjs', args);
  else if (command !== 'build') await become('dist/src/cli.js', [command, ...args]);
}

async function check() {
  await ensure(DEPENDENCIES);
  step('Types', NPM, ['run', '-s', 'check:types']);
  step('Lint and format', NPM, ['run', '-s', 'check:lint']);
  step('Dependency audit', process.execPath, ['src/dependency-audit.mjs']);
  headline('Build');
  await ensure(PROGRAM);
  step('Emitted files', process.execPath, ['dist/src/cli.js', 'emit', '--check']);
  step('OpenAPI documents: Redocly', NPM, ['run', '-s', 'check:redocly']);
  step('OpenAPI documents: Spectral and OWASP', NPM, ['run', '-s', 'check:spectral']);
  step('Types of the test documents', NPM, ['run', '-s', 'codegen', '--', '--check', '--silent']);
  if (args.includes('--no-tests')) return;
  headline('Tests');
  await become(JEST, []);
}

function step(title, program, parameters) {
  headline(title);
  const { status } = spawnSync(program, parameters, { stdio: 'inherit', shell: program === 'npm.cmd' });
  if (status !== 0) fail(`Check failed: ${title}.`);
}

function headline(title) {
  process.stdout.write(`== ${title}\n`);
}

// Another bootstrap may have done the work while this one waited its turn, so each asks again.
async function ensure(...works) {
  if (works.every((work) => work.isDone())) return;
  await alone(ROOT, () => {
    for (const { isDone, run } of works) if (!isDone()) run();
  });
}

// In this same process, so that signals and the exit code need no relay.
async function become(script, parameters) {
  const path = join(ROOT, script);
  process.argv = [process.execPath, path, ...parameters];
  await import(pathToFileURL(path).href);
}

// npm puts a shell between, which dies of a SIGTERM without passing it on.
function endWithParent(parent) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 200);
  watch.unref();
}

function isInstalled(folder) {
  const installed = join(folder, INSTALLED);
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted(folder)).mtimeMs;
}

function install(folder) {
  process.stderr.write('Installing dependencies …\n');
  const verb = wanted(folder).endsWith('package.json') ? 'install' : 'ci';
  // The compiler is a development dependency, and `npm run -s` would silence the reason of a failure.
  const flags = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=notice'];
  run(NPM, [verb, '--prefix', folder, ...flags]);
  const doneAt = Math.max(Date.now(), statSync(wanted(folder)).mtimeMs) / 1000;
  utimesSync(join(folder, INSTALLED), doneAt, doneAt);
}

/** The file that says what is to be installed in a folder. */
function wanted(folder) {
  const locked = join(folder, 'package-lock.json');
  return existsSync(locked) ? locked : join(folder, 'package.json');
}

function isBuilt() {
  return existsSync(BUILT_FROM) && readFileSync(BUILT_FROM, 'utf8') === sourceHash();
}

// Built aside and moved as a whole: what a deleted source left behind, or a failed build, never runs.
function build() {
  const builtFrom = sourceHash();
  const fresh = 'dist/.new';
  rmSync(fresh, { recursive: true, force: true });
  run(process.execPath, ['node_modules/typescript/bin/tsc', '--outDir', fresh]);
  rmSync(BUILT_FROM, { force: true });
  for (const name of readdirSync('dist')) if (name !== '.new') rmSync(`dist/${name}`, { recursive: true });
  for (const name of readdirSync(fresh)) renameSync(`${fresh}/${name}`, `dist/${name}`);
  rmdirSync(fresh);
  writeFileSync(BUILT_FROM, builtFrom);
}

// Contents instead of times: a checkout, a copy or a wrong clock cannot pass an old build off as new.
function sourceHash() {
  const sources = ['src', 'migrations'].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((name) => join(folder, name)),
  );
  const hash = createHash('sha256');
  for (const file of [
    ...sources.filter((name) => name.endsWith('.ts')).sort(),
    'tsconfig.json',
    'package.json',
  ]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

// Standard output belongs to the command; the tools are heard only when they fail.
function run(program, parameters) {
  const options = { encoding: 'utf8', shell: program === 'npm.cmd' };
  const { status, stdout, stderr, error } = spawnSync(program, parameters, options);
  if (status === 0) return;
  fail(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n${program} ${parameters.join(' ')} failed.`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
