// Every contender: its file, how its process is started, and its name in tables.
import { fileURLToPath } from 'node:url';

const NODE_22 = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

export const CONTENDERS = {
  ours: { title: 'Switchboard', file: 'ours.mjs' },
  limit: { title: 'limit: node:http, one SQL statement', file: 'limit.mjs' },
  mercurius: { title: 'Mercurius with JIT', file: 'mercurius.mjs' },
  postgraphile: { title: 'PostGraphile 5', file: 'postgraphile.mjs', options: { execPath: NODE_22 } },
  yoga: { title: 'GraphQL Yoga', file: 'yoga.mjs' },
  naive: {
    title: 'naive: Express, Apollo, TypeORM entities',
    file: 'naive.ts',
    options: { execArgv: ['--import', 'tsx'], cwd: fileURLToPath(new URL('..', import.meta.url)) },
  },
  bareFusion: { title: 'bare: Fastify and pg', file: 'bare-fusion.mjs' },
};
