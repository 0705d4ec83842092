import { Agent } from '../agent/agent.entity';
import { NounEntity, TenantEntity } from '../entity';
import { IntField, ReferenceField } from '../field';
import { BelongsTo } from '../relation';
import { Team } from './team.entity';

@NounEntity('An agent’s place in a team.', {
  name: 'teamMember',
  plural: 'teamMembers',
  label: 'Team member',
})
export class TeamMember extends TenantEntity {
  @ReferenceField(() => Team, 'The team.', { required: true, write: 'create' })
  teamId!: string;

  @ReferenceField(() => Agent, 'The agent.', { required: true, write: 'create' })
  agentId!: string;

  @IntField('Who of the team is called first: higher before lower.', { min: 0, max: 1000 })
  priority!: number;

  @IntField(
    'Most leads a day, in the agent’s zone, that the agent takes from this team; empty is no limit.',
    {
      nullable: true,
      min: 0,
      max: 100_000,
    },
  )
  cap!: number | null;

  @IntField('Count of the team’s rings at the agent’s last one.', {
    write: 'never',
    hidden: true,
    filterable: false,
  })
  lastTurn!: number;

  @BelongsTo(() => Team, 'teamId', 'The team.')
  team?: Team;

  @BelongsTo(() => Agent, 'agentId', 'The agent.', { nullable: true })
  agent?: Agent | null;
}
