import { InputType, ObjectType } from 'type-graphql';
import { BooleanField, IntField, ObjectListField, TextField } from '../field';

/** Hours of one day in the agent's zone; `end` may be `24:00:00`. */
@ObjectType('ScheduleWindow', { description: 'Hours of one day, in the agent’s zone.' })
@InputType('ScheduleWindowInput', { description: 'Hours of one day, in the agent’s zone.' })
export class ScheduleWindow {
  @TextField('First second of the hours, `HH:MM:SS`.', { required: true })
  start!: string;

  @TextField('First second after the hours, `HH:MM:SS`, at most `24:00:00`.', { required: true })
  end!: string;
}

/** One day of a weekly schedule. */
@ObjectType('ScheduleDay', { description: 'One day of a weekly schedule.' })
@InputType('ScheduleDayInput', { description: 'One day of a weekly schedule.' })
export class ScheduleDay {
  @IntField('Day of the week, 0 is Sunday.', { required: true, min: 0, max: 6 })
  day!: number;

  @BooleanField('Whether the agent works on this day.', { required: true })
  isAvailable!: boolean;

  @BooleanField('Works from midnight to midnight; the windows do not count then.', { required: true })
  isAllDay!: boolean;

  @ObjectListField(() => ScheduleWindow, 'Hours of work.', { required: true, max: 10 })
  windows!: ScheduleWindow[];
}
