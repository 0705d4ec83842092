import type { Context } from '../context';
import { PAGE_MAX } from '../page';
import { CalendarEvent } from './calendar-event.entity';

/** First and last instant of a stretch of time, both part of it; one that is not given is no limit. */
export interface TimeRange {
  from?: string | undefined;
  to?: string | undefined;
}

/** All events that start in the range, in the order of their starts; read batch by batch. */
export async function eventsBetween(ctx: Context, { from, to }: TimeRange): Promise<CalendarEvent[]> {
  const request = {
    filter: { startsAt: { gte: from, lte: to } },
    sort: { field: 'startsAt', direction: 'asc' },
    first: PAGE_MAX,
  } as const;
  const events: CalendarEvent[] = [];
  for (let after: string | undefined; ; ) {
    const page = await ctx.repo(CalendarEvent).page({ ...request, ...(after && { after }) });
    events.push(...page.rows);
    const last = page.rows.at(-1);
    if (!last || !page.hasNextPage) return events;
    after = page.cursorOf(last);
  }
}
