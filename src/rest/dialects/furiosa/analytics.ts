import { z } from 'zod';
import { type Analysis, type AnalysisQuery, analytics } from '../../../domain/analytics/analytics.service';
import { dayOf, firstOfDays } from '../../../domain/analytics/period.rules';
import type { Context } from '../../../domain/context';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { analysisFormats, analysisOutputs, type Overview } from './analytics.fields';
import { queryDate, queryWord } from './codecs';
import { oneOf } from './replies';

const PATH = '/api/v1/analytics';
const DAYS_DEFAULT = 30;

const query = z.object({
  from: queryDate('from').describe(
    'First day, in the account’s zone; 30 days end with the last when not given.',
  ),
  to: queryDate('to').describe('Last day; today when not given, less than three years after the first.'),
  interval: queryWord('interval', ['day', 'week', 'month']).describe(
    'Stretches of the series (default day); weeks begin on Monday.',
  ),
});

/** The period that is asked for: the last 30 days of the account's zone, today included, where nothing is said. */
function periodOf(ctx: Context, given: z.output<typeof query>): AnalysisQuery {
  const { to = dayOf(ctx.now(), ctx.account.timeZone), interval = 'day' } = given;
  return { from: given.from ?? firstOfDays(DAYS_DEFAULT, to), to, interval };
}

/** The numbers of all records of a kind, and those of one. */
interface Analysed<T extends Analysis<object>> {
  group: 'pages' | 'campaigns' | 'audiences';
  noun: string;
  about: string;
  output: z.ZodObject;
  read: (ctx: Context, period: AnalysisQuery, id?: number) => Promise<T>;
  format: (analysis: T) => object;
}

function routesOf<T extends Analysis<object>>(analysed: Analysed<T>): Route[] {
  const { group, noun, about, output, read, format } = analysed;
  return [
    route({
      operation: `analytics-${group}`,
      method: 'GET',
      path: `${PATH}/${group}`,
      summary: `Get ${about} of all ${group}`,
      query,
      answer: z.object({ data: output }),
      run: (ctx, { query: given }) => read(ctx, periodOf(ctx, given)),
      reply: (analysis) => ({ status: 200, body: { data: format(analysis) } }),
    }),
    route({
      operation: `analytics-${noun}`,
      method: 'GET',
      path: `${PATH}/${group}/{id}`,
      summary: `Get ${about} of one of the ${group}`,
      params: z.object({ id: pathNumber.describe(`One of the ${group}.`) }),
      query,
      answer: oneOf(output),
      run: (ctx, { params: { id }, query: given }) => read(ctx, periodOf(ctx, given), id),
      reply: (analysis, { params: { id } }) => ({ status: 200, body: { id, data: format(analysis) } }),
    }),
  ];
}

async function overview(ctx: Context, period: AnalysisQuery): Promise<Overview> {
  const pages = await analytics.submissions(ctx, period);
  const campaigns = await analytics.campaigns(ctx, period);
  return { pages, campaigns, audiences: await analytics.audiences(ctx, period) };
}

/** Numbers over time: submissions of pages, performance of campaigns, growth of audiences. */
export const analyticsRoutes: Route[] = [
  route({
    operation: 'analytics-overview',
    method: 'GET',
    path: PATH,
    summary: 'Get submissions, campaign performance and audience growth together',
    query,
    answer: z.object({ data: analysisOutputs.overview }),
    run: (ctx, { query: given }) => overview(ctx, periodOf(ctx, given)),
    reply: (all) => ({ status: 200, body: { data: analysisFormats.overview(all) } }),
  }),
  ...routesOf({
    ...{ group: 'pages', noun: 'page', about: 'submissions' },
    ...{ output: analysisOutputs.pages, read: analytics.submissions, format: analysisFormats.pages },
  }),
  ...routesOf({
    ...{ group: 'campaigns', noun: 'campaign', about: 'performance' },
    ...{ output: analysisOutputs.campaigns, read: analytics.campaigns, format: analysisFormats.campaigns },
  }),
  ...routesOf({
    ...{ group: 'audiences', noun: 'audience', about: 'growth' },
    ...{ output: analysisOutputs.audiences, read: analytics.audiences, format: analysisFormats.audiences },
  }),
];
