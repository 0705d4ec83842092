import { once } from 'node:events';
import { startWebhooks } from '../../src/delivery/webhooks';
import { Vault } from '../../src/domain/vault';
import { Database } from '../../src/server/database/database';
import { type Child, startInProcess } from './child';

/** What a process of its own that sends webhooks is told: its clock runs ahead by `aheadMs`. */
export interface DeliveryProcessOptions {
  databaseUrl: string;
  secret: string;
  aheadMs: number;
}

const POLL_MS = 20;

/** Says `ready`, waits for a line, and then sends webhooks until the process ends. */
export async function runDeliveryProcess({
  databaseUrl,
  secret,
  aheadMs,
}: DeliveryProcessOptions): Promise<void> {
  const store = await Database.open(databaseUrl, { poolSize: 4 });
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  startWebhooks({
    ...{ store, vault: new Vault(secret), now: () => new Date(Date.now() + aheadMs), random: Math.random },
    ...{ allow: ['127.0.0.1'], pollMs: POLL_MS },
    onError: (error) => process.stderr.write(`${(error as Error).stack}\n`),
  });
}

/** Starts such a process. */
export const startDeliveryProcess = (options: DeliveryProcessOptions): Promise<Child> =>
  startInProcess(__filename, runDeliveryProcess, options);
