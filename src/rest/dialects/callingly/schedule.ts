import { z } from 'zod';
import { wholeWeek } from '../../../domain/agent/agent.rules';
import type { ScheduleDay, ScheduleWindow } from '../../../domain/agent/schedule';
import { flag, missing } from './codecs';

const LABELS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const ALL_DAY = 'allday';
const NOT_AVAILABLE = 'notavailable';

const BAD_LIST = 'The schedule must be a list of 1 to 7 days.';
const BAD_DAY = 'The day must be from 0 (Sunday) to 6 (Saturday).';
const BAD_START = `The start must be ${ALL_DAY}, ${NOT_AVAILABLE} or a time like 06:00:00.`;
const BAD_END = 'The end must be a time like 20:00:00.';
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$|^24:00(:00)?$/;

const withSeconds = (time: string) => (time.length === 5 ? `${time}:00` : time);

const time = z
  .object(
    {
      start: z.string({ error: BAD_START }).describe(`A time like 06:00:00, ${ALL_DAY} or ${NOT_AVAILABLE}.`),
      end: z.string({ error: BAD_END }).nullish().describe('A time like 20:00:00.'),
    },
    { error: 'The times must be objects with start and end.' },
  )
  .superRefine(({ start, end }, context) => {
    if (start === ALL_DAY || start === NOT_AVAILABLE) return;
    if (!TIME.test(start)) context.addIssue({ code: 'custom', path: ['start'], message: BAD_START });
    if (!end || !TIME.test(end)) context.addIssue({ code: 'custom', path: ['end'], message: BAD_END });
  });

type Time = z.infer<typeof time>;

/** The hours that are worked; of a whole day the end is only kept to be shown again. */
function windowsOf(times: Time[]): ScheduleWindow[] {
  const allDay = times.find(({ start }) => start === ALL_DAY);
  const worked = allDay ? [{ ...allDay, start: '00:00:00' }] : times;
  return worked
    .filter(({ end }) => !allDay || (end && TIME.test(end) && withSeconds(end) > '00:00:00'))
    .map(({ start, end }) => ({ start: withSeconds(start), end: withSeconds(end as string) }));
}

const scheduleDay = z
  .object(
    {
      day: z
        .union([z.literal([0, 1, 2, 3, 4, 5, 6]), z.enum(['0', '1', '2', '3', '4', '5', '6'])], {
          error: BAD_DAY,
        })
        .transform(Number)
        .describe('Day of the week, 0 is Sunday.'),
      is_available: flag('is_available').optional().describe('Whether the agent works on this day.'),
      times: z
        .array(time, { error: 'The times must be a list.' })
        .max(10, 'The times must be at most 10.')
        .default([])
        .describe('Hours of work.'),
    },
    { error: 'Each day must be an object.' },
  )
  .transform(({ day, is_available: isSaid, times }): ScheduleDay => {
    const worked = times.filter(({ start }) => start !== NOT_AVAILABLE);
    const isWithoutHours = worked.length === 0 && (times.length > 0 || isSaid === undefined);
    return {
      day,
      isAvailable: (isSaid ?? true) && !isWithoutHours,
      isAllDay: worked.some(({ start }) => start === ALL_DAY),
      windows: windowsOf(worked),
    };
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The days of a week, as a list, under `schedule`, or there as JSON text. A day that is not given is free of work. */
export const scheduleBody = z
  .union([z.array(z.unknown()), z.object({ schedule: z.unknown().optional() })], { error: BAD_LIST })
  .transform((given) => {
    const schedule = Array.isArray(given) ? given : given.schedule;
    return { schedule: typeof schedule === 'string' ? parseJson(schedule) : schedule };
  })
  .pipe(
    z.object({
      schedule: z
        .array(scheduleDay, { error: ({ input }) => (input === undefined ? missing('schedule') : BAD_LIST) })
        .min(1, BAD_LIST)
        .max(7, BAD_LIST),
    }),
  )
  .transform(({ schedule }) => schedule);

const timeOutput = z.object({ start: z.string(), end: z.string() });

/** What {@link formatSchedule} looks like. */
export const scheduleOutput = z.array(
  z.object({
    label: z.literal([...LABELS]),
    day: z.int(),
    is_available: z.boolean(),
    times: z.array(timeOutput),
  }),
);

function timesOf({ isAllDay, windows }: ScheduleDay): z.infer<typeof timeOutput>[] {
  if (isAllDay) return [{ start: ALL_DAY, end: withSeconds(windows[0]?.end ?? '23:59:59') }];
  return windows.map(({ start, end }) => ({ start: withSeconds(start), end: withSeconds(end) }));
}

/** A week in the vendor's words: seven days from Sunday on. */
export function formatSchedule(schedule: readonly ScheduleDay[]): z.infer<typeof scheduleOutput> {
  return wholeWeek(schedule).map((day) => ({
    label: LABELS[day.day] as (typeof LABELS)[number],
    day: day.day,
    is_available: day.isAvailable,
    times: timesOf(day),
  }));
}
