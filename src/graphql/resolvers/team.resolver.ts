import { GraphQLBoolean, GraphQLID } from 'graphql';
import { Agent } from '../../domain/agent/agent.entity';
import { agents } from '../../domain/agent/agent.service';
import { ScheduleDay } from '../../domain/agent/schedule';
import { Team } from '../../domain/team/team.entity';
import { teams } from '../../domain/team/team.service';
import { TeamMember } from '../../domain/team/team-member.entity';
import { TEAM_AGENTS_MAX } from '../../domain/team/team-members';
import { rootField } from '../root-field';
import { ID_ARGUMENT } from './crud.resolver';

/** Who is in a team as a whole, and when agents work. */
export const teamResolvers = [
  rootField<{ teamId: string; agentIds: string[] }>({
    kind: 'mutation',
    name: 'setTeamAgents',
    type: () => [TeamMember],
    about:
      'Team: makes exactly these agents its agents; those who stay keep priority and cap. Answers all places, the oldest first.',
    args: {
      teamId: { type: () => GraphQLID, about: 'The team.' },
      agentIds: { type: () => [GraphQLID], about: `The agents, at most ${TEAM_AGENTS_MAX}.` },
    },
    resolve: (ctx, { teamId, agentIds }) => teams.setAgents(ctx, teamId, agentIds),
  }),
  rootField<{ id: string; isArchived: boolean }>({
    kind: 'mutation',
    name: 'setTeamArchived',
    type: () => Team,
    about: 'Team: puts one away, so that it takes no new support cases, or takes it out again.',
    args: { id: ID_ARGUMENT, isArchived: { type: () => GraphQLBoolean, about: 'Whether it is put away.' } },
    resolve: (ctx, { id, isArchived }) => teams.setArchived(ctx, id, isArchived),
  }),
  rootField<{ id: string }>({
    kind: 'query',
    name: 'agentSchedule',
    type: () => [ScheduleDay],
    about: 'Agent: the weekly hours, seven days from Sunday on.',
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => agents.schedule(ctx, id),
  }),
  rootField<{ id: string; schedule: ScheduleDay[] }>({
    kind: 'mutation',
    name: 'setAgentSchedule',
    type: () => Agent,
    about: 'Agent: replaces the weekly hours; a day that is not given becomes free of work.',
    args: { id: ID_ARGUMENT, schedule: { type: () => [ScheduleDay], about: 'The days, each once.' } },
    resolve: (ctx, { id, schedule }) => agents.setSchedule(ctx, id, schedule),
  }),
];
