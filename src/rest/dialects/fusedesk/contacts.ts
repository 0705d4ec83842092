import { z } from 'zod';
import type { Contact } from '../../../domain/contact/contact.entity';
import { contacts } from '../../../domain/contact/contact.service';
import { type Route, route } from '../../dialect';
import { fieldMap } from '../../field-map';
import { NO_OBJECT, pathRef, slice, something, text, timeOutput, wireTime } from './codecs';
import { permitting } from './permissions';
import { ok } from './replies';

const PATH = '/api/v2/contacts';

const TEXTS = {
  firstName: ['firstName', 'First name.'],
  lastName: ['lastName', 'Last name.'],
  company: ['company', 'Company.'],
  emailAddress: ['email', 'E-mail address.'],
  emailAddress2: ['email2', 'Second e-mail address.'],
  emailAddress3: ['email3', 'Third e-mail address.'],
  phone1: ['phone', 'Phone number.'],
  phoneExt1: ['phoneExtension', 'Extension of the phone number.'],
  phone2: ['phone2', 'Second phone number.'],
  phoneExt2: ['phone2Extension', 'Extension of the second phone number.'],
  timeZone: ['timeZone', 'Time zone (IANA).'],
  website: ['website', 'Website.'],
  street1Billing: ['street1', 'Street.'],
  street2Billing: ['street2', 'Second line of the street.'],
  cityBilling: ['city', 'City.'],
  stateBilling: ['state', 'State or region.'],
  postalBilling: ['postalCode', 'Postal code.'],
  countryBilling: ['country', 'Country.'],
} as const satisfies Record<string, [keyof Contact, string]>;

const textFields = Object.fromEntries(
  Object.entries(TEXTS).map(([name, [key, about]]) => [
    name,
    { about, key: key as string, parse: text(name), output: z.string().nullable() },
  ]),
);

/** A contact in the vendor's words. */
export const contact = fieldMap<Contact>()({
  id: { about: 'Identifier: a UUID.', format: ({ id }) => id, output: z.string().meta({ format: 'uuid' }) },
  crmId: { about: 'Whole number that cases name the contact by.', key: 'number', output: z.int() },
  ...textFields,
  dateCreated: {
    about: 'When it was made.',
    format: ({ createdAt }) => wireTime(createdAt),
    output: timeOutput,
  },
  dateUpdated: {
    about: 'When it was last changed.',
    format: ({ updatedAt }) => wireTime(updatedAt),
    output: timeOutput,
  },
});

const params = z.object({ contactId: pathRef.describe('The contact: its crmId, or its id.') });
const answer = contact.output();
const { wireNames } = contact;

/** Contacts. */
export const contactRoutes: Route[] = [
  ...[
    route({
      operation: 'v2-contacts-search',
      method: 'GET',
      path: PATH,
      summary: 'Search contacts',
      query: z.object({
        search: text('search').describe('Words in names, company, e-mail addresses or phone numbers.'),
        ...slice,
      }),
      answer: z.array(answer),
      run: (ctx, { query: { search, limit, offset } }) =>
        contacts.found(ctx, String(search), { limit, offset }),
      reply: (rows) => ok(rows.map((row) => contact.format(row))),
    }),
    route({
      operation: 'v2-contacts-get',
      method: 'GET',
      path: `${PATH}/{contactId}`,
      summary: 'Get a contact',
      params,
      answer,
      run: (ctx, { params: { contactId } }) => contacts.get(ctx, contactId),
      reply: (row) => ok(contact.format(row)),
    }),
  ].map((one) => permitting('contacts', one)),
  ...[
    route({
      operation: 'v2-contacts-create',
      method: 'POST',
      path: PATH,
      summary: 'Create a contact',
      body: something(contact.creation(NO_OBJECT)),
      ...{ answer, wireNames },
      run: (ctx, { body }) => contacts.create(ctx, body),
      reply: (row) => ok(contact.format(row)),
    }),
    route({
      operation: 'v2-contacts-update',
      method: 'POST',
      path: `${PATH}/{contactId}`,
      summary: 'Change a contact; what is not given stays',
      params,
      body: something(contact.change(NO_OBJECT)),
      ...{ answer, wireNames },
      run: (ctx, { params: { contactId }, body }) => contacts.update(ctx, contactId, body),
      reply: (row) => ok(contact.format(row)),
    }),
  ].map((one) => permitting('contacts_update', one)),
];
