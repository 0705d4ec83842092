import { DateTime } from 'luxon';
import { Appointment } from '../appointment/appointment.entity';
import type { Context } from '../context';
import { toInstant } from '../datetime';
import { type Filter, filterSql, Parameters } from '../filter';
import { tableOf } from '../table';
import { viewSql } from '../view';
import { Lead } from './lead.entity';

/** From now on, or the day, week (from Monday) or month of now in the account's time zone. */
export type Period = 'upcoming' | 'today' | 'week' | 'month';

/** How many leads have a value; null counts those that have none. */
export interface LeadCount {
  value: string | null;
  count: number;
}

/** Leads that the caller sees in numbers, and the appointments of a period. */
export interface LeadOverview {
  total: number;
  byStage: LeadCount[];
  bySource: LeadCount[];
  /** By their start, at most 100. */
  appointments: Appointment[];
}

const APPOINTMENTS_MAX = 100;

function filterOf(ctx: Context, period: Period): Filter {
  if (period === 'upcoming') return { startsAt: { gte: ctx.instant() } };
  const unit = period === 'today' ? 'day' : period;
  const now = DateTime.fromJSDate(ctx.now(), { zone: ctx.account.timeZone });
  const [from, until] = [now.startOf(unit), now.endOf(unit)].map((one) => toInstant(one.toJSDate()));
  return { startsAt: { gte: from, lte: until } };
}

interface CountRow extends Record<string, unknown> {
  stage: string | null;
  source: string | null;
  count: number;
  /** Which of the columns the row is not grouped by: bit 2 the stage, bit 1 the source. */
  left: number;
}

async function countRows(ctx: Context, filter: Filter): Promise<CountRow[]> {
  const parameters = new Parameters();
  const seen = viewSql(tableOf(Lead), ctx.view, parameters);
  const wanted = filterSql(tableOf(Lead), filter, parameters);
  const text = `select "stage", "source", count(*)::int as count, grouping("stage", "source") as left
    from lead where ${seen} and ${wanted} group by grouping sets (("stage"), ("source"), ()) order by count desc, 1, 2`;
  return ctx.query<CountRow>(text, parameters.values);
}

/** See {@link LeadOverview}. */
export async function overviewOf(ctx: Context, period: Period, filter: Filter): Promise<LeadOverview> {
  const rows = await countRows(ctx, filter);
  const countsBy = (key: 'stage' | 'source', left: number) =>
    rows.filter((row) => row.left === left).map((row) => ({ value: row[key], count: row.count }));
  const appointments = await ctx.repo(Appointment).slice({
    ...{ filter: filterOf(ctx, period), sort: { field: 'startsAt', direction: 'asc' } },
    ...{ limit: APPOINTMENTS_MAX, offset: 0 },
  });
  return {
    total: rows.find(({ left }) => left === 3)?.count ?? 0,
    byStage: countsBy('stage', 1),
    bySource: countsBy('source', 2),
    appointments,
  };
}
