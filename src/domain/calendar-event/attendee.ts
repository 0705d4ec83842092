import { InputType, ObjectType } from 'type-graphql';
import { enumeration, type ValueOf } from '../enumeration';
import { EmailField, EnumField, TextField } from '../field';

export const responseStatus = enumeration('ResponseStatus', 'What an attendee answered.', {
  needs_action: 'Nothing yet.',
  accepted: 'Comes.',
  declined: 'Does not come.',
  tentative: 'May come.',
});
/** What an attendee answered. */
export type ResponseStatus = ValueOf<typeof responseStatus>;

/** Somebody invited to a calendar event. */
@ObjectType('Attendee', { description: 'Somebody invited to a calendar event.' })
@InputType('AttendeeInput', { description: 'Somebody invited to a calendar event.' })
export class Attendee {
  @EmailField('E-mail address; one entry per address counts.', { required: true })
  email!: string;

  @TextField('Name for display.', { nullable: true, max: 200 })
  displayName?: string | null;

  @EnumField(responseStatus, 'What they answered; nothing yet when not given.', { nullable: true })
  responseStatus?: ResponseStatus | null;
}
