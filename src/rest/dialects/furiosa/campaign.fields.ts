import { z } from 'zod';
import type { CampaignNumbers, CampaignRates } from '../../../domain/analytics/campaign-numbers';
import { campaignChannel, campaignStatus } from '../../../domain/campaign/campaign.entity';
import type { CampaignRecord } from '../../../domain/campaign/campaign-lookup';
import type { Instant } from '../../../domain/datetime';
import { fieldMap } from '../../field-map';
import { times, wireTime } from './codecs';

type Metrics = CampaignNumbers & CampaignRates;

const count = (about: string, key: keyof Metrics) => ({ about, key, output: z.int() });
const rate = (about: string, key: keyof Metrics) => ({ about, key, output: z.number() });
const optionalTime = (instant: Instant | null) => instant && wireTime(instant);

/** The numbers of campaigns in the vendor's words; those that it does not know are left out. */
export const campaignMetrics = fieldMap<Metrics>()({
  recipients: count('Addresses that it goes to.', 'recipients'),
  sent: count('Messages that were handed over.', 'sent'),
  delivered: count('Messages that did not come back.', 'delivered'),
  opened: count('Messages that were opened.', 'opened'),
  clicked: count('Messages with a link that was followed.', 'clicked'),
  bounced: count('Messages that came back.', 'bounced'),
  unsubscribed: count('Contacts who unsubscribed by it.', 'unsubscribed'),
  failed: count('Messages that could not be sent.', 'failed'),
  open_rate: rate('Opened ones among the delivered, from 0 to 1.', 'openRate'),
  click_rate: rate('Clicked ones among the delivered, from 0 to 1.', 'clickRate'),
  credits_used: count('Parts of texts that were charged.', 'creditsUsed'),
});

/** A campaign in the vendor's words. */
export const campaign = fieldMap<CampaignRecord>()({
  id: { about: 'Identifier.', format: ({ number }) => number, output: z.int() },
  name: { about: 'Name.', key: 'name', output: z.string() },
  type: { about: 'What it is sent as.', key: 'channel', output: z.enum(campaignChannel.values) },
  status: { about: 'How far it has come.', key: 'status', output: z.enum(campaignStatus.values) },
  subject: { about: 'Subject of its e-mails.', key: 'subject', output: z.string().nullable() },
  audience_id: {
    about: 'The audience; null when it was deleted.',
    format: ({ audience }) => audience?.number,
    output: z.int().nullable(),
  },
  group_ids: {
    about: 'Groups that it is narrowed to; all of the audience when there are none.',
    format: ({ groups }) => groups.map(({ number }) => number),
    output: z.array(z.int()),
  },
  scheduled_at: {
    about: 'When it is to go out.',
    format: ({ scheduledAt }) => optionalTime(scheduledAt),
    output: z.iso.datetime().nullable(),
  },
  sent_at: {
    about: 'When every recipient had had its turn.',
    format: ({ sentAt }) => optionalTime(sentAt),
    output: z.iso.datetime().nullable(),
  },
  ...times,
  metrics: {
    about: 'Its numbers at this moment.',
    format: ({ metrics }) => campaignMetrics.format(metrics),
    output: campaignMetrics.output(),
  },
});
