import type { Dialect, Route } from '../../dialect';
import { analyticsRoutes } from './analytics';
import { audienceGroupRoutes } from './audience-groups';
import { audienceRoutes } from './audiences';
import { campaignRoutes } from './campaigns';
import { contactRoutes } from './contacts';
import { errors, otherMethod, quotaHeaders } from './errors';
import { examples } from './examples';
import { pageRoutes } from './pages';
import { furiosaFormat } from './webhook-format';

/** Operations on a noun for keys that may read or write it; others are told so before anything that is wrong with fields. */
function permitting(plural: string, routes: Route[]): Route[] {
  return routes.map((one) => ({
    ...one,
    permit: (ctx) => ctx.require(`${plural}:${one.method === 'GET' ? 'read' : 'write'}`),
  }));
}

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
    ...permitting('contacts', contactRoutes),
    ...permitting('audiences', audienceRoutes),
    ...permitting('audienceGroups', audienceGroupRoutes),
    ...permitting('campaigns', campaignRoutes),
    ...permitting('formPages', pageRoutes),
    ...permitting('analytics', analyticsRoutes),
  ],
  webhookFormats: [furiosaFormat],
  examples,
};
