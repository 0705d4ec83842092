import { type Crud, crud } from '../crud';
import { checkInterval } from '../interval';
import { Lead } from '../lead/lead.entity';
import { Appointment } from './appointment.entity';

/** Appointments. Overlaps of one agent are refused by the database, also for requests at the same moment. */
export const appointments: Crud<Appointment> = crud(Appointment, {
  async prepare(ctx, draft, current) {
    checkInterval({ ...current, ...draft });
    if (current || draft.agentId !== undefined) return;
    const lead = await ctx.repo(Lead).get(String(draft.leadId));
    draft.agentId = lead.ownerId;
  },
});
