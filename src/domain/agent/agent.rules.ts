import { DateTime } from 'luxon';
import { type FieldMessages, invalid } from '../error';
import type { Agent } from './agent.entity';
import type { ScheduleDay, ScheduleWindow } from './schedule';

const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$|^24:00(:00)?$/;

/** Every day from midnight to midnight: what an agent works until a schedule is set. */
export const ALWAYS: readonly ScheduleDay[] = [0, 1, 2, 3, 4, 5, 6].map((day) => ({
  day,
  isAvailable: true,
  isAllDay: true,
  windows: [],
}));

/** Seconds from midnight of a wall-clock text `HH:MM` or `HH:MM:SS`. */
export function secondsOfDay(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

function isInside({ start, end }: ScheduleWindow, second: number): boolean {
  return second >= secondsOfDay(start) && second < secondsOfDay(end);
}

/** Whether the schedule covers the moment; wall-clock time counts, so a change of summer time moves nothing. */
export function isWithinSchedule(schedule: readonly ScheduleDay[], timeZone: string, now: Date): boolean {
  const local = DateTime.fromJSDate(now, { zone: timeZone });
  const today = schedule.find(({ day }) => day === local.weekday % 7);
  if (!today?.isAvailable) return false;
  const second = local.hour * 3600 + local.minute * 60 + local.second;
  return today.isAllDay || today.windows.some((window) => isInside(window, second));
}

/** What of an agent says whether a call can be put through. */
export const AVAILABILITY_FIELDS = [
  'isActive',
  'isDoNotDisturb',
  'doNotDisturbUntil',
  'schedule',
  'timeZone',
] as const;
/** See {@link AVAILABILITY_FIELDS}. */
export type Availability = Pick<Agent, (typeof AVAILABILITY_FIELDS)[number]>;

/** Whether do-not-disturb holds at the moment. */
export function isDisturbable(agent: Availability, now: Date): boolean {
  const until = agent.doNotDisturbUntil && new Date(agent.doNotDisturbUntil);
  return until ? now >= until : !agent.isDoNotDisturb;
}

/** Whether a call can be put through to the agent at the moment. */
export function isAgentAvailable(agent: Availability, now: Date): boolean {
  return agent.isActive && isDisturbable(agent, now) && isWithinSchedule(agent.schedule, agent.timeZone, now);
}

/** The week as seven days from Sunday on; a day that the schedule lacks is free of work. */
export function wholeWeek(schedule: readonly ScheduleDay[]): ScheduleDay[] {
  return [0, 1, 2, 3, 4, 5, 6].map(
    (day) =>
      schedule.find((one) => one.day === day) ?? { day, isAvailable: false, isAllDay: false, windows: [] },
  );
}

function windowProblem({ start, end }: ScheduleWindow): string | undefined {
  if (!TIME.test(start) || !TIME.test(end)) return `${start}–${end} is not written as HH:MM:SS`;
  return secondsOfDay(start) < secondsOfDay(end) ? undefined : `${start}–${end} must end after it starts`;
}

function dayProblem({ windows }: ScheduleDay): string | undefined {
  const broken = windows.map(windowProblem).find(Boolean);
  if (broken) return broken;
  const sorted = [...windows].sort((a, b) => secondsOfDay(a.start) - secondsOfDay(b.start));
  const overlap = sorted.find((window, at) => {
    const next = sorted[at + 1];
    return next && secondsOfDay(next.start) < secondsOfDay(window.end);
  });
  return overlap && `${overlap.start}–${overlap.end} overlaps another window`;
}

/** Throws INVALID for a schedule with a day twice, or with windows that are malformed, reversed or overlapping. */
export function checkSchedule(schedule: readonly ScheduleDay[]): void {
  const fields: FieldMessages = {};
  schedule.forEach((day, at) => {
    const isTwice = schedule.findIndex((other) => other.day === day.day) < at;
    const problem = isTwice ? `day ${day.day} stands twice` : dayProblem(day);
    if (problem) fields[`schedule.${at}`] = [`Schedule: ${problem}.`];
  });
  if (Object.keys(fields).length > 0) throw invalid(fields);
}
