import { z } from 'zod';
import { contactStatus } from '../../../domain/contact/contact.entity';
import type { ContactRecord } from '../../../domain/contact/contact-lookup';
import { fieldMap } from '../../field-map';
import { ASKED_FOR, audienceId, email, emptyableText, groupIds, NO_OBJECT, phone, times } from './codecs';

/** What of a contact is answered. */
type ShownContact = Pick<
  ContactRecord,
  'number' | 'email' | 'phone' | 'firstName' | 'lastName' | 'status' | 'createdAt' | 'updatedAt'
> & { audience: { number: number } | null; groups: { number: number }[] };

/** A contact in the vendor's words. */
export const contact = fieldMap<ShownContact>()({
  id: { about: 'Identifier.', format: ({ number }) => number, output: z.int() },
  audience_id: {
    about: 'The audience.',
    key: 'audienceId',
    parse: audienceId,
    isRequired: true,
    format: ({ audience }) => audience?.number,
    output: z.int(),
  },
  email: {
    about: 'E-mail address, unique within the audience. An address or a phone number is needed.',
    key: 'email',
    parse: email,
    output: z.string().nullable(),
  },
  phone: {
    about: 'Phone number, as it was given.',
    key: 'phone',
    parse: phone,
    output: z.string().nullable(),
  },
  first_name: {
    about: 'First name.',
    key: 'firstName',
    parse: emptyableText('first_name'),
    output: z.string(),
  },
  last_name: { about: 'Last name.', key: 'lastName', parse: emptyableText('last_name'), output: z.string() },
  groups: {
    about: 'Ids of groups of the audience.',
    key: 'groupIds',
    parse: groupIds,
    format: ({ groups }) => groups.map(({ number }) => number),
    output: z.array(z.int()),
  },
  status: { about: 'Whether it may be written to.', key: 'status', output: z.enum(contactStatus.values) },
  ...times,
});

const isFilled = (value: unknown) => value !== undefined && value !== null && value !== '';

/** A new contact without any address is asked for its e-mail address. */
function askForAddress(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const { email: address, phone: number } = given as Record<string, unknown>;
  return isFilled(address) || isFilled(number) ? given : { ...given, email: ASKED_FOR };
}

/** A contact as it is created. */
export const contactCreation = z.preprocess(askForAddress, contact.creation(NO_OBJECT));

/** A contact as it is changed: what is not named stays. */
export const contactChange = contact.change(NO_OBJECT);
