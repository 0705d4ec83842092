import { Call } from '../call/call.entity';
import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import { invalid } from '../error';
import { checkInterval } from '../interval';
import { Lead } from '../lead/lead.entity';
import type { Attendee } from './attendee';
import { CalendarEvent } from './calendar-event.entity';

function uniqueByEmail(attendees: Attendee[]): Attendee[] {
  return [
    ...new Map(attendees.toReversed().map((one) => [one.email.toLowerCase(), one])).values(),
  ].toReversed();
}

async function linkCaller(ctx: Context, draft: Record<string, unknown>): Promise<void> {
  const phone = draft.callerPhone as string | null;
  const lead = phone ? await ctx.repo(Lead).findBy({ phone }) : undefined;
  const call = lead && (await ctx.repo(Call).findBy({ leadId: lead.id }));
  draft.leadId = lead?.id ?? null;
  draft.callId = call?.id ?? null;
}

/** Calendar events. The caller's number links an event to the newest lead and call that have it. */
export const calendarEvents: Crud<CalendarEvent> = crud(CalendarEvent, {
  async prepare(ctx, draft, current) {
    const event = { ...current, ...draft } as Partial<CalendarEvent>;
    checkInterval(event);
    if (event.isAllDay && (event.conferencing ?? 'none') !== 'none') {
      throw invalid({ conferencing: ['Video conferencing cannot be enabled for all-day events'] });
    }
    if (draft.attendees) draft.attendees = uniqueByEmail(draft.attendees as Attendee[]);
    if (draft.callerPhone !== undefined) await linkCaller(ctx, draft);
  },
});
