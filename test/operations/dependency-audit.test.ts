import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packages } from '../../package-lock.json';
import { Receiver, type Reply } from '../support/receiver';

/** A dependency that no other one has. */
const NAME = 'csv-parse';
const { version } = packages['node_modules/csv-parse'];

/** What the step of `npm run check` says, and whether it lets the check go on, beside a registry. */
async function audit(registry: string): Promise<{ says: string; isPassed: boolean }> {
  const env = {
    ...process.env,
    npm_config_registry: registry,
    npm_config_cache: `/tmp/npm-${process.pid}-${Date.now()}`,
  };
  return promisify(execFile)(process.execPath, ['src/dependency-audit.mjs'], { env }).then(
    ({ stdout }) => ({ says: stdout.trim(), isPassed: true }),
    ({ stdout }: { stdout: string }) => ({ says: stdout.trim(), isPassed: false }),
  );
}

const json = (body: unknown): Reply => ({
  ...{ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

/** A registry that knows of one hole in a dependency, of the severity. */
async function registryWith(severity: string): Promise<string> {
  const hole = {
    id: 1,
    url: 'https://advisories.example/1',
    title: 'A hole',
    severity,
    vulnerable_versions: '*',
  };
  const packument = {
    name: NAME,
    'dist-tags': { latest: version },
    versions: { [version]: { name: NAME, version } },
  };
  const registry = await Receiver.start(({ path }) =>
    json(path.includes('/advisories/') ? { [NAME]: [hole] } : packument),
  );
  return new URL('/', registry.url).href;
}

test('a grave hole fails the check by its name; one of lesser weight does not', async () => {
  const grave = await audit(await registryWith('high'));
  expect(grave).toEqual({
    isPassed: false,
    says: expect.stringContaining('csv-parse: high, A hole (https://advisories.example/1)'),
  });
  const lesser = await audit(await registryWith('moderate'));
  expect(lesser).toEqual({
    isPassed: true,
    says: expect.stringMatching(/^No grave hole is known in the dependencies; [1-9]/),
  });
});

test('a registry without audits, or none at all, is said and passes', async () => {
  const registry = await Receiver.start(() => ({ status: 405 }));
  const without = await audit(new URL('/', registry.url).href);
  expect(without).toEqual({
    isPassed: true,
    says: expect.stringMatching(/^Skipped: .* offers no audits \(/),
  });
  await registry.close();
  const away = await audit('http://127.0.0.1:1/');
  expect(away).toEqual({ isPassed: true, says: expect.stringMatching(/^Skipped: /) });
});
