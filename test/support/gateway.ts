import { testSecret } from './account';
import { Child } from './child';
import { testDatabaseUrl } from './database';

const SCRIPT = `process.stdin.on('end', () => process.exit()).resume(); require('./src/index');`;
const COMMAND: [string, ...string[]] = [
  process.execPath,
  ...['--require', './test/support/typescript.cjs', '--eval', SCRIPT],
];

/** The program as it is started in production, on this worker's database. */
export interface Gateway {
  url: string;
  port: number;
  /** Ends it at once, as a crash does. */
  kill: () => Promise<void>;
  /** Asks it to stop, and answers its exit code. */
  stop: () => Promise<number | null>;
  pid: number;
  /** What it has logged lately. */
  log: () => string;
}

/** Starts the program and waits until it is ready; port 0 takes a free one. */
export async function startGateway(settings: NodeJS.ProcessEnv = {}): Promise<Gateway> {
  const env = {
    NODE_ENV: 'production',
    ROLE: 'api',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'error',
    DATABASE_URL: await testDatabaseUrl(),
    DATABASE_POOL: '4',
    SECRET: testSecret,
    REDIS_URL: '',
    // The clock of tests stands in the past: nothing that they write is old.
    CHANGE_LOG_DAYS: '3650',
    ...settings,
  };
  const { child, ready } = await Child.start(COMMAND, {
    env,
    readyWords: /http:\/\/localhost:(\d+)\/graphql/,
  });
  const port = Number(ready[1]);
  return {
    ...{ url: `http://127.0.0.1:${port}`, port, pid: child.pid, log: () => child.output },
    kill: () => child.kill(),
    stop: () => child.stop(),
  };
}
