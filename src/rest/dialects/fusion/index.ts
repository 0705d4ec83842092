import type { Dialect } from '../../dialect';
import { quotaHeaders } from '../../quota-headers';
import { errors } from './errors';
import { eventRoutes } from './events';
import { examples } from './examples';
import { leadRoutes } from './leads';

/** Fusion Calling: the Leads API v1.2 and Calendar API v2.0 at their documented paths. */
export const fusion: Dialect = {
  name: 'fusion',
  title: 'Fusion Calling',
  about:
    'Leads of Fusion Calling: create one or a batch, look up by phone, list, read and change. ' +
    'Calendar events: list, read, create, change and delete.',
  documentation: 'https://app.fusioncalling.com/docs',
  version: '1.2',
  bases: ['/api/leads/external/v1', '/api/calendar/external/v1'],
  credentials: [{ in: 'bearer' }],
  ids: 'uuid',
  rateLimit: { bucket: 'other', limit: 12, windowSeconds: 60 },
  quotaHeaders,
  errors,
  routes: [...leadRoutes, ...eventRoutes],
  examples,
};
