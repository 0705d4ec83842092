import type { Example } from '../../../dialect';

const PATH = '/v1/clients';
const SMITH = { id: 123, name: 'Smith Pools', email: 'client@email.com', is_active: true };
const JONES = { id: 124, name: 'Mary Jones', email: 'mary@email.com', is_active: true };
const UNBILLED = { billed_users: 0, billed_numbers: 0 };

/** Documented requests of an agency about its clients. */
export const clientExamples: Example[] = [
  {
    title: 'Create a client',
    operation: 'clients-create',
    request: {
      path: PATH,
      body: {
        fname: 'John',
        lname: 'Smith',
        company: 'Smith Pools',
        email: 'client@email.com',
        phone_number: '555-555-5555',
        password: 'password123',
      },
    },
    response: { status: 200, body: { ...SMITH, ...UNBILLED, billing_email: 'client@email.com' } },
  },
  {
    title: 'Create a client without a company',
    operation: 'clients-create',
    request: {
      path: PATH,
      body: { fname: 'Mary', lname: 'Jones', email: 'mary@email.com', phone_number: '+16024819661' },
    },
    response: { status: 200, body: { ...JONES, ...UNBILLED, billing_email: 'mary@email.com' } },
  },
  {
    title: 'List clients',
    operation: 'clients-list',
    request: { path: PATH },
    response: {
      status: 200,
      body: [
        { ...JONES, ...UNBILLED },
        { ...SMITH, ...UNBILLED },
      ],
    },
  },
  {
    title: 'Deactivate a client',
    operation: 'clients-set-active',
    request: { path: `${PATH}/{id of Mary Jones}/active`, body: { is_active: 0 } },
    response: { status: 200, body: { success: true, ...JONES, is_active: false } },
  },
  {
    title: 'Delete a client',
    operation: 'clients-delete',
    request: { path: `${PATH}/{id of Mary Jones}` },
    response: { status: 200, body: { success: true } },
  },
];
