import type { Example } from '../../../dialect';

const PATH = '/api/v2/contacts';

const JANE = {
  ...{ id: '0199e3a2-5b6a-7c8d-9e0f-1a2b3c4d5e6f', crmId: 21, firstName: 'Jane', lastName: 'Doe' },
  ...{ company: 'Acme', emailAddress: 'jane@example.com', emailAddress2: null, phone1: '+1 602 555 0123' },
  ...{ timeZone: null, website: null, cityBilling: null, countryBilling: null },
  ...{ dateCreated: '2026-03-02T10:00:00+00:00', dateUpdated: '2026-03-02T10:00:00+00:00' },
};
const MOVED = { ...JANE, cityBilling: 'Phoenix', countryBilling: 'United States' };

/** Documented requests about contacts. */
export const contactExamples: Example[] = [
  {
    title: 'Create a contact',
    operation: 'v2-contacts-create',
    remember: 'jane',
    request: {
      path: PATH,
      body: {
        ...{ firstName: 'Jane', lastName: 'Doe', company: 'Acme' },
        ...{ emailAddress: 'jane@example.com', phone1: '+1 602 555 0123' },
      },
    },
    response: { status: 200, body: JANE },
  },
  {
    title: 'Change a contact',
    operation: 'v2-contacts-update',
    request: {
      path: `${PATH}/{id of jane}`,
      body: { cityBilling: 'Phoenix', countryBilling: 'United States' },
    },
    response: { status: 200, body: MOVED },
  },
  {
    title: 'Search contacts',
    operation: 'v2-contacts-search',
    request: { path: `${PATH}?search=jane+acme` },
    response: { status: 200, body: [MOVED] },
  },
  {
    title: 'Get a contact',
    operation: 'v2-contacts-get',
    request: { path: `${PATH}/{id of jane}` },
    response: { status: 200, body: MOVED },
  },
];
