import type { FastifyRequest } from 'fastify';
import type { Credential, Place } from './dialect';

function partOf({ in: part, name }: Place, request: FastifyRequest): unknown {
  if (part === 'header') return request.headers[name.toLowerCase()];
  return (request[part] as Record<string, unknown> | null | undefined)?.[name];
}

function keyIn(credential: Credential, request: FastifyRequest): unknown {
  if (credential.in !== 'bearer') return partOf(credential, request);
  const [scheme, key, ...rest] = (request.headers.authorization ?? '').trim().split(/\s+/);
  return scheme === 'Bearer' && rest.length === 0 ? key : undefined;
}

/** Whether the key may stand in the body, so that the body has to be read first. */
export function isInBody({ in: place }: Credential): boolean {
  return place === 'body';
}

/** The key of a request, from the first of the places that has one. */
export function findKey(credentials: readonly Credential[], request: FastifyRequest): string | undefined {
  for (const credential of credentials) {
    const key = keyIn(credential, request);
    if (typeof key === 'string' && key !== '') return key;
  }
  return undefined;
}

/** What a request says at the first of the places that says anything. */
export function findGiven(places: readonly Place[], request: FastifyRequest): unknown {
  return places.map((place) => partOf(place, request)).find((given) => given != null && given !== '');
}
