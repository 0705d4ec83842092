import type { Example } from '../../../dialect';

const PATH = '/api/v1/audiences';
const GROUPS = `${PATH}/{id of Newsletter}/groups`;
const NOW = '2026-01-15T10:30:00Z';
const EMPTY = {
  description: null,
  email_count: 0,
  phone_count: 0,
  contact_count: 0,
  groups_count: 0,
  created_at: NOW,
  updated_at: NOW,
};
const NEWSLETTER = { id: 5, name: 'Newsletter', ...EMPTY, groups_count: 2 };
const WEBSITE = { id: 6, name: 'Website', ...EMPTY };
const PARTNERS = { id: 7, name: 'Partners', ...EMPTY, description: 'Resellers and agencies.' };
const CUSTOMERS = { id: 1, audience_id: 5, name: 'Customers', contact_count: 0, created_at: NOW };
const EVENTS = { ...CUSTOMERS, id: 3, name: 'Events' };
const PRESS = { ...CUSTOMERS, id: 4, name: 'Press' };
const STATS = {
  ...{ contact_count: 0, email_count: 0, phone_count: 0, groups_count: 2 },
  ...{ subscribed: 0, unsubscribed: 0, bounced: 0, complained: 0 },
};

const answerWith = <Data extends { id: number }>(status: number, data: Data): Example['response'] => ({
  status,
  body: { id: data.id, data },
});
const listOf = (data: object[]): Example['response'] => ({
  status: 200,
  body: { data, total: data.length, page: 1, per_page: 25, total_pages: 1 },
});
const shown = ({ id, name, contact_count }: typeof PRESS) => ({ id, name, contact_count });

/** Documented requests about audiences and their groups, before contacts come; an audience Newsletter is there. */
export const audienceExamples: Example[] = [
  {
    title: 'List audiences',
    operation: 'audiences-list',
    request: { path: PATH },
    response: listOf([NEWSLETTER]),
  },
  {
    title: 'List the groups of an audience',
    operation: 'audience-groups-list',
    request: { path: GROUPS },
    response: listOf([EVENTS, CUSTOMERS]),
  },
  {
    title: 'Get an audience',
    operation: 'audiences-get',
    request: { path: `${PATH}/{id of Newsletter}` },
    response: answerWith(200, {
      ...NEWSLETTER,
      ...{ groups: [CUSTOMERS, EVENTS].map(shown), stats: STATS },
    }),
  },
  {
    title: 'Get the stats of an audience',
    operation: 'audiences-stats',
    request: { path: `${PATH}/{id of Newsletter}/stats` },
    response: { status: 200, body: { id: 5, data: STATS } },
  },
  {
    title: 'Create an audience',
    operation: 'audiences-create',
    request: { path: PATH, body: { name: 'Website' } },
    response: answerWith(201, WEBSITE),
  },
  {
    title: 'Create an audience with a description',
    operation: 'audiences-create',
    request: { path: PATH, body: { name: 'Partners', description: 'Resellers and agencies.' } },
    response: answerWith(201, PARTNERS),
  },
  {
    title: 'Update an audience',
    operation: 'audiences-update',
    request: { path: `${PATH}/{id of Partners}`, body: { name: 'Resellers' } },
    response: answerWith(200, { ...PARTNERS, name: 'Resellers' }),
  },
  {
    title: 'Delete an audience',
    operation: 'audiences-delete',
    request: { path: `${PATH}/{id of Resellers}` },
    response: { status: 200, body: { success: true, id: 7 } },
  },
  {
    title: 'Create a group',
    operation: 'audience-groups-create',
    request: { path: GROUPS, body: { name: 'Press' } },
    response: answerWith(201, PRESS),
  },
  {
    title: 'A group that the audience has already',
    operation: 'audience-groups-create',
    request: { path: GROUPS, body: { name: 'press' } },
    response: {
      status: 409,
      body: { error: true, status: 409, message: 'A group with this name already exists in this audience.' },
    },
  },
  {
    title: 'Get a group',
    operation: 'audience-groups-get',
    request: { path: `${GROUPS}/{id of Press}` },
    response: answerWith(200, PRESS),
  },
  {
    title: 'Update a group',
    operation: 'audience-groups-update',
    request: { path: `${GROUPS}/{id of Press}`, body: { name: 'Journalists' } },
    response: answerWith(200, { ...PRESS, name: 'Journalists' }),
  },
  {
    title: 'Delete a group',
    operation: 'audience-groups-delete',
    request: { path: `${GROUPS}/{id of Journalists}` },
    response: { status: 200, body: { success: true, id: 4 } },
  },
];
