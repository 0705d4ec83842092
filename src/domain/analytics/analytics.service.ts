import { Audience } from '../audience/audience.entity';
import { Campaign } from '../campaign/campaign.entity';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import { FormPage } from '../form-page/form-page.entity';
import { readGrowth } from './audience-growth';
import {
  CAMPAIGN_KEYS,
  type CampaignNumbers,
  type CampaignRates,
  ratesOf,
  readMessagesPerDay,
} from './campaign-numbers';
import { checkPeriod, type Period } from './period.rules';
import { sumSeries, sumTotals } from './series.rules';
import { type PageSubmissions, readSubmissionsByPage, readSubmissionsPerDay } from './submission-numbers';

/** Numbers over a period: in all, and for each of its stretches, whose `date` is their first day. */
export interface Analysis<Totals, Step = Totals> extends Period {
  totals: Totals;
  series: (Step & { date: string })[];
}

/** Which numbers are wanted; dates are days of the account’s zone, both included, at most three years. */
export type AnalysisQuery = Pick<Period, 'from' | 'to'> & { interval?: Period['interval'] };

/** Submissions of one page, or of all with the pages that have most of them. */
export type SubmissionAnalysis = Analysis<{ submissions: number }> & { pages: PageSubmissions[] };

/** What became of messages, with the shares of the delivered that were opened and clicked. */
export type CampaignAnalysis = Analysis<CampaignNumbers & CampaignRates, CampaignNumbers>;

/** What came to an audience and what left it, and how many there were at the end. */
export type AudienceAnalysis = Analysis<{ added: number; removed: number; total: number }>;

async function idOf<T extends Audience | Campaign | FormPage>(
  ctx: Context,
  entity: abstract new () => T,
  ref: RowRef | undefined,
): Promise<string | null> {
  return ref === undefined ? null : (await ctx.repo(entity).get(ref)).id;
}

/** Numbers over time; all need the scope `analytics:read`. */
export const analytics = {
  /** Submissions of a page, or of all pages, deleted ones included. Throws NOT_FOUND, INVALID. */
  async submissions(ctx: Context, query: AnalysisQuery, page?: RowRef): Promise<SubmissionAnalysis> {
    ctx.require('analytics:read');
    const period = checkPeriod(query);
    const pageId = await idOf(ctx, FormPage, page);
    const series = sumSeries(period, await readSubmissionsPerDay(ctx, period, pageId), ['submissions']);
    const pages = await readSubmissionsByPage(ctx, period, pageId);
    return { ...period, totals: sumTotals(series, ['submissions']), series, pages };
  },

  /**
   * Messages of a campaign, or of all, by the day that they were handed over, and those that never were by the day
   * that they were written down. Throws NOT_FOUND, INVALID.
   */
  async campaigns(ctx: Context, query: AnalysisQuery, campaign?: RowRef): Promise<CampaignAnalysis> {
    ctx.require('analytics:read');
    const period = checkPeriod(query);
    const days = await readMessagesPerDay(ctx, period, await idOf(ctx, Campaign, campaign));
    const series = sumSeries(period, days, CAMPAIGN_KEYS);
    const totals = sumTotals(series, CAMPAIGN_KEYS);
    return { ...period, totals: { ...totals, ...ratesOf(totals) }, series };
  },

  /** Growth of an audience, or of all, deleted ones included. Throws NOT_FOUND, INVALID. */
  async audiences(ctx: Context, query: AnalysisQuery, audience?: RowRef): Promise<AudienceAnalysis> {
    ctx.require('analytics:read');
    const period = checkPeriod(query);
    const series = await readGrowth(ctx, period, await idOf(ctx, Audience, audience));
    const totals = { ...sumTotals(series, ['added', 'removed']), total: series.at(-1)?.total ?? 0 };
    return { ...period, totals, series };
  },
};
