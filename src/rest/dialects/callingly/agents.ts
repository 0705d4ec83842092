import { z } from 'zod';
import { agents } from '../../../domain/agent/agent.service';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { agent, agentChange, agentCreation } from './agent.fields';
import { seen } from './codecs';
import { done, doneOutput, ok } from './replies';
import { formatSchedule, scheduleBody, scheduleOutput } from './schedule';

const PATH = '/v1/agents';

const params = z.object({ id: pathNumber.describe('The agent.') });
const answer = agent.output();
const { wireNames } = agent;

/** Agents and their weekly hours. */
export const agentRoutes: Route[] = [
  route({
    operation: 'agents-list',
    method: 'GET',
    path: PATH,
    summary: 'List agents',
    answer: z.array(answer),
    run: (ctx) => agents.all(ctx),
    reply: (rows, _, ctx) => ok(rows.map((row) => agent.format(seen(row, ctx)))),
  }),
  route({
    operation: 'agents-create',
    method: 'POST',
    path: PATH,
    summary: 'Create an agent',
    body: agentCreation,
    answer,
    wireNames,
    run: (ctx, { body }) => agents.create(ctx, body),
    reply: (row, _, ctx) => ok(agent.format(seen(row, ctx))),
  }),
  route({
    operation: 'agents-update',
    method: 'PUT',
    path: `${PATH}/{id}`,
    summary: 'Update an agent',
    params,
    body: agentChange,
    answer,
    wireNames,
    run: (ctx, { params: { id }, body }) => agents.update(ctx, id, body),
    reply: (row, _, ctx) => ok(agent.format(seen(row, ctx))),
  }),
  route({
    operation: 'agents-delete',
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Delete an agent',
    params,
    answer: doneOutput,
    run: (ctx, { params: { id } }) => agents.delete(ctx, id),
    reply: done,
  }),
  route({
    operation: 'agents-get-schedule',
    method: 'GET',
    path: `${PATH}/{id}/schedule`,
    summary: 'Get the weekly hours of an agent',
    params,
    answer: scheduleOutput,
    run: (ctx, { params: { id } }) => agents.schedule(ctx, id),
    reply: (schedule) => ok(formatSchedule(schedule)),
  }),
  route({
    operation: 'agents-update-schedule',
    method: 'PUT',
    path: `${PATH}/{id}/schedule`,
    summary: 'Replace the weekly hours of an agent',
    params,
    body: scheduleBody,
    answer: scheduleOutput,
    run: (ctx, { params: { id }, body }) => agents.setSchedule(ctx, id, body),
    reply: ({ schedule }) => ok(formatSchedule(schedule)),
  }),
];
