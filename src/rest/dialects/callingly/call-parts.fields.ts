import { z } from 'zod';
import type { Agent } from '../../../domain/agent/agent.entity';
import type { Lead } from '../../../domain/lead/lead.entity';
import { joinName } from '../../../domain/lead/lead.rules';
import type { Note } from '../../../domain/note/note.entity';
import type { PhoneNumber } from '../../../domain/phone-number/phone-number.entity';
import type { Team } from '../../../domain/team/team.entity';
import { fieldMap } from '../../field-map';
import { phoneFormatted, rowTime, rowTimeOutput } from './codecs';

type Person = Pick<Agent, 'number' | 'firstName' | 'lastName' | 'email' | 'phone'>;

const personFields = {
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  name: { about: 'Full name.', format: (person: Person) => joinName(person), output: z.string() },
  fname: { about: 'First name.', key: 'firstName', output: z.string() },
  lname: { about: 'Last name.', key: 'lastName', output: z.string() },
  email: { about: 'E-mail address.', key: 'email', output: z.string(), isOmittedWhenEmpty: true },
  phone_number: { about: 'Phone number.', key: 'phone', output: z.string(), isOmittedWhenEmpty: true },
};

/** The agent of a call. */
export const user = fieldMap<Agent>()(personFields);

/** A value that the vendor has and this program does not: always null. */
export const unknown = { format: () => null, output: z.null() };

/** The lead’s identifier where it came from; the one in the CRM when it has none there. */
export const sourceId = {
  about: 'Its identifier at the source, or else in the CRM (`crm_id` of a call).',
  format: (lead: Pick<Lead, 'sourceId' | 'crmId'>) => lead.sourceId ?? lead.crmId,
  output: z.string().nullable(),
};

/** The lead of a call. */
export const calledLead = fieldMap<Lead>()({
  ...personFields,
  label: { about: 'What the lead is shown as.', format: (lead) => joinName(lead), output: z.string() },
  phone_number_formatted: {
    about: 'Phone number for people.',
    format: ({ phone }) => phoneFormatted(phone),
    output: z.string(),
  },
  source: { about: 'Where the lead came from.', key: 'source', output: z.string().nullable() },
  crm: { about: 'Not known here.', ...unknown },
  source_id: sourceId,
  deleted_at: { about: 'Always null: the call of a lead that was deleted shows none.', ...unknown },
});

/** The team of a call, or of a lead. */
export const profile = fieldMap<Team>()({
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  name: { about: 'Name.', key: 'name', output: z.string() },
});

/** The account’s number of a call. */
export const ownNumber = fieldMap<PhoneNumber>()({
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  name: { about: 'Name.', key: 'name', output: z.string().nullable() },
  phone_number: { about: 'The number.', key: 'phone', output: z.string() },
});

/** A note on a call. */
export const note = fieldMap<Note>()({
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  content: { about: 'The text.', key: 'body', output: z.string() },
  created_at: {
    about: 'When it was written.',
    format: ({ createdAt }) => rowTime(createdAt),
    output: rowTimeOutput,
  },
});

/** An object, or the empty list that the vendor answers where there is none. */
export const orEmpty = (object: z.ZodType) => z.union([object, z.array(z.null()).max(0)]);
