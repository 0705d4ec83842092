import type { Example } from '../../dialect';
import { analyticsExamples } from './examples/analytics';
import { audienceExamples } from './examples/audiences';
import { campaignExamples } from './examples/campaigns';
import { contactExamples } from './examples/contacts';
import { pageExamples } from './examples/pages';

/** The vendor's documented requests in an order in which they build on one another: contacts are of audiences. */
export const examples: Example[] = [
  ...audienceExamples,
  ...contactExamples,
  ...campaignExamples,
  ...pageExamples,
  ...analyticsExamples,
];
