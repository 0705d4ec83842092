import { Agent } from '../agent/agent.entity';
import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { EnumField, InstantField, ReferenceField, TextField } from '../field';
import { Lead } from '../lead/lead.entity';
import { hasOwnLead } from '../lead/lead.rules';
import { BelongsTo } from '../relation';

export const appointmentStatus = enumeration('AppointmentStatus', 'What became of an appointment.', {
  pending: 'Agreed, not yet confirmed.',
  rescheduled: 'Moved to another time.',
  cancelled: 'Called off; its time is free again.',
  fulfilled: 'Took place.',
  confirmed: 'Confirmed by the lead.',
});
/** What became of an appointment. */
export type AppointmentStatus = ValueOf<typeof appointmentStatus>;

@NounEntity('A time agreed with a lead. One agent never has two at once, cancelled ones aside.', {
  name: 'appointment',
  plural: 'appointments',
  label: 'Appointment',
  agentSees: (agent) => `("appointment"."agent_id" = ${agent} or ${hasOwnLead('appointment', agent)})`,
})
export class Appointment extends TenantEntity {
  @ReferenceField(() => Lead, 'The lead it is with.', { required: true })
  leadId!: string;

  @ReferenceField(() => Agent, 'The agent who attends; the lead’s owner when not given.', { nullable: true })
  agentId!: string | null;

  @InstantField('When it starts.', { required: true, sortable: true })
  startsAt!: string;

  @InstantField('When it ends, after it starts.', { required: true })
  endsAt!: string;

  @TextField('What it is about.', { nullable: true, max: 1000, filterable: false })
  note!: string | null;

  @EnumField(appointmentStatus, 'What became of it.')
  status!: AppointmentStatus;

  @BelongsTo(() => Lead, 'leadId', 'The lead it is with; empty when the lead was deleted.', {
    nullable: true,
  })
  lead?: Lead | null;

  @BelongsTo(() => Agent, 'agentId', 'The agent who attends.', { nullable: true })
  agent?: Agent | null;
}
