import type { IncomingHttpHeaders } from 'node:http';
import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { ownHeaders } from '../rest/dialects';

const PREFLIGHT_SECONDS = 600;

const EXPOSED_HEADERS = ['retry-after', 'x-request-id', 'idempotency-replayed', 'content-disposition'];

/**
 * Lets scripts of other sites use the doors that are mounted in this scope. Keys stand in headers that no browser
 * sends by itself, so cookies and credentials are never asked for.
 */
export async function allowOrigins(
  scope: FastifyInstance,
  origins: readonly string[] | undefined,
): Promise<void> {
  if (!origins) return;
  await scope.register(cors, {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: [...EXPOSED_HEADERS, ...ownHeaders()],
    maxAge: PREFLIGHT_SECONDS,
    // An OPTIONS that is no preflight is left to the doors.
    strictPreflight: false,
  });
}

/**
 * Whether a browser may open a socket from where it is. Without the setting all may: a socket does nothing until it
 * has sent a key, which no browser does by itself, so no site can use the rights of a visitor.
 */
export function mayOpenSocket(
  { origin, host }: IncomingHttpHeaders,
  origins: readonly string[] | undefined,
): boolean {
  if (!origins || origin === undefined || origins.includes('*') || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
