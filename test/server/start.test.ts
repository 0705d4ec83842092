import { createServer } from 'node:net';
import { pino } from 'pino';
import { startApp } from '../../src/app';
import { loadConfig } from '../../src/config';
import { testSecret } from '../support/account';
import { testDatabaseUrl } from '../support/database';

/** What a start that fails says, and the warnings that it leaves in the log. */
async function refusalOf(settings: Record<string, string>) {
  const warnings: string[] = [];
  const config = loadConfig({
    ...{ NODE_ENV: 'production', DATABASE_URL: await testDatabaseUrl(), SECRET: testSecret },
    ...settings,
  });
  const logger = pino({ level: 'warn' }, { write: (line) => void warnings.push(line) });
  const message = await startApp(config, logger).then(
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
