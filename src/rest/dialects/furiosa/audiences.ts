import { z } from 'zod';
import { audiences } from '../../../domain/audience/audience.service';
import {
  type AudienceDetail,
  type AudienceRecord,
  audienceLookup,
  audienceRecordsOf,
} from '../../../domain/audience/audience-lookup';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { audience, audienceDetailOutput, audienceStats, groupInAudience } from './audience.fields';
import { NO_OBJECT, paging, sliceOf } from './codecs';
import { deleted, deletedOutput, one, oneOf, page, pageOf } from './replies';

const PATH = '/api/v1/audiences';

const params = z.object({ audience_id: pathNumber.describe('The audience.') });
const answer = oneOf(audience.output());
const { wireNames } = audience;

function detailOf(record: AudienceDetail) {
  const groups = record.groups.map((row) => groupInAudience.format(row));
  return { ...audience.format(record), groups, stats: audienceStats.format(record.stats) };
}

/** Audiences. */
export const audienceRoutes: Route[] = [
  route({
    operation: 'audiences-list',
    method: 'GET',
    path: PATH,
    summary: 'List audiences',
    query: z.object(paging),
    answer: pageOf(audience.output()),
    run: (ctx, { query }) => audienceLookup.records(ctx, sliceOf(query)),
    reply: ({ records, total }, { query }) =>
      page(
        records.map((record) => audience.format(record)),
        total,
        query,
      ),
  }),
  route({
    operation: 'audiences-create',
    method: 'POST',
    path: PATH,
    summary: 'Create an audience',
    body: audience.creation(NO_OBJECT),
    answer,
    wireNames,
    run: async (ctx, { body }) => audienceRecordsOf(ctx, [await audiences.create(ctx, body)]),
    reply: ([record]) => one(audience.format(record as AudienceRecord), 201),
  }),
  route({
    operation: 'audiences-get',
    method: 'GET',
    path: `${PATH}/{audience_id}`,
    summary: 'Get an audience with its groups and stats',
    params,
    answer: oneOf(audienceDetailOutput),
    run: (ctx, { params: { audience_id } }) => audienceLookup.detail(ctx, audience_id),
    reply: (record) => one(detailOf(record)),
  }),
  route({
    operation: 'audiences-stats',
    method: 'GET',
    path: `${PATH}/{audience_id}/stats`,
    summary: 'Get the stats of an audience',
    params,
    answer: oneOf(audienceStats.output()),
    run: (ctx, { params: { audience_id } }) => audiences.stats(ctx, audience_id),
    reply: (stats, { params: { audience_id: id } }) => ({
      status: 200,
      body: { id, data: audienceStats.format(stats) },
    }),
  }),
  route({
    operation: 'audiences-update',
    method: 'PUT',
    path: `${PATH}/{audience_id}`,
    summary: 'Update an audience',
    params,
    body: audience.change(NO_OBJECT),
    answer,
    wireNames,
    run: async (ctx, { params: { audience_id }, body }) =>
      audienceRecordsOf(ctx, [await audiences.update(ctx, audience_id, body)]),
    reply: ([record]) => one(audience.format(record as AudienceRecord)),
  }),
  route({
    operation: 'audiences-delete',
    method: 'DELETE',
    path: `${PATH}/{audience_id}`,
    summary: 'Delete an audience with its groups and contacts',
    params,
    answer: deletedOutput,
    run: (ctx, { params: { audience_id } }) => audiences.delete(ctx, audience_id),
    reply: ({ number }) => deleted(number),
  }),
];
