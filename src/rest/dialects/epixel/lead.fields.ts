import { z } from 'zod';
import type { ListedLead } from '../../../domain/lead/lead-listing';
import { fieldMap } from '../../field-map';
import { choice, email, optionalWords, ownWord, phone, words } from './codecs';

/** The vendor's words for the place of a lead in the sales process, with what they are shown as. */
export const STATUSES = {
  prospect: { Description: 'May become a customer.', Color: '#5b8def' },
  tentative: { Description: 'Has shown interest.', Color: '#a67bf0' },
  potential: { Description: 'Is likely to become a customer.', Color: '#f0a33b' },
  closed: { Description: 'Given up or done.', Color: '#8a8f98' },
  contact: { Description: 'Has been spoken to.', Color: '#2fb5a8' },
  customer: { Description: 'Has bought.', Color: '#4caf50' },
} as const;

/** See {@link STATUSES}. */
export const STATUS_WORDS = Object.keys(STATUSES) as (keyof typeof STATUSES)[];

const name = words({ max: 255 });

/** A lead in the vendor's words. */
export const lead = fieldMap<ListedLead>()({
  id: { about: 'Whole-number identifier.', key: 'number', output: z.int() },
  slug: { about: 'Name of the lead in requests.', key: 'slug', output: z.string() },
  first_name: { about: 'First name.', key: 'firstName', parse: name, isRequired: true, output: z.string() },
  last_name: { about: 'Last name.', key: 'lastName', parse: name, isRequired: true, output: z.string() },
  email: {
    about: 'E-mail address.',
    key: 'email',
    parse: email,
    isRequired: true,
    output: z.string().nullable(),
  },
  phone: {
    about: 'Phone number; answered as E.164.',
    key: 'phone',
    parse: phone,
    isRequired: true,
    output: z.string(),
  },
  location: {
    about: 'Where the lead is.',
    key: 'location',
    parse: optionalWords(255),
    output: z.string().nullable(),
  },
  message: {
    about: 'What the lead wrote.',
    key: 'message',
    parse: optionalWords(255),
    output: z.string().nullable(),
  },
  status: {
    about: 'Place in the sales process.',
    key: 'stage',
    parse: choice(STATUS_WORDS),
    output: z.string().nullable(),
  },
  source: {
    about: 'Where the lead came from: one of the account’s choices.',
    key: 'source',
    parse: ownWord,
    output: z.string().nullable(),
  },
  assignee: {
    about: 'Username of the agent it is assigned to.',
    key: 'assignee',
    parse: words(),
    format: ({ assignee }) => assignee?.username,
    output: z.string().nullable(),
  },
  owner: {
    about: 'Username of the agent who owns it.',
    format: ({ owner }) => owner?.username,
    output: z.string().nullable(),
  },
  campaign: { about: 'Slug of its campaign.', format: ({ feed }) => feed.slug, output: z.string() },
  created_at: { about: 'When it was made.', key: 'createdAt', output: z.iso.datetime() },
});
