import type { Example } from '../../../dialect';

const PATH = '/api/v1/contacts';
const NOW = '2026-01-15T10:30:00Z';
const JANE = {
  id: 12,
  audience_id: 5,
  email: 'jane@example.com',
  phone: '+447911123456',
  first_name: 'Jane',
  last_name: 'Smith',
  status: 'subscribed',
  created_at: NOW,
  updated_at: NOW,
};
const JANE_BY_CODE = { ...JANE, id: 13, audience_id: 6, phone: null, last_name: '', groups: [] };
const JOHN = { ...JANE_BY_CODE, id: 14, email: 'john@example.com', first_name: 'John' };
const JACK = { ...JOHN, id: 15, email: null, phone: '+447911123457', first_name: 'Jack' };
const JANE_DOE = { ...JANE, last_name: 'Doe', phone: '+447911999888' };

const answerWith = (status: number, data: { id: number }): Example['response'] => ({
  status,
  body: { id: data.id, data },
});
const listOf = (data: object[], per_page: number): Example['response'] => ({
  status: 200,
  body: { data, total: data.length, page: 1, per_page, total_pages: 1 },
});

/** What the vendor's samples of code send. */
const BY_CODE = { email: 'jane@example.com', first_name: 'Jane' };

/** Documented requests about contacts. */
export const contactExamples: Example[] = [
  {
    title: 'Create a contact',
    operation: 'contacts-create',
    remember: 'Jane Smith',
    request: {
      path: PATH,
      body: {
        audience_id: '{id of Newsletter}',
        email: 'jane@example.com',
        phone: '+447911123456',
        first_name: 'Jane',
        last_name: 'Smith',
        groups: ['{id of Customers}', '{id of Events}'],
      },
    },
    response: answerWith(201, JANE),
  },
  {
    title: 'Create a contact (cURL, PHP, Python, Node.js)',
    operation: 'contacts-create',
    request: { path: PATH, body: { audience_id: '{id of Website}', ...BY_CODE } },
    response: answerWith(201, JANE_BY_CODE),
  },
  {
    title: 'A contact that the audience has already',
    operation: 'contacts-create',
    request: { path: PATH, body: { audience_id: '{id of Newsletter}', ...BY_CODE } },
    response: {
      status: 409,
      body: {
        error: true,
        status: 409,
        message: 'A contact with this email already exists in this audience.',
      },
    },
  },
  {
    title: 'A contact without an address',
    operation: 'contacts-create',
    request: { path: PATH, body: { audience_id: '{id of Newsletter}', first_name: 'Jane' } },
    response: {
      status: 422,
      body: {
        error: true,
        status: 422,
        message: 'Validation failed',
        errors: { email: 'The email field is required.' },
      },
    },
  },
  {
    title: 'List contacts',
    operation: 'contacts-list',
    request: { path: `${PATH}?audience_id={id of Newsletter}&page=1&per_page=50` },
    response: listOf([JANE], 50),
  },
  {
    title: 'Find the contacts of a group by name',
    operation: 'contacts-list',
    request: { path: `${PATH}?group_id={id of Customers}&name=smith` },
    response: listOf([JANE], 25),
  },
  {
    title: 'Update a contact',
    operation: 'contacts-update',
    request: {
      path: `${PATH}/{id of Jane Smith}`,
      body: { first_name: 'Jane', last_name: 'Doe', phone: '+447911999888' },
    },
    response: answerWith(200, JANE_DOE),
  },
  {
    title: 'Get a contact',
    operation: 'contacts-get',
    request: { path: `${PATH}/{id of Jane Smith}` },
    response: answerWith(200, JANE_DOE),
  },
  {
    title: 'Create contacts in batch',
    operation: 'contacts-create-batch',
    request: {
      path: `${PATH}/batch`,
      body: {
        audience_id: '{id of Website}',
        contacts: [
          { email: 'john@example.com', first_name: 'John' },
          { email: 'jane@example.com', first_name: 'Jane' },
          { phone: '+447911123457', first_name: 'Jack' },
          { first_name: 'Jill' },
        ],
      },
    },
    response: {
      status: 201,
      body: {
        data: [JOHN, JACK],
        created: 2,
        failed: 2,
        errors: [
          { index: 1, status: 409, message: 'A contact with this email already exists in this audience.' },
          {
            index: 3,
            status: 422,
            message: 'Validation failed',
            errors: { email: 'The email field is required.' },
          },
        ],
      },
    },
  },
  {
    title: 'Delete a contact',
    operation: 'contacts-delete',
    request: { path: `${PATH}/{id of Jane Smith}` },
    response: { status: 200, body: { success: true, id: 12 } },
  },
];
