import { z } from 'zod';
import { joinName } from '../../../domain/lead/lead.rules';
import { teams } from '../../../domain/team/team.service';
import type { TeamAgent } from '../../../domain/team/team-members';
import { pathNumber, recordNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { fieldMap } from '../../field-map';
import { missing, wholeNumber } from './codecs';
import { errors, failure } from './errors';
import { done, doneOutput, NO_OBJECT, ok } from './replies';

const PATH = '/v1/teams/{id}/agents';

const cap = z.union([z.literal('').transform(() => null), wholeNumber('cap')], {
  error: 'The cap must be a whole number or null.',
});

const place = fieldMap<TeamAgent>()({
  id: { about: 'Number of the agent.', format: ({ agent }) => agent.number, output: z.int() },
  name: { about: 'Name of the agent.', format: ({ agent }) => joinName(agent), output: z.string() },
  priority: {
    about: 'Who is called first: higher before lower.',
    ...{ key: 'priority', parse: wholeNumber('priority'), output: z.int() },
  },
  cap: {
    about: 'Most leads a day that the agent takes from the team; null is no limit.',
    ...{ key: 'cap', parse: cap.nullable(), output: z.int().nullable() },
  },
});

const AGENTS = 'The agents must be a list of agent ids.';
const ids = z
  .array(recordNumber(AGENTS), { error: AGENTS })
  .describe('The agents of the team from now on; those who stay keep priority and cap.');

const replacement = z
  .object({ agents: ids.optional(), 'agents[]': ids.optional() }, { error: NO_OBJECT })
  .transform(({ agents, 'agents[]': bracketed }) => agents ?? bracketed)
  .refine((given) => given !== undefined, { error: missing('agents'), path: ['agents'] });

const AGENTS_WIRE_NAMES = new Map([['agentIds', 'agents']]);

const team = z.object({ id: pathNumber.describe('The team.') });
const member = team.extend({ agent_id: pathNumber.describe('The agent.') });
const agentsOutput = z.object({ agents: z.array(place.output()) });
const agentsOf = (rows: TeamAgent[]) => ({ agents: rows.map((row) => place.format(row)) });

/** Which agents are in a team, and how. */
export const teamAgentRoutes: Route[] = [
  route({
    operation: 'team-agents-list',
    method: 'GET',
    path: PATH,
    summary: 'List the agents of a team',
    params: team,
    answer: agentsOutput,
    run: (ctx, { params }) => teams.agents(ctx, params.id),
    reply: (rows) => ok(agentsOf(rows)),
  }),
  route({
    operation: 'team-agents-replace',
    method: 'PUT',
    path: PATH,
    summary: 'Replace the agents of a team',
    params: team,
    body: replacement,
    answer: doneOutput.extend(agentsOutput.shape),
    wireNames: AGENTS_WIRE_NAMES,
    errors: {
      NOT_FOUND: (error) =>
        error.fields ? failure(404, error.message, { errors: error.fields }) : errors.NOT_FOUND(error),
    },
    run: (ctx, { params, body }) => teams.setAgents(ctx, params.id, body ?? []),
    reply: (rows) => ok({ success: true, ...agentsOf(rows) }),
  }),
  route({
    operation: 'team-agents-remove',
    method: 'DELETE',
    path: `${PATH}/{agent_id}`,
    summary: 'Take an agent out of a team',
    params: member,
    answer: doneOutput,
    run: (ctx, { params }) => teams.removeAgent(ctx, params.id, params.agent_id),
    reply: done,
  }),
  route({
    operation: 'team-agents-update',
    method: 'PUT',
    path: `${PATH}/{agent_id}`,
    summary: 'Update priority and cap of an agent in a team',
    params: member,
    body: place.change(NO_OBJECT),
    answer: place.output(),
    wireNames: place.wireNames,
    run: (ctx, { params, body }) => teams.updateAgent(ctx, params.id, params.agent_id, body),
    reply: (row) => ok(place.format(row)),
  }),
];
