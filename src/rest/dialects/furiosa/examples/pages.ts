import type { Example } from '../../../dialect';

const PATH = '/api/v1/pages';
const NOW = '2026-01-15T10:30:00Z';
const CONTACT_US = {
  id: 31,
  name: 'Contact us',
  slug: 'contact-us-31',
  url: 'https://app.furiosacrm.com/p/contact-us-31',
  status: 'published',
  audience_id: 5,
  submission_count: 0,
  settings: {
    title: null,
    intro: null,
    language: 'en',
    fields: [
      {
        ...{ name: 'email', label: 'E-mail', type: 'email', required: true, options: [], value: null },
        maps_to: 'email',
      },
    ],
    submit_label: 'Send',
    thank_you_text: null,
    redirect_url: null,
    allowed_origins: [],
    group_ids: [],
  },
  created_at: NOW,
  updated_at: NOW,
};

/** Documented requests about pages; a page Contact us is there. */
export const pageExamples: Example[] = [
  {
    title: 'List pages',
    operation: 'pages-list',
    request: { path: PATH },
    response: {
      status: 200,
      body: { data: [CONTACT_US], total: 1, page: 1, per_page: 25, total_pages: 1 },
    },
  },
  {
    title: 'Get a page',
    operation: 'pages-get',
    request: { path: `${PATH}/{id of Contact us}` },
    response: { status: 200, body: { id: 31, data: CONTACT_US } },
  },
];
