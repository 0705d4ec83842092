import { z } from 'zod';
import type { Filter } from '../../../domain/filter';
import { leads } from '../../../domain/lead/lead.service';
import type { LeadRecord } from '../../../domain/lead/lead-lookup';
import type { RateLimit } from '../../../domain/rate-limit';
import { pathId, queryInt, wordOf } from '../../codecs';
import { type Reply, type Route, route, type WireRequest } from '../../dialect';
import { campaignId, datetime, kind, queryPhone, status } from './codecs';
import { lead } from './lead.fields';

const PATH = '/api/leads/external/v1/leads';
const RATE_LIMIT: RateLimit = { bucket: 'leads', limit: 100, windowSeconds: 60 };
const BATCH_MAX = 100;
const NO_BODY = 'Request body must be a JSON object';
const NO_FIELDS = 'No updatable fields provided';
const BAD_BATCH = `leads must be an array of 1 to ${BATCH_MAX} leads`;

const single = lead.creation(NO_BODY);

const batch = z
  .object({
    leads: z
      .array(lead.creation('Lead must be an object'), { error: BAD_BATCH })
      .min(1, BAD_BATCH)
      .max(BATCH_MAX, BAD_BATCH)
      .describe('1 to 100 leads; all are created or none.'),
    kind: kind.optional().describe('Must be the kind of the campaign.'),
    campaign_id: campaignId.optional().describe('The campaign of leads that name none.'),
  })
  .transform(({ leads: drafts, kind: feedKind, campaign_id: feedId }) =>
    drafts.map((draft) => ({ ...(feedKind && { feedKind }), ...(feedId && { feedId }), ...draft })),
  );

const patch = lead
  .change(NO_BODY, ['phone'])
  .transform(({ phone: number, feedId, ...changes }) => ({
    key: { phone: number as string, feedId: feedId as string | undefined },
    changes,
  }))
  .refine(({ changes: { feedKind, ...rest } }) => Object.keys(rest).length > 0, NO_FIELDS);

const updatedSince = datetime.optional().describe('Only leads changed at or after this time.');

const lookupQuery = z.object({
  phone: queryPhone.describe('Phone number to look up.'),
  campaign_id: campaignId.optional().describe('Only in this campaign.'),
  status: status.optional().describe('Only with this status.'),
  updated_since: updatedSince,
});

const SORTS = {
  'created_at:desc': { field: 'id', direction: 'desc' },
  'created_at:asc': { field: 'id', direction: 'asc' },
  'updated_at:desc': { field: 'updatedAt', direction: 'desc' },
} as const;

const listQuery = z.object({
  campaign_id: campaignId.optional().describe('The campaign; the Default Feed when not given.'),
  status: status.optional().describe('Only with this status.'),
  updated_since: updatedSince,
  page: queryInt('page', { min: 1, max: 1_000_000, fallback: 1 }).describe('Page number (default 1).'),
  pageSize: queryInt('pageSize', { min: 1, max: 100, fallback: 50 }).describe('Leads per page (default 50).'),
  sort: wordOf(SORTS, `sort must be one of: ${Object.keys(SORTS).join(', ')}`)
    .prefault('created_at:desc')
    .describe('Order of the list.'),
});

const leadOutput = lead.output();
const answerWith = (data: z.ZodObject) => z.object({ success: z.literal(true), data });
const createdAnswer = answerWith(
  z.object({ mode: z.literal('atomic'), inserted: z.int(), leads: z.array(leadOutput) }),
);
const foundAnswer = answerWith(leadOutput.extend({ lead: leadOutput }));
const lookupAnswer = answerWith(leadOutput.extend({ lookup: z.literal('phone'), lead: leadOutput }));
const listAnswer = answerWith(
  z.object({
    ...{ campaign_id: z.uuid(), campaign_name: z.string() },
    ...{ page: z.int(), pageSize: z.int(), total: z.int(), leads: z.array(leadOutput) },
  }),
);

