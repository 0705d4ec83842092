import { once } from 'node:events';
import { Vault } from '../../src/domain/vault';
import { Database } from '../../src/server/database/database';
import { startMailing } from '../../src/server/mail/mailing';
import { smtpTransport } from '../../src/server/mail/smtp-transport';
import { type Child, startInProcess } from './child';

/** What a process of its own that sends mails is told: its clock runs ahead by `aheadMs`. */
export interface MailingProcessOptions {
  databaseUrl: string;
  secret: string;
  smtpUrl: string;
  aheadMs: number;
}

const POLL_MS = 50;

/** Says `ready`, waits for a line, and then sends e-mails and campaigns until the process ends. */
export async function runMailingProcess(options: MailingProcessOptions): Promise<void> {
  const { databaseUrl, secret, smtpUrl, aheadMs } = options;
  const store = await Database.open(databaseUrl, { poolSize: 6 });
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  startMailing({
    ...{ store, vault: new Vault(secret), now: () => new Date(Date.now() + aheadMs), pollMs: POLL_MS },
    transport: smtpTransport({ url: smtpUrl, sender: { address: 'news@acme.example', name: 'Acme' } }),
    ...{ publicUrl: 'https://crm.example.com', onChange: () => {} },
    onError: (error) => process.stderr.write(`${(error as Error).stack}\n`),
  });
}

/** Starts such a process. */
export const startMailingProcess = (options: MailingProcessOptions): Promise<Child> =>
  startInProcess(__filename, runMailingProcess, options);
