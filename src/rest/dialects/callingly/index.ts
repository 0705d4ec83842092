import type { Dialect } from '../../dialect';
import { quotaHeaders } from '../../quota-headers';
import { agentRoutes } from './agents';
import { callRoutes } from './calls';
import { clientRoutes } from './clients';
import { errors, otherMethod } from './errors';
import { examples } from './examples';
import { leadRoutes } from './leads';
import { smsRoutes } from './sms';
import { teamAgentRoutes } from './team-agents';
import { teamRoutes } from './teams';
import { webhookFormats } from './webhook-format';
import { webhookRoutes } from './webhooks';

/** Callingly: the REST API v1 at its documented paths. */
export const callingly: Dialect = {
  name: 'callingly',
  title: 'Callingly',
  about:
    'Clients, teams, agents, calls, leads, texts and webhooks of Callingly. Times without a zone are UTC; times in words are in the account’s zone.',
  documentation: 'https://callingly.com',
  version: '1',
  bases: ['/v1'],
  credentials: [{ in: 'bearer' }],
  ids: 'integer',
  clientAccount: [
    { in: 'body', name: 'account_id' },
    { in: 'query', name: 'account_id' },
    { in: 'header', name: 'X-Account-Id' },
  ],
  otherMethod,
  rateLimit: { bucket: 'all', limit: 120, windowSeconds: 60 },
  quotaHeaders,
  errors,
  routes: [
    ...clientRoutes,
    ...teamRoutes,
    ...teamAgentRoutes,
    ...agentRoutes,
    ...smsRoutes,
    ...callRoutes,
    ...leadRoutes,
    ...webhookRoutes,
  ],
  webhookFormats,
  examples,
};
