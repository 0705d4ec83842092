import { z } from 'zod';
import { audienceContacts } from '../../../domain/contact/audience-contacts';
import type { Contact } from '../../../domain/contact/contact.entity';
import { contacts } from '../../../domain/contact/contact.service';
import { type ContactRecord, recordsOf } from '../../../domain/contact/contact-lookup';
import type { Context } from '../../../domain/context';
import { invalid } from '../../../domain/error';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { paging, queryPhone, queryRecord, queryText, sliceOf } from './codecs';
import { contact, contactChange, contactCreation } from './contact.fields';
import { contactBatchRoute } from './contact-batch';
import { deleted, deletedOutput, one, oneOf, page, pageOf } from './replies';

const PATH = '/api/v1/contacts';

const params = z.object({ contact_id: pathNumber.describe('The contact.') });
const answer = oneOf(contact.output());
const { wireNames } = contact;

const listQuery = z.object({
  audience_id: queryRecord('audience_id').describe('Only of this audience.'),
  email: queryText('email').describe('Only with this e-mail address, upper and lower case alike.'),
  phone: queryPhone.describe('Only with this phone number, however it is written.'),
  name: queryText('name').describe('Only with this in first and last name, upper and lower case alike.'),
  group_id: queryRecord('group_id').describe('Only of this group.'),
  ...paging,
});

async function recordOf(ctx: Context, row: Contact): Promise<ContactRecord> {
  const [record] = await recordsOf(ctx, [row]);
  return record as ContactRecord;
}

/** Changes a contact; the audience may be named, but a contact stays in its audience. */
function change(
  ctx: Context,
  number: number,
  { audienceId, ...changes }: Record<string, unknown>,
): Promise<ContactRecord> {
  return ctx.transaction(async (tx) => {
    const record = await recordOf(tx, await audienceContacts.update(tx, number, changes));
    if (audienceId !== undefined && audienceId !== record.audience?.number)
      throw invalid({ audience_id: ['The audience_id of a contact cannot be changed.'] });
    return record;
  });
}

/** Contacts: the people of audiences. */
export const contactRoutes: Route[] = [
  route({
    operation: 'contacts-list',
    method: 'GET',
    path: PATH,
    summary: 'List contacts',
    query: listQuery,
    answer: pageOf(contact.output()),
    wireNames,
    run: (ctx, { query: { audience_id: audienceId, group_id: groupId, email, phone, name, ...part } }) =>
      audienceContacts.records(ctx, { audienceId, groupId, email, phone, name }, sliceOf(part)),
    reply: ({ records, total }, { query }) =>
      page(
        records.map((record) => contact.format(record)),
        total,
        query,
      ),
  }),
  route({
    operation: 'contacts-create',
    method: 'POST',
    path: PATH,
    summary: 'Create a contact',
    body: contactCreation,
    answer,
    wireNames,
    run: async (ctx, { body }) => recordOf(ctx, await contacts.create(ctx, body)),
    reply: (record) => one(contact.format(record), 201),
  }),
  contactBatchRoute,
  route({
    operation: 'contacts-get',
    method: 'GET',
    path: `${PATH}/{contact_id}`,
    summary: 'Get a contact',
    params,
    answer,
    run: (ctx, { params: { contact_id } }) => audienceContacts.record(ctx, contact_id),
    reply: (record) => one(contact.format(record)),
  }),
  route({
    operation: 'contacts-update',
    method: 'PUT',
    path: `${PATH}/{contact_id}`,
    summary: 'Update a contact',
    params,
    body: contactChange,
    answer,
    wireNames,
    run: (ctx, { params: { contact_id }, body }) => change(ctx, contact_id, body),
    reply: (record) => one(contact.format(record)),
  }),
  route({
    operation: 'contacts-delete',
    method: 'DELETE',
    path: `${PATH}/{contact_id}`,
    summary: 'Delete a contact',
    params,
    answer: deletedOutput,
    run: (ctx, { params: { contact_id } }) => audienceContacts.delete(ctx, contact_id),
    reply: ({ number }) => deleted(number),
  }),
];
