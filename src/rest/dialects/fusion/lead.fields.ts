import { z } from 'zod';
import { joinName } from '../../../domain/lead/lead.rules';
import type { LeadRecord } from '../../../domain/lead/lead-lookup';
import { text, wordFor } from '../../codecs';
import { fieldMap } from '../../field-map';
import { campaignId, customFields, email, kind, phone, STATUS_WORDS, tags } from './codecs';

const BAD_NAME = 'Name must be between 2 and 100 characters';
const BAD_COMPANY = 'Company must be at most 100 characters';
const statusWord = wordFor(STATUS_WORDS);

/** A lead in the vendor's words. */
export const lead = fieldMap<LeadRecord>()({
  id: { about: 'Identifier.', key: 'id', output: z.uuid() },
  name: {
    about: 'Full name.',
    key: 'name',
    parse: text({ min: 2, max: 100, missing: 'Name is required', wrong: BAD_NAME }),
    isRequired: true,
    format: ({ firstName, lastName }) => joinName({ firstName, lastName }),
    output: z.string(),
  },
  phone: {
    about: 'Phone number; answered as E.164.',
    key: 'phone',
    parse: phone,
    isRequired: true,
    output: z.string(),
  },
  email: { about: 'E-mail address.', key: 'email', parse: email, output: z.string().nullable() },
  company: {
    about: 'Company.',
    key: 'company',
    parse: text({ max: 100, missing: BAD_COMPANY, wrong: BAD_COMPANY }).nullable(),
    output: z.string().nullable(),
  },
  status: {
    about: 'How far the calls have come.',
    format: ({ dialStatus }) => statusWord(dialStatus),
    output: z.enum(Object.keys(STATUS_WORDS)),
  },
  campaign_id: {
    about: 'The campaign; the Default Feed when not given.',
    key: 'feedId',
    parse: campaignId,
    output: z.uuid(),
  },
  kind: { about: 'Must be the kind of the campaign.', key: 'feedKind', parse: kind },
  campaign_name: { about: 'Name of the campaign.', format: ({ feedName }) => feedName, output: z.string() },
  tags: {
    about: 'Tags.',
    key: 'tagNames',
    parse: tags,
    format: ({ tagNames }) => (tagNames.length > 0 ? tagNames : null),
    output: z.array(z.string()).nullable(),
  },
  custom_fields: {
    about: 'Values of the account’s own.',
    key: 'customFields',
    parse: customFields,
    format: ({ customFields: fields }) => (Object.keys(fields).length > 0 ? fields : null),
    output: z.record(z.string(), z.unknown()).nullable(),
  },
  call_attempts: { about: 'Number of calls made.', key: 'callAttempts', output: z.int() },
  last_called_at: {
    about: 'When it was last called.',
    key: 'lastCalledAt',
    output: z.iso.datetime().nullable(),
  },
  created_at: { about: 'When it was made.', key: 'createdAt', output: z.iso.datetime() },
  updated_at: { about: 'When it was last changed.', key: 'updatedAt', output: z.iso.datetime() },
});
