import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { checkInterval } from '../interval';
import { Lead } from '../lead/lead.entity';
import { Appointment } from './appointment.entity';
import {
  type AppointmentListing,
  type AppointmentRecord,
  listAppointments,
  recordsOf,
} from './appointment-lookup';

const base: Crud<Appointment> = crud(Appointment, {
  async prepare(ctx, draft, current) {
    checkInterval({ ...current, ...draft });
    if (current || draft.agentId !== undefined) return;
    const lead = await ctx.repo(Lead).get(String(draft.leadId));
    draft.agentId = lead.ownerId;
  },
});

/** Appointments. Overlaps of one agent are refused by the database, also for requests at the same moment. */
export const appointments = {
  ...base,

  /** The appointment that is to be changed. Throws NOT_FOUND, and FORBIDDEN when it is another agent's. */
  async getOwn(ctx: Context, id: RowRef): Promise<Appointment> {
    ctx.require('appointments:write');
    return ctx.repo(Appointment).getOwn(id);
  },

  /** Appointments by offset with their leads, the last to start first, and how many there are. */
  async list(
    ctx: Context,
    listing: AppointmentListing,
  ): Promise<{ rows: AppointmentRecord[]; total: number }> {
    ctx.require('appointments:read');
    return listAppointments(ctx, listing);
  },

  /** The appointment with its lead. */
  async record(ctx: Context, appointment: Appointment): Promise<AppointmentRecord> {
    const [record] = await recordsOf(ctx, [appointment]);
    return record as AppointmentRecord;
  },
};
