import { z } from 'zod';
import type { Quota } from '../../../domain/rate-limit';
import { type Reply, type Route, route } from '../../dialect';
import { ANY_ORIGIN } from './errors';
import { PERMISSIONS, permissionsOf } from './permissions';
import { ok } from './replies';

/** These may be asked for by pages of other sites. */
const forBrowsers = (body: unknown): Reply => ({ ...ok(body), headers: ANY_ORIGIN });

const permissionsOutput = z.array(z.enum(Object.keys(PERMISSIONS) as [string, ...string[]]));
const usageOutput = z.object({
  limit: z.int().describe('Calls of the key in an hour.'),
  used: z.int().describe('Calls in the last hour.'),
  remaining: z.int().describe('Calls that are left.'),
});

/** What is left of the calls of the key. */
function usage(quota: Quota | undefined): z.infer<typeof usageOutput> {
  const { limit = 0, remaining = 0 } = quota ?? {};
  return { limit, used: limit - remaining, remaining };
}

const usageRoute = (operation: string, method: 'GET' | 'POST') =>
  route({
    operation,
    method,
    path: '/api/v1/usage',
    summary: 'Usage of the key',
    isForEveryKey: true,
    answer: usageOutput,
    run: async () => undefined,
    reply: (_, { quota }) => forBrowsers(usage(quota)),
  });

/** What a key is, for any key. */
export const sessionRoutes: Route[] = [
  route({
    operation: 'session-permissions',
    method: 'GET',
    path: '/api/v1/session/permissions',
    summary: 'List the permissions of the key',
    isForEveryKey: true,
    answer: permissionsOutput,
    run: async (ctx) => permissionsOf(ctx),
    reply: forBrowsers,
  }),
  route({
    operation: 'session-powered-by',
    method: 'GET',
    path: '/api/v1/session/poweredby',
    summary: 'What a page says it is powered by',
    isForEveryKey: true,
    answer: z.object({
      plan: z.string().describe('The plan: always self-hosted.'),
      footerlink: z.boolean().describe('Whether pages have to name the vendor.'),
      partnercode: z.string().describe('Code of a partner: always empty.'),
    }),
    run: async () => ({ plan: 'self-hosted', footerlink: false, partnercode: '' }),
    reply: (session) => ok(session),
  }),
  usageRoute('usage', 'POST'),
  usageRoute('usage-get', 'GET'),
];
