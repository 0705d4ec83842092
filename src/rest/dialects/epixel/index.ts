import type { Dialect } from '../../dialect';
import { quotaHeaders } from '../../quota-headers';
import { appointmentRoutes } from './appointments';
import { errors } from './errors';
import { examples } from './examples';
import { leadWriteRoutes } from './lead-writes';
import { leadRoutes } from './leads';
import { noteRoutes } from './notes';
import { BASES } from './paths';
import { sessionRoutes } from './session';

/** Epixel "Leads & CRM" at its documented paths and at those that its samples call. */
export const epixel: Dialect = {
  name: 'epixel',
  title: 'Epixel Leads & CRM',
  about:
    'Leads of agents, with their notes and appointments. A request has the key and the access token of an agent.',
  documentation: 'https://docs.epixelmlmsoftware.com',
  version: 'v1',
  bases: BASES,
  credentials: [{ in: 'header', name: 'apikey' }],
  accessToken: [{ in: 'bearer' }],
  bodies: ['json', 'urlencoded', 'multipart'],
  repeated: 'last',
  ids: 'integer',
  rateLimit: { bucket: 'all', limit: 600, windowSeconds: 60 },
  quotaHeaders,
  errors,
  routes: [...sessionRoutes, ...leadRoutes, ...appointmentRoutes, ...leadWriteRoutes, ...noteRoutes],
  examples,
};
