import { z } from 'zod';
import type {
  Analysis,
  AudienceAnalysis,
  CampaignAnalysis,
  SubmissionAnalysis,
} from '../../../domain/analytics/analytics.service';
import { type CampaignNumbers, ratesOf } from '../../../domain/analytics/campaign-numbers';
import { campaignMetrics } from './campaign.fields';

type Numbers = Record<string, unknown>;

const INTERVALS = ['day', 'week', 'month'] as const;
const count = (about: string) => z.int().describe(about);

const submissionNumbers = z.object({ submissions: count('How often pages were sent.') });
const growthNumbers = z.object({
  added: count('Contacts that came.'),
  removed: count('Contacts that went.'),
  total: count('Contacts at the end.'),
});

/** What an analysis says besides its period. */
function partOf(numbers: z.ZodObject) {
  const date = z.iso.date().describe('First day of the stretch.');
  return z.object({
    totals: numbers.describe('In all.'),
    series: z.array(z.object({ date, ...numbers.shape })).describe('Every stretch of the period, in order.'),
  });
}

const period = z.object({
  from: z.iso.date().describe('First day.'),
  to: z.iso.date().describe('Last day.'),
  interval: z.enum(INTERVALS).describe('The stretches of the series.'),
});

const submissionPart = partOf(submissionNumbers);
const campaignPart = partOf(campaignMetrics.output());
const growthPart = partOf(growthNumbers);

/** What analyses look like. */
export const analysisOutputs = {
  pages: period.extend(submissionPart.shape),
  campaigns: period.extend(campaignPart.shape),
  audiences: period.extend(growthPart.shape),
  overview: period.extend({ pages: submissionPart, campaigns: campaignPart, audiences: growthPart }),
};

const periodOf = ({ from, to, interval }: Analysis<object>) => ({ from, to, interval });

const submissionsOf = ({ totals, series }: SubmissionAnalysis) => ({ totals, series });
const growthOf = ({ totals, series }: AudienceAnalysis) => ({ totals, series });

const metricsOf = (numbers: CampaignNumbers): Numbers =>
  campaignMetrics.format({ ...numbers, ...ratesOf(numbers) });

const messagesOf = ({ totals, series }: CampaignAnalysis) => ({
  totals: metricsOf(totals),
  series: series.map((step) => ({ date: step.date, ...metricsOf(step) })),
});

/** All three analyses of a period. */
export interface Overview {
  pages: SubmissionAnalysis;
  campaigns: CampaignAnalysis;
  audiences: AudienceAnalysis;
}

/** Analyses in the vendor's words. */
export const analysisFormats = {
  pages: (analysis: SubmissionAnalysis) => ({ ...periodOf(analysis), ...submissionsOf(analysis) }),
  campaigns: (analysis: CampaignAnalysis) => ({ ...periodOf(analysis), ...messagesOf(analysis) }),
  audiences: (analysis: AudienceAnalysis) => ({ ...periodOf(analysis), ...growthOf(analysis) }),
  overview: ({ pages, campaigns, audiences }: Overview) => ({
    ...periodOf(pages),
    ...{ pages: submissionsOf(pages), campaigns: messagesOf(campaigns), audiences: growthOf(audiences) },
  }),
};
