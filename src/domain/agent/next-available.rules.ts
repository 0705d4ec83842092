import { DateTime } from 'luxon';
import type { Agent } from './agent.entity';
import { isAgentAvailable, secondsOfDay } from './agent.rules';
import type { ScheduleDay } from './schedule';

const DAYS = 8;
const SECOND_MS = 1000;

type Availability = Pick<
  Agent,
  'isActive' | 'isDoNotDisturb' | 'doNotDisturbUntil' | 'schedule' | 'timeZone'
>;

/** The second at which the zone's offset changes between two moments, or undefined when it does not. */
function changeOfOffset(start: DateTime, end: DateTime): DateTime | undefined {
  if (start.offset === end.offset) return undefined;
  let [before, after] = [start.toMillis(), end.toMillis()];
  while (after - before > SECOND_MS) {
    const middle = Math.floor((before + after) / 2 / SECOND_MS) * SECOND_MS;
    if (DateTime.fromMillis(middle, { zone: start.zone }).offset === start.offset) before = middle;
    else after = middle;
  }
  return DateTime.fromMillis(after, { zone: start.zone });
}

function startsOfWork(schedule: readonly ScheduleDay[], day: DateTime): DateTime[] {
  const hours = schedule.find((one) => one.day === day.weekday % 7);
  if (!hours?.isAvailable) return [];
  if (hours.isAllDay) return [day];
  return hours.windows.map(({ start }) => {
    const seconds = secondsOfDay(start);
    const [hour, minute] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return day.set({ hour, minute, second: seconds % 60 });
  });
}

/** The moments of a day at which work may start; where clocks are set back, an hour of the day comes twice. */
function candidatesOf(schedule: readonly ScheduleDay[], day: DateTime): DateTime[] {
  const starts = startsOfWork(schedule, day);
  const change = changeOfOffset(day, day.plus({ days: 1 }).startOf('day'));
  if (!change) return starts;
  const shift = day.offset - change.offset;
  return [...starts, change, ...starts.map((start) => start.plus({ minutes: shift }))];
}

/** The first moment from `from` on at which a call can be put through to the agent, within a week; or undefined. */
export function nextAvailableAt(agent: Availability, from: Date): Date | undefined {
  const until = agent.doNotDisturbUntil ? Math.max(Date.parse(agent.doNotDisturbUntil), from.getTime()) : 0;
  const earliest = new Date(Math.max(until, from.getTime()));
  const today = DateTime.fromJSDate(earliest, { zone: agent.timeZone }).startOf('day');
  const candidates = Array.from({ length: DAYS }, (_, days) => today.plus({ days }).startOf('day'))
    .flatMap((day) => candidatesOf(agent.schedule, day))
    .map((at) => at.toJSDate())
    .filter((at) => at > earliest);
  return [earliest, ...candidates.toSorted((a, b) => a.getTime() - b.getTime())].find((at) =>
    isAgentAvailable(agent, at),
  );
}
