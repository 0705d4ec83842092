import type { Context } from '../context';
import { type Filter, filterSql, Parameters } from '../filter';
import type { Lead } from '../lead/lead.entity';
import { attach } from '../related';
import { tableOf } from '../table';
import { viewSql } from '../view';
import { Appointment } from './appointment.entity';

/** An appointment with its lead; null when the lead was deleted. */
export type AppointmentRecord = Appointment & { lead: Lead | null };

/** Which appointments are listed: by offset, the last to start first. */
export interface AppointmentListing {
  filter?: Filter;
  /** Part of the first name of the lead. */
  leadFirstName?: string | undefined;
  limit: number;
  offset: number;
}

/** The appointments with their leads: one statement, however many appointments. */
export async function recordsOf(ctx: Context, rows: Appointment[]): Promise<AppointmentRecord[]> {
  return (await attach(ctx, Appointment, rows, 'lead')) as AppointmentRecord[];
}

function conditionSql(
  ctx: Context,
  { filter, leadFirstName }: AppointmentListing,
  parameters: Parameters,
): string {
  const seen = viewSql(tableOf(Appointment), ctx.view, parameters);
  const conditions = [seen, filterSql(tableOf(Appointment), filter, parameters)];
  if (leadFirstName) {
    const account = parameters.add(ctx.account.id);
    const part = parameters.add(`%${leadFirstName.replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(
      `"lead_id" in (select "id" from lead where "account_id" = ${account} and "first_name" ilike ${part})`,
    );
  }
  return conditions.join(' and ');
}

/** The part of the list, and how long all of it is. */
export async function listAppointments(
  ctx: Context,
  listing: AppointmentListing,
): Promise<{ rows: AppointmentRecord[]; total: number }> {
  const parameters = new Parameters();
  const condition = conditionSql(ctx, listing, parameters);
  const [counted] = await ctx.query<{ count: number }>(
    `select count(*)::int as count from appointment where ${condition}`,
    parameters.values,
  );
  const part = `limit ${parameters.add(listing.limit)} offset ${parameters.add(listing.offset)}`;
  const rows = await ctx.query<Appointment & Record<string, unknown>>(
    `select ${tableOf(Appointment).selectList} from appointment where ${condition}
    order by "starts_at" desc, "id" desc ${part}`,
    parameters.values,
  );
  return { rows: await recordsOf(ctx, rows), total: counted?.count ?? 0 };
}
