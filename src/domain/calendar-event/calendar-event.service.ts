import { Call } from '../call/call.entity';
import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import { checkInterval } from '../interval';
import { Lead } from '../lead/lead.entity';
import type { Attendee } from './attendee';
import { CalendarEvent } from './calendar-event.entity';
import { eventsBetween, type TimeRange } from './calendar-range';
import { type ConferenceSwitches, switchConferencing } from './conferencing.rules';
import { confirmEvent } from './confirmation';
import { conferenceColumns, wishLinks } from './event-links';
import { visitSetAside } from './link-visit';

type Draft = Record<string, unknown>;

function uniqueByEmail(attendees: Attendee[]): Attendee[] {
  const seen = new Set<string>();
  return attendees.filter(({ email }) => seen.size < seen.add(email.toLowerCase()).size);
}

/** Links an event to the newest lead of the number that the caller sees and its call, and confirms it to the person. */
async function linkCaller(ctx: Context, draft: Draft, event: CalendarEvent): Promise<void> {
  const { callerPhone: phone } = event;
  const confirmed = await confirmEvent(ctx, event);
  if (confirmed) draft.confirmationSentAt = confirmed.at;
  const leadId = confirmed?.leadId ?? (phone ? (await ctx.repo(Lead).findBy({ phone }))?.id : undefined);
  const call = leadId && (await ctx.repo(Call).findBy({ leadId }));
  draft.leadId = leadId ?? null;
  draft.callId = call ? call.id : null;
}

const base: Crud<CalendarEvent> = crud(CalendarEvent, {
  async prepare(ctx, draft, current) {
    const event = { conferencing: 'none', ...current, ...draft } as CalendarEvent;
    checkInterval(event);
    if (event.isAllDay && event.conferencing !== 'none') {
      throw invalid({ conferencing: ['Video conferencing cannot be enabled for all-day events'] });
    }
    if (draft.attendees) draft.attendees = uniqueByEmail(draft.attendees as Attendee[]);
    if (draft.callerPhone !== undefined) await linkCaller(ctx, draft, event);
    Object.assign(draft, await conferenceColumns(ctx, event, current));
  },

  async complete(ctx, row, draft) {
    await wishLinks(ctx, { id: row.id, before: row, after: { ...row, ...draft } });
    return {};
  },

  beforeDelete: (ctx, row) => wishLinks(ctx, { id: row.id, before: row, after: undefined }),
});

/** The event after its providers were seen to, as far as that was possible within the request. */
async function seenTo(ctx: Context, event: CalendarEvent): Promise<CalendarEvent> {
  if (!(await visitSetAside(ctx, event.id))) return event;
  return (await ctx.repo(CalendarEvent).find(event.id)) ?? event;
}

const seenToEach: Crud<CalendarEvent> = {
  ...base,
  create: async (ctx, input) => seenTo(ctx, await base.create(ctx, input)),
  update: async (ctx, id, input) => seenTo(ctx, await base.update(ctx, id, input)),
  delete: async (ctx, id) => {
    const event = await base.delete(ctx, id);
    await visitSetAside(ctx, event.id);
    return event;
  },
};

/**
 * Calendar events. The caller's number links an event to the newest lead and call that have it. What providers are
 * to do comes after the save: what they fail to do stays a warning of the event until a worker has done it.
 */
export const calendarEvents = {
  ...seenToEach,

  /** All events that start in the range, in the order of their starts. */
  async between(ctx: Context, range: TimeRange): Promise<CalendarEvent[]> {
    ctx.require('calendarEvents:read');
    return eventsBetween(ctx, range);
  },

  /** Changes an event and switches its providers one by one. Throws NOT_FOUND, and INVALID when two would be on. */
  async updateSwitched(
    ctx: Context,
    id: RowRef,
    input: object,
    switches: ConferenceSwitches,
  ): Promise<CalendarEvent> {
    ctx.require('calendarEvents:write');
    const event = await ctx.transaction(async (tx) => {
      const { conferencing } = await tx.repo(CalendarEvent).lock(id);
      return base.update(tx, id, { ...input, conferencing: switchConferencing(conferencing, switches) });
    });
    return seenTo(ctx, event);
  },
};
