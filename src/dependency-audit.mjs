// Asks the registry for known holes in the dependencies that run in production; grave ones are a failure.
import { spawnSync } from 'node:child_process';

const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const GRAVE = ['high', 'critical'];
// One try: a registry that is away or has no audits must not hold the check up.
const ARGS = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=20000'];

const { stdout = '', error } = spawnSync(NPM, ARGS, { encoding: 'utf8', shell: NPM === 'npm.cmd' });
const report = parsed(stdout);

if (report?.metadata?.vulnerabilities) {
  const found = Object.values(report.vulnerabilities);
  const grave = found.filter(({ severity }) => GRAVE.includes(severity));
  for (const { name, severity, via } of grave) say(`${name}: ${severity}, ${via.map(titleOf).join('; ')}`);
  if (grave.length > 0) process.exitCode = 1;
  else say(`No grave hole is known in the dependencies; ${found.length} of lesser weight.`);
} else {
  const why = report?.message ?? report?.error?.summary ?? error?.message ?? 'npm audit says nothing';
  say(`Skipped: the registry cannot be reached or offers no audits (${why}).`);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function titleOf(cause) {
  return typeof cause === 'string' ? `by ${cause}` : `${cause.title} (${cause.url})`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
