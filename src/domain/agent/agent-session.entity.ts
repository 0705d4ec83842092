import { LogEntity, NounEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { BooleanField, EnumField, InstantField, IntField, ReferenceField, TextField } from '../field';
import { BelongsTo } from '../relation';
import { Agent } from './agent.entity';

export const sessionEnd = enumeration('SessionEnd', 'Why a session was ended.', {
  logout: 'The agent logged out.',
  reused: 'A refresh token was used twice, so somebody else may have it.',
  password: 'The agent was given another password.',
  agent: 'The agent was switched off or deleted.',
});
/** Why a session was ended. */
export type SessionEnd = ValueOf<typeof sessionEnd>;

@NounEntity('The time from an agent’s login to the logout.', {
  name: 'agentSession',
  plural: 'agentSessions',
  label: 'Agent session',
})
export class AgentSession extends LogEntity {
  @ReferenceField(() => Agent, 'The agent.', { write: 'never' })
  agentId!: string;

  @TextField('The network address of the login.', { nullable: true, write: 'never' })
  address!: string | null;

  @BooleanField('Whether each refresh gives a new refresh token, after which the old one must not be used.', {
    write: 'never',
  })
  isRotating!: boolean;

  @IntField('Number of refreshes.', { write: 'never' })
  refreshes!: number;

  @InstantField('When it ends unless it is refreshed.', { write: 'never' })
  expiresAt!: string;

  @InstantField('When it was ended before its time.', { nullable: true, write: 'never' })
  endedAt!: string | null;

  @EnumField(sessionEnd, 'Why it was ended.', { nullable: true, write: 'never' })
  endReason!: SessionEnd | null;

  @BelongsTo(() => Agent, 'agentId', 'The agent; empty when the agent was deleted.', { nullable: true })
  agent?: Agent | null;
}