function isBatch({ body }: WireRequest): boolean {
  return typeof body === 'object' && body !== null && 'leads' in body;
}

/** Conditions of the queries that both lookups share. */
function filterOf(query: { status?: string; updated_since?: string; campaign_id?: string }): Filter {
  return {
    ...(query.campaign_id && { feedId: { eq: query.campaign_id } }),
    ...(query.status && { dialStatus: { eq: query.status } }),
    ...(query.updated_since && { updatedAt: { gte: query.updated_since } }),
  };
}

function created(records: LeadRecord[]): Reply {
  const data = {
    mode: 'atomic',
    inserted: records.length,
    leads: records.map((record) => lead.format(record)),
  };
  return { status: 201, body: { success: true, data } };
}

// Older clients read the lead's fields in `data`, newer ones in `data.lead`.
function found(record: LeadRecord, more: object = {}): Reply {
  const wire = lead.format(record);
  const data = Object.assign(lead.format(record), more, { lead: wire });
  return { status: 200, body: { success: true, data } };
}

const routes: Route[] = [
  route({
    operation: 'leads-create-batch',
    method: 'POST',
    path: PATH,
    summary: 'Create leads in batch',
    when: isBatch,
    body: batch,
    answer: createdAnswer,
    wireNames: lead.wireNames,
    run: (ctx, { body }) => leads.createRecords(ctx, body),
    reply: created,
  }),
  route({
    operation: 'leads-create',
    method: 'POST',
    path: PATH,
    summary: 'Create a lead',
    body: single,
    answer: createdAnswer,
    wireNames: lead.wireNames,
    run: (ctx, { body }) => leads.createRecord(ctx, body),
    reply: (record) => created([record]),
  }),
  route({
    operation: 'leads-lookup',
    method: 'GET',
    path: PATH,
    summary: 'Lookup lead by phone',
    when: ({ query }) => query.phone !== undefined,
    query: lookupQuery,
    answer: lookupAnswer,
    wireNames: lead.wireNames,
    run: (ctx, { query }) => leads.recordByPhone(ctx, { phone: query.phone, filter: filterOf(query) }),
    reply: (record) => found(record, { lookup: 'phone' }),
  }),
  route({
    operation: 'leads-list',
    method: 'GET',
    path: PATH,
    summary: 'List leads (paginated)',
    query: listQuery,
    answer: listAnswer,
    wireNames: lead.wireNames,
    run: (ctx, { query: { campaign_id: feedId, page, pageSize, sort, ...rest } }) =>
      leads.recordsOfFeed(ctx, {
        ...{ feedId, sort, filter: filterOf(rest) },
        ...{ limit: pageSize, offset: (page - 1) * pageSize },
      }),
    reply: ({ feed, records, total }, { query: { page, pageSize } }) => ({
      status: 200,
      body: {
        success: true,
        data: {
          ...{ campaign_id: feed.id, campaign_name: feed.name, page, pageSize, total },
          leads: records.map((record) => lead.format(record)),
        },
      },
    }),
  }),
  route({
    operation: 'leads-get',
    method: 'GET',
    path: `${PATH}/{lead_id}`,
    summary: 'Get a lead by ID',
    params: z.object({ lead_id: pathId.describe('The lead.') }),
    answer: foundAnswer,
    wireNames: lead.wireNames,
    run: (ctx, { params }) => leads.record(ctx, params.lead_id),
    reply: (record) => found(record),
  }),
  route({
    operation: 'leads-update',
    method: 'PATCH',
    path: PATH,
    summary: 'Update a lead',
    body: patch,
    answer: foundAnswer,
    wireNames: lead.wireNames,
    run: (ctx, { body: { key, changes } }) => leads.patchByPhone(ctx, key, changes),
    reply: (record) => found(record),
  }),
];

/** The Leads half of the vendor's API; a batch counts as one request. */
export const leadRoutes: Route[] = routes.map((one) => ({ ...one, rateLimit: RATE_LIMIT }));
