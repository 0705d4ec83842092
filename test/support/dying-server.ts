import { pino } from 'pino';
import { createServer } from '../../src/app';
import { loadConfig } from '../../src/config';
import type { BoundStore } from '../../src/domain/store';
import { Vault } from '../../src/domain/vault';
import { Database } from '../../src/server/database/database';

/** When a process dies: as soon as its first transaction is committed, or just before. */
export type Moment = 'before the commit' | 'after the commit';

/** What a process that is to die is told. */
export interface DyingServerOptions {
  databaseUrl: string;
  secret: string;
  moment: Moment;
}

function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

function dyingAfterCommit({ transaction, ...bound }: BoundStore): BoundStore {
  return { ...bound, transaction: (work) => transaction(work).then(die) };
}

/** Says `listening on PORT`, and answers requests until one of them has a transaction: then it is gone. */
export async function runDyingServer({ databaseUrl, secret, moment }: DyingServerOptions): Promise<void> {
  process.stdin.on('end', () => process.exit()).resume();
  const store = await Database.open(databaseUrl, { poolSize: 4 });
  const ofAccount = (accountId: string) => dyingAfterCommit(store.ofAccount(accountId));
  const database: Database = Object.create(
    store,
    moment === 'after the commit' ? { ofAccount: { value: ofAccount } } : { commitWith: { value: die } },
  );
  const app = await createServer({
    config: loadConfig({ NODE_ENV: 'test', ROLE: 'api' }),
    connection: { database, vault: new Vault(secret), close: async () => {} },
    logger: pino({ level: 'silent' }),
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  process.stdout.write(`listening on ${new URL(url).port}\n`);
}
