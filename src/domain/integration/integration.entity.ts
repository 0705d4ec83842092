import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { EnumField, InstantField, IntField, TextField } from '../field';

export const integrationProvider = enumeration('IntegrationProvider', 'What can be connected.', {
  zoom: 'Zoom, which makes online meetings.',
  google_calendar: 'Google Calendar, which is kept in step and makes Google Meet links.',
});
/** What can be connected. */
export type IntegrationProvider = ValueOf<typeof integrationProvider>;

export const integrationStatus = enumeration('IntegrationStatus', 'How a connection does.', {
  connected: 'It works.',
  failing: 'The provider cannot be reached or refuses the credentials.',
});
/** How a connection does. */
export type IntegrationStatus = ValueOf<typeof integrationStatus>;

const OWN = { nullable: true, write: 'never', hidden: true, filterable: false } as const;

@NounEntity('A provider that the account has connected; at most one connection per provider.', {
  name: 'integration',
  plural: 'integrations',
  label: 'Integration',
  verbs: { connected: 'was connected', updated: 'was changed', disconnected: 'was disconnected' },
})
export class Integration extends TenantEntity {
  @EnumField(integrationProvider, 'What is connected.', { write: 'never' })
  provider!: IntegrationProvider;

  @EnumField(integrationStatus, 'How it does.', { write: 'never' })
  status!: IntegrationStatus;

  @TextField('What went wrong last; empty when it works.', {
    nullable: true,
    write: 'never',
    filterable: false,
  })
  lastError!: string | null;

  @InstantField('When that was first seen.', { nullable: true, write: 'never' })
  lastErrorAt!: string | null;

  @TextField('The Google calendar that is kept in step.', {
    nullable: true,
    write: 'never',
    filterable: false,
  })
  calendarId!: string | null;

  @TextField('Its credentials, encrypted.', { write: 'never', hidden: true, filterable: false })
  credentials!: string;

  @TextField('Time zone of the Google calendar.', OWN)
  timeZone!: string | null;

  @TextField('Where the next look at the changes of the Google calendar begins.', OWN)
  syncToken!: string | null;

  @TextField('The page of these changes that is read next.', OWN)
  pageToken!: string | null;

  @IntField('Counts the complete readings of the Google calendar.', {
    write: 'never',
    hidden: true,
    filterable: false,
  })
  syncRound!: number;

  @InstantField('When its changes are looked at next.', OWN)
  syncAt!: string | null;
}
