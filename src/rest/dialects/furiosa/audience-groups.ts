import { z } from 'zod';
import { audienceGroups } from '../../../domain/audience/audience-group.service';
import { audienceLookup } from '../../../domain/audience/audience-lookup';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { group } from './audience.fields';
import { NO_OBJECT, paging, sliceOf } from './codecs';
import { missingOfPath } from './errors';
import { deleted, deletedOutput, one, oneOf, page, pageOf } from './replies';

const PATH = '/api/v1/audiences/{audience_id}/groups';

const listParams = z.object({ audience_id: pathNumber.describe('The audience.') });
const params = listParams.extend({ group_id: pathNumber.describe('The group.') });
const answer = oneOf(group.output());
const { wireNames } = group;

/** Groups of an audience. */
export const audienceGroupRoutes: Route[] = [
  route({
    operation: 'audience-groups-list',
    method: 'GET',
    path: PATH,
    summary: 'List the groups of an audience',
    params: listParams,
    query: z.object(paging),
    answer: pageOf(group.output()),
    run: (ctx, { params: { audience_id }, query }) => audienceLookup.groups(ctx, audience_id, sliceOf(query)),
    reply: ({ audience, groups, total }, { query }) =>
      page(
        groups.map((row) => group.format({ audience, group: row })),
        total,
        query,
      ),
  }),
  route({
    operation: 'audience-groups-create',
    method: 'POST',
    path: PATH,
    summary: 'Create a group of an audience',
    errors: missingOfPath,
    params: listParams,
    body: group.creation(NO_OBJECT),
    answer,
    wireNames,
    run: (ctx, { params: { audience_id: audienceId }, body }) =>
      audienceLookup.groupIn(ctx, audienceId, (tx) => audienceGroups.create(tx, { ...body, audienceId })),
    reply: (made) => one(group.format(made), 201),
  }),
  route({
    operation: 'audience-groups-get',
    method: 'GET',
    path: `${PATH}/{group_id}`,
    summary: 'Get a group of an audience',
    params,
    answer,
    run: (ctx, { params: { audience_id, group_id } }) =>
      audienceLookup.groupIn(ctx, audience_id, (tx) => audienceGroups.get(tx, group_id)),
    reply: (found) => one(group.format(found)),
  }),
  route({
    operation: 'audience-groups-update',
    method: 'PUT',
    path: `${PATH}/{group_id}`,
    summary: 'Update a group of an audience',
    params,
    body: group.change(NO_OBJECT),
    answer,
    wireNames,
    run: (ctx, { params: { audience_id, group_id }, body }) =>
      audienceLookup.groupIn(ctx, audience_id, (tx) => audienceGroups.update(tx, group_id, body)),
    reply: (changed) => one(group.format(changed)),
  }),
  route({
    operation: 'audience-groups-delete',
    method: 'DELETE',
    path: `${PATH}/{group_id}`,
    summary: 'Delete a group of an audience; its contacts stay',
    params,
    answer: deletedOutput,
    run: (ctx, { params: { audience_id, group_id } }) =>
      audienceLookup.groupIn(ctx, audience_id, (tx) => audienceGroups.delete(tx, group_id)),
    reply: ({ group: { number } }) => deleted(number),
  }),
];
