import { z } from 'zod';
import type { Audience } from '../../../domain/audience/audience.entity';
import type { AudienceGroup } from '../../../domain/audience/audience-group.entity';
import type { AudienceRecord } from '../../../domain/audience/audience-lookup';
import type { AudienceStats } from '../../../domain/audience/audience-stats';
import { contactStatus } from '../../../domain/contact/contact.entity';
import { fieldMap } from '../../field-map';
import { optionalText, requiredText, times } from './codecs';

/** An audience in the vendor's words. */
export const audience = fieldMap<AudienceRecord>()({
  id: { about: 'Identifier.', format: ({ number }) => number, output: z.int() },
  name: { about: 'Name.', key: 'name', parse: requiredText('name'), isRequired: true, output: z.string() },
  description: {
    about: 'What it is for.',
    key: 'description',
    parse: optionalText('description', 10_000),
    output: z.string().nullable(),
  },
  email_count: { about: 'Contacts with an e-mail address.', key: 'emailCount', output: z.int() },
  phone_count: { about: 'Contacts with a phone number.', key: 'phoneCount', output: z.int() },
  contact_count: { about: 'Contacts.', key: 'contactCount', output: z.int() },
  groups_count: { about: 'Groups.', key: 'groupCount', output: z.int() },
  ...times,
});

/** A group with its audience. */
type ShownGroup = { audience: Audience; group: AudienceGroup };

/** A group of an audience in the vendor's words. */
export const group = fieldMap<ShownGroup>()({
  id: { about: 'Identifier.', format: ({ group: { number } }) => number, output: z.int() },
  audience_id: { about: 'The audience.', format: ({ audience: { number } }) => number, output: z.int() },
  name: {
    about: 'Name, unique within the audience.',
    key: 'name',
    parse: requiredText('name', 100),
    isRequired: true,
    format: ({ group: { name } }) => name,
    output: z.string(),
  },
  contact_count: {
    about: 'Contacts.',
    format: ({ group: { contactCount } }) => contactCount,
    output: z.int(),
  },
  created_at: { ...times.created_at, format: ({ group: row }) => times.created_at.format(row) },
});

/** A group as its audience shows it. */
export const groupInAudience = fieldMap<AudienceGroup>()({
  id: { about: 'Identifier.', format: ({ number }) => number, output: z.int() },
  name: { about: 'Name.', key: 'name', output: z.string() },
  contact_count: { about: 'Contacts.', key: 'contactCount', output: z.int() },
});

const countOf = (wanted: string) => (stats: AudienceStats) =>
  stats.statusCounts.find(({ status }) => status === wanted)?.count ?? 0;

/** How an audience stands now. */
export const audienceStats = fieldMap<AudienceStats>()({
  contact_count: { about: 'Contacts.', key: 'contactCount', output: z.int() },
  email_count: { about: 'Contacts with an e-mail address.', key: 'emailCount', output: z.int() },
  phone_count: { about: 'Contacts with a phone number.', key: 'phoneCount', output: z.int() },
  groups_count: { about: 'Groups.', key: 'groupCount', output: z.int() },
  ...Object.fromEntries(
    contactStatus.values.map((status) => [
      status,
      { about: `Contacts that are ${status}.`, format: countOf(status), output: z.int() },
    ]),
  ),
});

/** An audience with its first hundred groups and how it stands now. */
export const audienceDetailOutput = audience.output().extend({
  groups: z.array(groupInAudience.output()).describe('Its first hundred groups.'),
  stats: audienceStats.output().describe('How it stands now.'),
});
