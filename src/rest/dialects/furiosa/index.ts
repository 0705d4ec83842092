import type { Dialect } from '../../dialect';
import { analyticsRoutes } from './analytics';
import { audienceGroupRoutes } from './audience-groups';
import { audienceRoutes } from './audiences';
import { campaignRoutes } from './campaigns';
import { contactRoutes } from './contacts';
import { errors, otherMethod, quotaHeaders } from './errors';
import { examples } from './examples';
import { pageRoutes } from './pages';
import { furiosaFormat } from './webhook-format';

/** FuriosaCRM: the REST API v1 at its documented paths. */
export const furiosa: Dialect = {
  name: 'furiosa',
  title: 'FuriosaCRM',
  about:
    'Contacts, audiences with their groups, campaigns, pages and analytics of FuriosaCRM. Times are UTC, days of analytics those of the account’s zone.',
  documentation: 'https://app.furiosacrm.com',
  version: '1',
  bases: ['contacts', 'audiences', 'campaigns', 'pages', 'analytics'].map((group) => `/api/v1/${group}`),
  credentials: [{ in: 'bearer' }],
  ids: 'integer',
  scopeNames: {
    'audienceGroups:read': 'audiences:read',
    'audienceGroups:write': 'audiences:write',
    'formPages:read': 'pages:read',
  },
  otherMethod,
  rateLimit: { bucket: 'all', limit: 60, windowSeconds: 60 },
  quotaHeaders,
  errors,
  routes: [
    ...contactRoutes,
    ...audienceRoutes,
    ...audienceGroupRoutes,
    ...campaignRoutes,
    ...pageRoutes,
    ...analyticsRoutes,
  ],
  webhookFormats: [furiosaFormat],
  examples,
};
