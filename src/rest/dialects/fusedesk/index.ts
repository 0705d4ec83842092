import type { Dialect } from '../../dialect';
import { caseWorkRoutes } from './case-work';
import { caseWriteRoutes } from './case-writes';
import { caseRoutes } from './cases';
import { caseTagRoutes } from './casetags';
import { chatRoutes } from './chats';
import { contactRoutes } from './contacts';
import { departmentRoutes } from './departments';
import { emailRoutes } from './emails';
import { errors, quotaHeaders } from './errors';
import { examples } from './examples';
import { integrationRoutes } from './integrations';
import { INCLUDED_SCOPES, PERMISSIONS } from './permissions';
import { repRoutes } from './reps';
import { sessionRoutes } from './session';
import { fusedeskFormat } from './webhook-format';
import { webhookRoutes } from './webhooks';

const GROUPS = {
  v1: ['cases', 'casetags', 'emails', 'chats', 'departments', 'reps', 'session', 'integrations', 'usage'],
  v2: ['contacts', 'departments', 'reps', 'webhooks'],
};

/** FuseDesk: the REST API, versions 1 and 2, at its documented paths. */
export const fusedesk: Dialect = {
  name: 'fusedesk',
  title: 'FuseDesk',
  about:
    'The help desk: cases, case tags, e-mails, chats, contacts, departments, reps and webhooks of FuseDesk. Parameters are taken from query, form, multipart and JSON alike; an empty one is as none.',
  documentation: 'https://www.fusedesk.com',
  version: '1 and 2',
  bases: Object.entries(GROUPS).flatMap(([version, groups]) =>
    groups.map((group) => `/api/${version}/${group}`),
  ),
  credentials: [
    { in: 'header', name: 'X-FuseDesk-API-Key' },
    { in: 'query', name: 'apikey' },
    { in: 'body', name: 'apikey' },
    { in: 'bearer' },
  ],
  bodies: ['json', 'urlencoded', 'multipart'],
  hasOneParameterSet: true,
  ids: 'integer',
  scopeNames: INCLUDED_SCOPES,
  scopeSets: PERMISSIONS,
  rateLimit: { bucket: 'all', limit: 1800, windowSeconds: 3600 },
  quotaHeaders,
  errors,
  routes: [
    ...sessionRoutes,
    ...departmentRoutes,
    ...repRoutes,
    ...contactRoutes,
    ...caseTagRoutes,
    ...caseRoutes,
    ...caseWriteRoutes,
    ...caseWorkRoutes,
    ...emailRoutes,
    ...chatRoutes,
    ...integrationRoutes,
    ...webhookRoutes,
  ],
  webhookFormats: [fusedeskFormat],
  examples,
};
