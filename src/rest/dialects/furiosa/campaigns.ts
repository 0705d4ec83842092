import { z } from 'zod';
import { campaignChannel, campaignStatus } from '../../../domain/campaign/campaign.entity';
import { campaigns } from '../../../domain/campaign/campaign.service';
import {
  type CampaignRecord,
  campaignLookup,
  campaignRecordsOf,
} from '../../../domain/campaign/campaign-lookup';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { campaign, campaignMetrics } from './campaign.fields';
import { paging, queryRecord, queryWord, sliceOf } from './codecs';
import { one, oneOf, page, pageOf } from './replies';

const PATH = '/api/v1/campaigns';

const params = z.object({ campaign_id: pathNumber.describe('The campaign.') });
const answer = oneOf(campaign.output());

const listQuery = z.object({
  status: queryWord('status', campaignStatus.values).describe('Only with this status.'),
  type: queryWord('type', campaignChannel.values).describe('Only those that are sent as this.'),
  audience_id: queryRecord('audience_id').describe('Only those to this audience.'),
  ...paging,
});

/** Campaigns: they are written at other doors; here they are read and sent. */
export const campaignRoutes: Route[] = [
  route({
    operation: 'campaigns-list',
    method: 'GET',
    path: PATH,
    summary: 'List campaigns',
    query: listQuery,
    answer: pageOf(campaign.output()),
    run: (ctx, { query: { status, type: channel, audience_id: audienceId, ...part } }) =>
      campaignLookup.records(ctx, { status, channel, audienceId }, sliceOf(part)),
    reply: ({ records, total }, { query }) =>
      page(
        records.map((record) => campaign.format(record)),
        total,
        query,
      ),
  }),
  route({
    operation: 'campaigns-get',
    method: 'GET',
    path: `${PATH}/{campaign_id}`,
    summary: 'Get a campaign with its metrics',
    params,
    answer,
    run: (ctx, { params: { campaign_id } }) => campaignLookup.record(ctx, campaign_id),
    reply: (record) => one(campaign.format(record)),
  }),
  route({
    operation: 'campaigns-metrics',
    method: 'GET',
    path: `${PATH}/{campaign_id}/metrics`,
    summary: 'Get the metrics of a campaign',
    params,
    answer: oneOf(campaignMetrics.output()),
    run: (ctx, { params: { campaign_id } }) => campaignLookup.record(ctx, campaign_id),
    reply: ({ number: id, metrics }) => ({
      status: 200,
      body: { id, data: campaignMetrics.format(metrics) },
    }),
  }),
  route({
    operation: 'campaigns-send',
    method: 'POST',
    path: `${PATH}/{campaign_id}/send`,
    summary: 'Send a campaign now',
    params,
    answer,
    run: async (ctx, { params: { campaign_id } }) =>
      campaignRecordsOf(ctx, [await campaigns.send(ctx, campaign_id)]),
    reply: ([record]) => one(campaign.format(record as CampaignRecord), 202),
  }),
];
