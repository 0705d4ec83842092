import { Agent } from '../agent/agent.entity';
import { LogEntity, NounEntity } from '../entity';
import { InstantField, IntField, ReferenceField } from '../field';
import { BelongsTo } from '../relation';
import { Call } from './call.entity';

@NounEntity('An agent’s place among those who are rung for a call.', {
  name: 'callRing',
  plural: 'callRings',
  label: 'Call ring',
})
export class CallRing extends LogEntity {
  @ReferenceField(() => Call, 'The call.', { write: 'never' })
  callId!: string;

  @ReferenceField(() => Agent, 'The agent.', { write: 'never' })
  agentId!: string;

  @IntField('When the agent’s turn comes: 0 first; agents of the same turn are rung at once.', {
    write: 'never',
  })
  turn!: number;

  @InstantField('When it rang; empty while others are in turn.', { nullable: true, write: 'never' })
  rungAt!: string | null;

  @BelongsTo(() => Agent, 'agentId', 'The agent.', { nullable: true })
  agent?: Agent | null;
}
