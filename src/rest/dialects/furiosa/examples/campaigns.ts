import type { Example } from '../../../dialect';

const PATH = '/api/v1/campaigns';
const NOW = '2026-01-15T10:30:00Z';
const METRICS = {
  ...{ recipients: 0, sent: 0, delivered: 0, opened: 0, clicked: 0, bounced: 0, unsubscribed: 0, failed: 0 },
  ...{ open_rate: 0, click_rate: 0, credits_used: 0 },
};
const SPRING = {
  id: 21,
  name: 'Spring offer',
  type: 'email',
  status: 'draft',
  subject: 'Spring is here',
  audience_id: 5,
  group_ids: [],
  scheduled_at: null,
  sent_at: null,
  created_at: NOW,
  updated_at: NOW,
  metrics: METRICS,
};

/** Documented requests about campaigns; a draft Spring offer is there. */
export const campaignExamples: Example[] = [
  {
    title: 'List campaigns',
    operation: 'campaigns-list',
    request: { path: `${PATH}?status=draft&type=email` },
    response: {
      status: 200,
      body: { data: [SPRING], total: 1, page: 1, per_page: 25, total_pages: 1 },
    },
  },
  {
    title: 'Get a campaign',
    operation: 'campaigns-get',
    request: { path: `${PATH}/{id of Spring offer}` },
    response: { status: 200, body: { id: 21, data: SPRING } },
  },
  {
    title: 'Get the metrics of a campaign',
    operation: 'campaigns-metrics',
    request: { path: `${PATH}/{id of Spring offer}/metrics` },
    response: { status: 200, body: { id: 21, data: METRICS } },
  },
  {
    title: 'Send a campaign',
    operation: 'campaigns-send',
    request: { path: `${PATH}/{id of Spring offer}/send` },
    response: { status: 202, body: { id: 21, data: { ...SPRING, status: 'sending' } } },
  },
  {
    title: 'A campaign that is going out',
    operation: 'campaigns-send',
    request: { path: `${PATH}/{id of Spring offer}/send` },
    response: {
      status: 409,
      body: { error: true, status: 409, message: 'The campaign is going out already.' },
    },
  },
];
