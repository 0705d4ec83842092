import { Agent } from '../agent/agent.entity';
import { Call } from '../call/call.entity';
import { NounEntity, TenantEntity } from '../entity';
import { ReferenceField, TextField } from '../field';
import { Lead } from '../lead/lead.entity';
import { BelongsTo } from '../relation';
import { isOwnNote } from './note.rules';

@NounEntity('Something written down about a lead, a call or both.', {
  name: 'note',
  plural: 'notes',
  label: 'Note',
  agentSees: isOwnNote,
})
export class Note extends TenantEntity {
  @TextField('The text.', { required: true, min: 1, max: 10_000 })
  body!: string;

  @ReferenceField(() => Lead, 'The lead it is about; at least one of lead and call.', {
    nullable: true,
    write: 'create',
  })
  leadId!: string | null;

  @ReferenceField(() => Call, 'The call it is about.', { nullable: true, write: 'create' })
  callId!: string | null;

  @ReferenceField(() => Agent, 'Who wrote it.', { nullable: true, write: 'create' })
  authorId!: string | null;

  @BelongsTo(() => Lead, 'leadId', 'The lead it is about.', { nullable: true })
  lead?: Lead | null;

  @BelongsTo(() => Call, 'callId', 'The call it is about.', { nullable: true })
  call?: Call | null;

  @BelongsTo(() => Agent, 'authorId', 'Who wrote it.', { nullable: true })
  author?: Agent | null;
}
