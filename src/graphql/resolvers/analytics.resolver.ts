import { GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import { type AnalysisQuery, analytics } from '../../domain/analytics/analytics.service';
import type { Interval } from '../../domain/analytics/period.rules';
import { enumeration } from '../../domain/enumeration';
import { type MadeFields, makeObject } from '../made-type';
import { type RootArgument, rootField } from '../root-field';

const interval = enumeration('AnalysisInterval', 'The stretches that numbers are told in.', {
  day: 'Days.',
  week: 'Weeks, from Monday.',
  month: 'Months.',
});

const whole = (about: string) => ({ type: () => GraphQLInt, about });
const date = (about: string) => ({ type: () => GraphQLString, about });
const PERIOD: MadeFields = {
  from: date('First day, in the account’s zone.'),
  to: date('Last day.'),
  interval: { type: () => interval.graphql, about: 'The stretches of the series.' },
};

const SUBMISSIONS: MadeFields = { submissions: whole('How many submissions there were.') };

const MESSAGES: MadeFields = {
  recipients: whole('Addresses.'),
  sent: whole('Messages that were handed over, those that came back included.'),
  delivered: whole('Messages that were handed over and did not come back.'),
  opened: whole('Messages that were opened.'),
  clicked: whole('Messages with a link that was followed.'),
  bounced: whole('Messages that came back.'),
  unsubscribed: whole('Contacts who unsubscribed by one.'),
  failed: whole('Messages that were refused, could not be written, or were put off too often.'),
  unknown: whole('Messages that may have arrived or not.'),
  skipped: whole('Contacts who left, or were not to be written to any more.'),
  creditsUsed: whole('Parts of texts that were charged.'),
};

const RATES: MadeFields = {
  openRate: { type: () => GraphQLFloat, about: 'Opened ones among the delivered, from 0 to 1.' },
  clickRate: { type: () => GraphQLFloat, about: 'Clicked ones among the delivered, from 0 to 1.' },
};

const GROWTH: MadeFields = {
  added: whole('How many contacts came.'),
  removed: whole('How many contacts went.'),
  total: whole('How many there were at the end.'),
};

interface Analysed {
  name: string;
  about: string;
  /** What a number counts, in all and in each stretch. */
  numbers: MadeFields;
  totals?: MadeFields;
  more?: MadeFields;
}

/** `SubmissionAnalysis` with its totals and its series. */
function analysisType({ name, about, numbers, totals = {}, more = {} }: Analysed) {
  const sums = makeObject(`${name}Totals`, `${about} In all.`, { ...numbers, ...totals });
  const step = makeObject(`${name}Step`, `${about} In one stretch.`, {
    date: date('First day of the stretch, in the account’s zone.'),
    ...numbers,
  });
  return makeObject(`${name}Analysis`, about, {
    ...PERIOD,
    totals: { type: () => sums, about: 'In all.' },
    series: { type: () => [step], about: 'Every stretch of the period, in order.' },
    ...more,
  });
}

const pageSubmissions = makeObject('PageSubmissions', 'How much one page was sent.', {
  pageId: { type: () => GraphQLID, about: 'The page.' },
  ...SUBMISSIONS,
});

const submissionAnalysis = analysisType({
  ...{ name: 'Submission', about: 'Submissions over a period.', numbers: SUBMISSIONS },
  more: {
    pages: { type: () => [pageSubmissions], about: 'The pages with most of them, at most a hundred.' },
  },
});
const campaignAnalysis = analysisType({
  ...{ name: 'Campaign', about: 'Messages of campaigns over a period.', numbers: MESSAGES, totals: RATES },
});
const audienceAnalysis = analysisType({
  ...{ name: 'Audience', about: 'Growth of audiences over a period.', numbers: GROWTH },
});

interface Arguments {
  id?: string | null;
  from: string;
  to: string;
  interval: Interval;
}

const argumentsOf = (noun: string): Record<keyof Arguments, RootArgument> => ({
  id: { type: () => GraphQLID, about: `One ${noun}; all when not given.`, nullable: true },
  from: { type: () => GraphQLString, about: 'First day in the account’s zone, like 2026-01-01.' },
  to: { type: () => GraphQLString, about: 'Last day, like 2026-01-31; less than three years later.' },
  interval: { type: () => interval.graphql, about: 'The stretches of the series.', defaultValue: 'day' },
});

const split = ({ id, ...query }: Arguments): [AnalysisQuery, string | undefined] => [query, id ?? undefined];

/** Numbers over time, in days, weeks or months of the account’s zone. */
export const analyticsResolvers = [
  rootField<Arguments>({
    ...{ kind: 'query', name: 'submissionAnalysis', type: () => submissionAnalysis },
    about: 'Submissions of a form page, or of all, over a period.',
    args: argumentsOf('form page'),
    resolve: (ctx, args) => analytics.submissions(ctx, ...split(args)),
  }),
  rootField<Arguments>({
    ...{ kind: 'query', name: 'campaignAnalysis', type: () => campaignAnalysis },
    about:
      'Messages of a campaign, or of all, over a period: by the day that each was handed over, or else written down.',
    args: argumentsOf('campaign'),
    resolve: (ctx, args) => analytics.campaigns(ctx, ...split(args)),
  }),
  rootField<Arguments>({
    ...{ kind: 'query', name: 'audienceAnalysis', type: () => audienceAnalysis },
    about: 'Growth of an audience, or of all, deleted ones included, over a period.',
    args: argumentsOf('audience'),
    resolve: (ctx, args) => analytics.audiences(ctx, ...split(args)),
  }),
];
