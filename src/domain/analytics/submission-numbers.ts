import type { Context } from '../context';
import { boundsOf, type Period } from './period.rules';
import type { DayNumbers } from './series.rules';

/** How much one page was sent. */
export interface PageSubmissions {
  pageId: string;
  submissions: number;
}

const PAGES_MAX = 100;

// The quarters of an hour are summed first: they are few, and to tell their day takes time.
const perDay = (scope: string) => `
with quarter as (
  select at, sum(submissions) as submissions from submission_tally
  where account_id = $1 and at >= $2 and at < $3 and ${scope} group by at
)
select to_char((at at time zone $4)::date, 'YYYY-MM-DD') as day, sum(submissions)::int as submissions
from quarter group by (at at time zone $4)::date`;

const byPage = (scope: string) => `
select page_id as "pageId", sum(submissions)::int as submissions from submission_tally
where account_id = $1 and at >= $2 and at < $3 and ${scope}
group by 1 order by 2 desc, 1 limit ${PAGES_MAX}`;

/** Submissions of a page, or of all, by days of the account’s zone; days without any are missing. */
export function readSubmissionsPerDay(ctx: Context, period: Period, pageId: string | null) {
  const { id, timeZone } = ctx.account;
  const values = [id, ...boundsOf(period, timeZone), timeZone];
  type Row = DayNumbers<'submissions'> & Record<string, unknown>;
  return pageId === null
    ? ctx.query<Row>(perDay('true'), values)
    : ctx.query<Row>(perDay('page_id = $5'), [...values, pageId]);
}

/** The pages with submissions in the period, those with most of them first, at most a hundred. */
export function readSubmissionsByPage(ctx: Context, period: Period, pageId: string | null) {
  const { id, timeZone } = ctx.account;
  const values = [id, ...boundsOf(period, timeZone)];
  type Row = PageSubmissions & Record<string, unknown>;
  return pageId === null
    ? ctx.query<Row>(byPage('true'), values)
    : ctx.query<Row>(byPage('page_id = $4'), [...values, pageId]);
}
