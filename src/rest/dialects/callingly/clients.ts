import { z } from 'zod';
import type { Account } from '../../../domain/account/account.entity';
import { accounts } from '../../../domain/account/account.service';
import { joinName } from '../../../domain/lead/lead.rules';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { fieldMap } from '../../field-map';
import { flag, optionalText, phone, requiredText } from './codecs';
import { done, doneOutput, NO_OBJECT, ok } from './replies';

const PATH = '/v1/clients';

const client = fieldMap<Account>()({
  id: { about: 'Number of the account.', key: 'number', output: z.int() },
  name: { about: 'Name of the business.', key: 'name', output: z.string() },
  email: {
    about: 'Where it can be reached.',
    key: 'email',
    output: z.string(),
    isOmittedWhenEmpty: true,
  },
  billed_users: { about: 'Number of its active agents.', key: 'billedUsers', output: z.int() },
  billed_numbers: { about: 'Number of its active phone numbers.', key: 'billedNumbers', output: z.int() },
  is_active: { about: 'Whether it may be used.', key: 'isActive', output: z.boolean() },
});

const WIRE_NAMES = new Map([
  ['name', 'company'],
  ['email', 'email'],
]);

/** A person and a business; only the name and the address of the business are kept. */
const creation = z
  .object(
    {
      fname: requiredText('fname', 100).describe('First name of the person in charge.'),
      lname: optionalText('lname').optional().describe('Last name of the person in charge.'),
      company: optionalText('company').optional().describe('Name of the business; default: the person’s.'),
      email: requiredText('email').describe('Where the business can be reached.'),
      phone_number: phone('phone_number').describe('Number of the person in charge; checked, not kept.'),
      password: optionalText('password')
        .optional()
        .describe('Taken, not kept: the client’s people get keys or sessions of their own.'),
    },
    { error: NO_OBJECT },
  )
  .transform(({ fname, lname, company, email }) => ({
    name: company ?? joinName({ firstName: fname, lastName: lname ?? '' }),
    email,
  }));

const params = z.object({ id: pathNumber.describe('The client account.') });
const clientOutput = client.output();

/** Client accounts of an agency. */
export const clientRoutes: Route[] = [
  route({
    operation: 'clients-list',
    method: 'GET',
    path: PATH,
    summary: 'List clients; the account itself when there are none',
    answer: z.array(clientOutput),
    run: (ctx) => accounts.clientsOrSelf(ctx),
    reply: (rows) => ok(rows.map((row) => client.format(row)).reverse()),
  }),
  route({
    operation: 'clients-create',
    method: 'POST',
    path: PATH,
    summary: 'Create a client',
    body: creation,
    answer: clientOutput.extend({ billing_email: z.string() }),
    wireNames: WIRE_NAMES,
    run: (ctx, { body }) => accounts.createClient(ctx, body),
    reply: (row) => ok({ ...client.format(row), billing_email: row.email }),
  }),
  route({
    operation: 'clients-delete',
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Delete a client',
    params,
    answer: doneOutput,
    run: (ctx, { params: { id } }) => accounts.deleteClient(ctx, id),
    reply: done,
  }),
  route({
    operation: 'clients-set-active',
    method: 'POST',
    path: `${PATH}/{id}/active`,
    summary: 'Activate or deactivate a client',
    params,
    body: z.object(
      { is_active: flag('is_active').describe('Whether it may be used.') },
      { error: NO_OBJECT },
    ),
    answer: doneOutput.extend(clientOutput.shape),
    run: (ctx, { params: { id }, body }) => accounts.setClientActive(ctx, id, body.is_active),
    reply: (row) => ok({ success: true, ...client.format(row) }),
  }),
];
