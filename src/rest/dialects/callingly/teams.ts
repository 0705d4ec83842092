import { z } from 'zod';
import { teams } from '../../../domain/team/team.service';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { seen } from './codecs';
import { NO_OBJECT, ok } from './replies';
import { team } from './team.fields';

const PATH = '/v1/teams';

const params = z.object({ id: pathNumber.describe('The team.') });
const answer = team.output();
const { wireNames } = team;

/** Teams: groups of agents with their way of calling. */
export const teamRoutes: Route[] = [
  route({
    operation: 'teams-list',
    method: 'GET',
    path: PATH,
    summary: 'List teams',
    answer: z.array(answer),
    run: (ctx) => teams.records(ctx),
    reply: (rows, _, ctx) => ok(rows.map((row) => team.format(seen(row, ctx)))),
  }),
  route({
    operation: 'teams-get',
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Get a team',
    params,
    answer,
    run: (ctx, { params: { id } }) => teams.record(ctx, id),
    reply: (row, _, ctx) => ok(team.format(seen(row, ctx))),
  }),
  route({
    operation: 'teams-create',
    method: 'POST',
    path: PATH,
    summary: 'Create a team',
    body: team.creation(NO_OBJECT),
    answer,
    wireNames,
    run: (ctx, { body }) => teams.createRecord(ctx, body),
    reply: (row, _, ctx) => ok(team.format(seen(row, ctx))),
  }),
  route({
    operation: 'teams-update',
    method: 'PUT',
    path: `${PATH}/{id}`,
    summary: 'Update a team',
    params,
    body: team.change(NO_OBJECT),
    answer,
    wireNames,
    run: (ctx, { params: { id }, body }) => teams.updateRecord(ctx, id, body),
    reply: (row, _, ctx) => ok(team.format(seen(row, ctx))),
  }),
];
