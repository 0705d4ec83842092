import { Call } from '../call/call.entity';
import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import {
  BooleanField,
  EnumField,
  InstantField,
  ObjectListField,
  PhoneField,
  ReferenceField,
  TextField,
} from '../field';
import { Lead } from '../lead/lead.entity';
import { hasOwnLead } from '../lead/lead.rules';
import { BelongsTo } from '../relation';
import { Attendee } from './attendee';

export const conferencing = enumeration('Conferencing', 'How the people of an event meet online.', {
  none: 'Not online.',
  google_meet: 'Google Meet.',
  zoom: 'Zoom.',
});
/** How the people of an event meet online. */
export type Conferencing = ValueOf<typeof conferencing>;

export const calendarSource = enumeration('CalendarSource', 'Where a calendar event was made.', {
  local: 'Here.',
  google: 'In Google Calendar.',
});
/** Where a calendar event was made. */
export type CalendarSource = ValueOf<typeof calendarSource>;

export const conferenceWarning = enumeration(
  'ConferenceWarning',
  'Why an event has no online meeting, or one that is not up to date.',
  {
    zoom_not_connected:
      'Zoom is not connected: the meeting is made when it is, unless the event is over by then.',
    google_not_connected:
      'Google Calendar is not connected: the meeting is made when it is, unless the event is over by then.',
    zoom_unavailable: 'Zoom could not be reached, or refused: it is tried again.',
    google_unavailable: 'Google could not be reached, or refused: it is tried again.',
  },
);
/** Why an event has no online meeting, or one that is not up to date. */
export type ConferenceWarning = ValueOf<typeof conferenceWarning>;

@NounEntity('An entry in the account’s calendar.', {
  name: 'calendarEvent',
  plural: 'calendarEvents',
  label: 'Calendar event',
  agentSees: (agent) => `("calendar_event"."lead_id" is null or ${hasOwnLead('calendar_event', agent)})`,
})
export class CalendarEvent extends TenantEntity {
  @TextField('Title.', { required: true, min: 1, max: 255 })
  title!: string;

  @TextField('Description.', { nullable: true, max: 500, filterable: false })
  description!: string | null;

  @InstantField('When it starts.', { required: true, sortable: true })
  startsAt!: string;

  @InstantField('When it ends, after it starts.', { required: true })
  endsAt!: string;

  @BooleanField('Whether it takes whole days; then nobody meets online.')
  isAllDay!: boolean;

  @ObjectListField(() => Attendee, 'Who is invited; at most 50.', { max: 50 })
  attendees!: Attendee[];

  @EnumField(conferencing, 'How its people meet online.')
  conferencing!: Conferencing;

  @TextField('Address of the online meeting; empty until the provider has made it.', {
    nullable: true,
    max: 2000,
    write: 'never',
    filterable: false,
  })
  conferenceUrl!: string | null;

  @TextField('The provider’s identifier of the meeting.', {
    nullable: true,
    write: 'never',
    filterable: false,
  })
  conferenceId!: string | null;

  @EnumField(conferenceWarning, 'Why the meeting is not there or not up to date; empty when all is well.', {
    nullable: true,
    write: 'never',
  })
  conferenceWarning!: ConferenceWarning | null;

  @PhoneField('Number of the caller it was booked for; links it to the lead and call of that number.', {
    nullable: true,
  })
  callerPhone!: string | null;

  @TextField('Name of that caller.', { nullable: true, max: 200 })
  callerName!: string | null;

  @InstantField('When a text was written that confirms the event to the caller; it is written once.', {
    nullable: true,
    write: 'never',
  })
  confirmationSentAt!: string | null;

  @EnumField(calendarSource, 'Where it was made.', { write: 'never' })
  source!: CalendarSource;

  @ReferenceField(() => Lead, 'The lead of the caller’s number.', { nullable: true, write: 'never' })
  leadId!: string | null;

  @ReferenceField(() => Call, 'The latest call of that lead when it was booked.', {
    nullable: true,
    write: 'never',
  })
  callId!: string | null;

  @BelongsTo(() => Lead, 'leadId', 'The lead of the caller’s number.', { nullable: true })
  lead?: Lead | null;

  @BelongsTo(() => Call, 'callId', 'The latest call of that lead when it was booked.', { nullable: true })
  call?: Call | null;
}
