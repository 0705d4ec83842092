import { audiences } from '../../src/domain/audience/audience.service';
import type { Campaign } from '../../src/domain/campaign/campaign.entity';
import { campaigns } from '../../src/domain/campaign/campaign.service';
import { CampaignMetrics } from '../../src/domain/campaign/campaign-metrics.entity';
import { activeCampaigns } from '../../src/domain/campaign/campaign-progress';
import type { CampaignRecipient } from '../../src/domain/campaign/campaign-recipient.entity';
import type { Contact } from '../../src/domain/contact/contact.entity';
import { contacts } from '../../src/domain/contact/contact.service';
import type { Context } from '../../src/domain/context';
import type { MailTransport } from '../../src/domain/email/mail-transport';
import { tableOf } from '../../src/domain/table';
import { CampaignSender, type SenderOptions } from '../../src/server/mail/campaign-sender';
import { tendCampaigns } from '../../src/server/mail/mailing';
import { smtpTransport } from '../../src/server/mail/smtp-transport';
import type { TestClock } from './account';
import { MailServer, type Manners } from './mail-server';
import { type MailBench, openMailBench } from './mailing';

export const SENDER = { address: 'news@acme.example', name: 'Acme' };
export const PUBLIC_URL = 'https://crm.example.com';

/** An account with an audience and a mail server, and campaigns that are sent by steps of the test. */
export interface CampaignBench extends MailBench {
  audienceId: string;
  server: MailServer;
  transport: MailTransport;
  /** A sender as a process of its own has it. */
  sender: (options?: Partial<SenderOptions>) => CampaignSender;
  addContacts: (inputs: object[]) => Promise<Contact[]>;
  /** A draft to the audience. */
  draft: (input?: object) => Promise<Campaign>;
  /** A draft that is begun to be sent. */
  begin: (input?: object) => Promise<Campaign>;
  /** Sends what is due until there is nothing more at this time of the clock. */
  run: (sender?: CampaignSender) => Promise<void>;
  read: (id: string) => Promise<Campaign>;
  metrics: (id: string) => Promise<Record<string, unknown>>;
  recipients: (id: string) => Promise<CampaignRecipient[]>;
  close: () => Promise<void>;
}

/** So many contacts: `r0@example.com` and on. */
export const people = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ email: `r${at}@example.com` }));

/** Their addresses. */
export const addressesOf = (count: number) => people(count).map(({ email }) => email);

const METRICS = `select ${tableOf(CampaignMetrics).selectList} from campaign_metrics where account_id = $1 and id = $2`;
const RECIPIENTS = `
select recipient.id, contact_id as "contactId", address, status, reason, message_id as "messageId", attempts, credits,
  sent_at as "sentAt", unsubscribed_at as "unsubscribedAt", due_at as "dueAt"
from campaign_recipient recipient where account_id = $1 and campaign_id = $2 order by id`;

async function countsOf(ctx: Context, id: string): Promise<Record<string, unknown>> {
  const [row = {}] = await ctx.query<Record<string, unknown>>(METRICS, [ctx.account.id, id]);
  const { id: _, accountId, createdAt, ...counts } = row;
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

/** Opens a bench. */
export async function openCampaignBench(
  manners: Manners = {},
  { concurrency = 4, clock: own }: { concurrency?: number; clock?: TestClock } = {},
): Promise<CampaignBench> {
  const bench = await openMailBench(own);
  const { ctx, store, clock, due } = bench;
  const server = await MailServer.start(manners);
  const transport = smtpTransport({ url: server.url, sender: SENDER, concurrency });
  const { id: audienceId } = await audiences.create(ctx, { name: 'News' });
  const senderOf: CampaignBench['sender'] = (options) =>
    new CampaignSender({
      ...{ store, now: clock.now, contextOf: due.contextOf, onError: due.onError },
      ...{ transport, publicUrl: PUBLIC_URL, waitUntil: async () => {} },
      ...options,
    });
  const one = senderOf();
  const draft: CampaignBench['draft'] = (input) =>
    campaigns.create(ctx, {
      ...{ name: 'Spring', audienceId, subject: 'Hi {{ first_name }}' },
      ...{ text: 'Dear {{ name }}: {{ unsubscribe_url }}', ...input },
    });
  return {
    ...{ ...bench, audienceId, server, transport, draft, sender: senderOf },
    async addContacts(inputs) {
      const made = await contacts.createMany(
        ctx,
        inputs.map((input) => ({ audienceId, ...input })),
      );
      return made.map(({ row, error }) => {
        if (!row) throw error;
        return row;
      });
    },
    begin: async (input) => campaigns.send(ctx, (await draft(input)).id),
    async run(sender = one) {
      for (let before = ''; ; ) {
        await tendCampaigns(due);
        await sender.step(await activeCampaigns(store));
        await sender.drain();
        const [now] = await store.acrossAccounts.query<{ state: string }>(
          `select md5(coalesce(string_agg(status || id || attempts, ',' order by id), '')) || (
             select string_agg(status, ',' order by id) from campaign where account_id = $1) as state
           from campaign_recipient where account_id = $1`,
          [ctx.account.id],
        );
        if (now?.state === before) return;
        before = now?.state ?? '';
      }
    },
    read: (id) => campaigns.get(ctx, id),
    metrics: (id) => countsOf(ctx, id),
    recipients: (id) =>
      ctx.query<CampaignRecipient & Record<string, unknown>>(RECIPIENTS, [ctx.account.id, id]),
    async close() {
      await transport.close();
      await server.stop();
    },
  };
}
