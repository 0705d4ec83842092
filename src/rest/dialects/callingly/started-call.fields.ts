import { z } from 'zod';
import type { CallRecord } from '../../../domain/call/call-lookup';
import { recordNumber } from '../../codecs';
import { fieldMap } from '../../field-map';
import { listedCallFields } from './call.fields';
import { datetime, optionalText, phone, rowTime, rowTimeOutput, type Seen } from './codecs';

/** A call as it is asked for, and as the answer shows it: the ids that clients look for, and the call of a list. */
export const startedCall = fieldMap<Seen<CallRecord>>()({
  ...listedCallFields,
  call_id: { about: 'The same as id.', format: ({ number }) => number, output: z.int() },
  lead_id: {
    about: 'The lead, found by the phone number or made.',
    format: ({ lead }) => lead?.number,
    output: z.int().nullable(),
  },
  team_id: {
    about: 'The team whose agents are rung.',
    key: 'teamId',
    parse: recordNumber('The team_id field is required: give the id of a team.'),
    isRequired: true,
  },
  phone_number: {
    about: 'The number to call.',
    key: 'phone',
    parse: phone('phone_number'),
    isRequired: true,
  },
  first_name: {
    about: 'First name of a new lead; like all that follows, also of a known one who has none.',
    key: 'firstName',
    parse: optionalText('first_name'),
  },
  last_name: { about: 'Last name.', key: 'lastName', parse: optionalText('last_name') },
  email: { about: 'E-mail address.', key: 'email', parse: optionalText('email') },
  company: { about: 'Company.', key: 'company', parse: optionalText('company') },
  category: {
    about: 'What the lead is interested in.',
    key: 'category',
    parse: optionalText('category'),
  },
  source: {
    ...listedCallFields.source,
    about: 'What makes the call happen; of a new lead, where it comes from.',
    parse: optionalText('source'),
  },
  crm_id: { about: 'The lead’s identifier in a CRM.', key: 'crmId', parse: optionalText('crm_id') },
  scheduled_at: {
    about: 'When it is to be made; at once when not given or past.',
    key: 'scheduledAt',
    parse: datetime('scheduled_at'),
    format: ({ scheduledAt }) => scheduledAt && rowTime(scheduledAt),
    output: rowTimeOutput.nullable(),
  },
});
