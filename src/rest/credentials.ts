import type { FastifyRequest } from 'fastify';
import type { Credential } from './dialect';

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function keyIn(credential: Credential, request: FastifyRequest): string | undefined {
  switch (credential.in) {
    case 'bearer': {
      const [scheme, key, ...rest] = (request.headers.authorization ?? '').trim().split(/\s+/);
      return scheme === 'Bearer' && rest.length === 0 ? textOf(key) : undefined;
    }
    case 'header':
      return textOf(request.headers[credential.name.toLowerCase()]);
    case 'query':
      return textOf((request.query as Record<string, unknown>)[credential.name]);
    case 'body':
      return textOf((request.body as Record<string, unknown> | null | undefined)?.[credential.name]);
  }
}

/** Whether the key may stand in the body, so that the body has to be read first. */
export function isInBody({ in: place }: Credential): boolean {
  return place === 'body';
}

/** The key of a request, from the first of the places that has one. */
export function findKey(credentials: readonly Credential[], request: FastifyRequest): string | undefined {
  for (const credential of credentials) {
    const key = keyIn(credential, request);
    if (key) return key;
  }
  return undefined;
}
