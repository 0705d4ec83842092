import type { Example } from '../../../dialect';

const PATH = '/api/v1/analytics';
const JANUARY = 'from=2026-01-01&to=2026-01-31&interval=month';
const PERIOD = { from: '2026-01-01', to: '2026-01-31', interval: 'month' };
const METRICS = {
  ...{ recipients: 0, sent: 0, delivered: 0, opened: 0, clicked: 0, bounced: 0, unsubscribed: 0, failed: 0 },
  ...{ open_rate: 0, click_rate: 0, credits_used: 0 },
};

/** Numbers of a period that is one stretch. */
const partOf = (totals: object) => ({ totals, series: [{ date: '2026-01-01', ...totals }] });
const PAGES = partOf({ submissions: 0 });
const CAMPAIGNS = partOf(METRICS);
const AUDIENCES = partOf({ added: 0, removed: 0, total: 0 });

interface Asked {
  title: string;
  operation: string;
  path: string;
  id?: number;
  data: object;
}

const exampleOf = ({ title, operation, path, id, data }: Asked): Example => ({
  ...{ title, operation, request: { path: `${PATH}${path}?${JANUARY}` } },
  response: { status: 200, body: { ...(id && { id }), data: { ...PERIOD, ...data } } },
});

/** Documented requests about numbers over time. */
export const analyticsExamples: Example[] = [
  exampleOf({
    ...{ title: 'Get an overview of a month', operation: 'analytics-overview', path: '' },
    data: { pages: PAGES, campaigns: CAMPAIGNS, audiences: AUDIENCES },
  }),
  exampleOf({
    ...{ title: 'Get the submissions of all pages', operation: 'analytics-pages', path: '/pages' },
    data: PAGES,
  }),
  exampleOf({
    ...{ title: 'Get the submissions of a page', operation: 'analytics-page', id: 31, data: PAGES },
    path: '/pages/{id of Contact us}',
  }),
  exampleOf({
    ...{ title: 'Get the performance of all campaigns', operation: 'analytics-campaigns' },
    ...{ path: '/campaigns', data: CAMPAIGNS },
  }),
  exampleOf({
    ...{ title: 'Get the performance of a campaign', operation: 'analytics-campaign', id: 21 },
    ...{ path: '/campaigns/{id of Spring offer}', data: CAMPAIGNS },
  }),
  exampleOf({
    ...{ title: 'Get the growth of all audiences', operation: 'analytics-audiences' },
    ...{ path: '/audiences', data: AUDIENCES },
  }),
  exampleOf({
    ...{ title: 'Get the growth of an audience', operation: 'analytics-audience', id: 5, data: AUDIENCES },
    path: '/audiences/{id of Newsletter}',
  }),
  {
    title: 'A day that does not exist',
    operation: 'analytics-overview',
    request: { path: `${PATH}?from=2026-02-30` },
    response: {
      status: 422,
      body: {
        error: true,
        status: 422,
        message: 'Validation failed',
        errors: { from: 'The from must be a date like 2026-01-31.' },
      },
    },
  },
];
