import type { Example } from '../../dialect';
import { agentExamples } from './examples/agents';
import { callExamples } from './examples/calls';
import { clientExamples } from './examples/clients';
import { leadExamples } from './examples/leads';
import { smsExamples } from './examples/sms';
import { teamExamples } from './examples/teams';
import { webhookExamples } from './examples/webhooks';

/**
 * The vendor's documented requests in an order in which they build on one another: agents make up teams, teams make
 * calls, calls make leads. An agency asks, since it may do what every account may.
 */
export const examples: Example[] = [
  ...clientExamples,
  ...agentExamples,
  ...teamExamples,
  ...callExamples,
  ...leadExamples,
  ...smsExamples,
  ...webhookExamples,
];
