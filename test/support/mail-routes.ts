import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Campaign } from '../../src/domain/campaign/campaign.entity';
import type { CampaignRecipient } from '../../src/domain/campaign/campaign-recipient.entity';
import type { Contact } from '../../src/domain/contact/contact.entity';
import { contacts } from '../../src/domain/contact/contact.service';
import { suppressions } from '../../src/domain/suppression/suppression.service';
import { createHttpServer } from '../../src/server/http';
import { mountMailRoutes } from '../../src/server/mail/mail-routes';
import { testVault } from './account';
import { type CampaignBench, openCampaignBench } from './campaigns';

interface SentToTwo {
  campaign: Campaign;
  ann: Contact;
  bo: Contact;
  toAnn: CampaignRecipient;
  toBo: CampaignRecipient;
}

/** The routes that mails lead to, and the campaigns whose mails those are. */
export interface MailRoutesBench extends CampaignBench {
  app: FastifyInstance;
  /** A campaign that two contacts have got. */
  sendToTwo: () => Promise<SentToTwo>;
  /** Addresses that get nothing more, each with the reason. */
  suppressed: () => Promise<string[][]>;
  /** The status of a contact. */
  statusOf: (contactId: string) => Promise<string>;
}

/** Opens a bench. */
export async function openMailRoutesBench(): Promise<MailRoutesBench> {
  const bench = await openCampaignBench();
  const { ctx } = bench;
  const app = createHttpServer({ logger: pino({ level: 'silent' }), isReady: async () => true });
  await mountMailRoutes(app, { vault: testVault, contextOf: bench.due.contextOf });
  return {
    ...{ ...bench, app },
    async sendToTwo() {
      const [ann, bo] = await bench.addContacts([{ email: 'Ann@example.com' }, { email: 'bo@example.com' }]);
      const campaign = await bench.begin();
      await bench.run();
      const [toAnn, toBo] = await bench.recipients(campaign.id);
      if (!ann || !bo || !toAnn || !toBo) throw new Error('two recipients');
      return { campaign, ann, bo, toAnn, toBo };
    },
    async suppressed() {
      const { rows } = await suppressions.page(ctx, { sort: { field: 'address', direction: 'asc' } });
      return rows.map(({ address, reason }) => [address, reason]);
    },
    statusOf: async (id) => (await contacts.get(ctx, id)).status,
    async close() {
      await app.close();
      await bench.close();
    },
  };
}
