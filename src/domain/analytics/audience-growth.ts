import type { Context } from '../context';
import type { Period } from './period.rules';

/** What came to an audience and what left it in a stretch of time, and how many there were at its end. */
export interface GrowthStep {
  /** First day of the stretch in the account's zone. */
  date: string;
  added: number;
  removed: number;
  total: number;
}

// Days of the zone, whatever the clocks do; a stretch that has begun before "from" counts from there on.
const GROWTH = `
with step as (
  select day, lead(day, 1, $4::date + 1) over (order by day) as next_day
  from (
    select distinct greatest(date_trunc($5, day)::date, $3::date) as day
    from generate_series($3::date::timestamp, $4::date::timestamp, interval '1 day') day
  ) one
), change as (
  select (at at time zone $6)::date as day, sum(added) as added, sum(removed) as removed
  from (
    select at, sum(added) as added, sum(removed) as removed from contact_tally
    where account_id = $1 and ($2::uuid is null or audience_id = $2) and at < ($4::date + 1)::timestamp at time zone $6
    group by at
  ) quarter
  group by 1
), before as (
  select coalesce(sum(added - removed), 0) as total from change where day < $3::date
), grown as (
  select step.day, coalesce(sum(added), 0) as added, coalesce(sum(removed), 0) as removed
  from step left join change on change.day >= step.day and change.day < step.next_day group by step.day
)
select to_char(day, 'YYYY-MM-DD') as date, added::int, removed::int,
  ((select total from before) + sum(added - removed) over (order by day))::int as total
from grown order by day`;

/** Growth of an audience, or of all, deleted ones included, by stretches of the period in the account's zone. */
export function readGrowth(ctx: Context, period: Period, audienceId: string | null): Promise<GrowthStep[]> {
  const { from, to, interval } = period;
  const values = [ctx.account.id, audienceId, from, to, interval, ctx.account.timeZone];
  return ctx.query<GrowthStep & Record<string, unknown>>(GROWTH, values, 'audience growth');
}
