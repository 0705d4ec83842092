import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const SRC = join(__dirname, '../src');

interface SourceFile {
  /** From src, such as `domain/lead/lead.service`. */
  name: string;
  lines: number;
  /** Files of ours that it imports, from src and without extension. */
  own: string[];
  /** Packages that it imports. */
  packages: string[];
}

function read(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const targets = [...text.matchAll(/(?:from|import|require\()\s*'([^']+)'/g)].map(
    (match) => match[1] as string,
  );
  const own = targets.filter((target) => target.startsWith('.'));
  return {
    name: relative(SRC, path).replace(/\.ts$/, ''),
    lines: text.split('\n').length,
    own: own.map((target) => relative(SRC, resolve(dirname(path), target))),
    packages: targets.filter((target) => !target.startsWith('.')),
  };
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => read(join(SRC, name)));

const layerOf = (name: string) => (name.includes('/') ? (name.split('/')[0] as string) : 'top');

/** What each layer may import besides itself. */
const MAY_IMPORT: Record<string, string[]> = {
  domain: [],
  graphql: ['domain'],
  rest: ['domain'],
  delivery: ['domain'],
  server: ['domain', 'graphql', 'rest', 'delivery', 'config'],
  top: ['domain', 'graphql', 'rest', 'delivery', 'server'],
};

test('the source files are found', () => {
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['app', 'domain/lead/lead.service', 'rest/mount', 'server/database/database']),
  );
});

test('a layer imports only the layers below it', () => {
  const offences = files.flatMap(({ name, own }) => {
    const layer = layerOf(name);
    const allowed = new Set([layer, ...(MAY_IMPORT[layer] ?? [])]);
    return own
      .filter((target) => !allowed.has(layerOf(target)) && !allowed.has(target))
      .map((target) => `${name} → ${target}`);
  });
  expect(offences).toEqual([]);
});

test('a dialect imports no other dialect', () => {
  const dialectOf = (name: string) => /^rest\/dialects\/([^/]+)\//.exec(name)?.[1];
  const offences = files.flatMap(({ name, own }) => {
    const dialect = dialectOf(name);
    return own.filter((target) => dialect && dialectOf(target) && dialectOf(target) !== dialect);
  });
  expect(offences).toEqual([]);
});

test('the domain knows no HTTP', () => {
  const transport = /^(node:https?|node:net|fastify|@fastify\/|@apollo\/|ws$|undici|graphql-ws)/;
  const offences = files
    .filter(({ name }) => layerOf(name) === 'domain')
    .flatMap(({ name, packages }) =>
      packages.filter((one) => transport.test(one)).map((one) => `${name} → ${one}`),
    );
  expect(offences).toEqual([]);
});

test('only the entry points read the environment; the programs of PostgreSQL are handed it', () => {
  const readers = files
    .filter(({ name }) => readFileSync(join(SRC, `${name}.ts`), 'utf8').includes('process.env'))
    .map(({ name }) => name);
  expect(
    readers.filter((name) => !['cli', 'index', 'server/postgres/postgres-account'].includes(name)),
  ).toEqual([]);
});

test('no file is longer than 300 lines, and none is called by what it is not', () => {
  expect(files.filter(({ lines }) => lines > 300).map(({ name }) => name)).toEqual([]);
  expect(files.filter(({ name }) => /(utils?|helpers?|common|misc|shared)(\/|$)/.test(name))).toEqual([]);
});
