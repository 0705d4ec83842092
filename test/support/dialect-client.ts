import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { DomainError, type ErrorCode } from '../../src/domain/error';
import type { Credential, Dialect, Example, Route } from '../../src/rest/dialect';
import { DIALECTS } from '../../src/rest/dialects';
import { tokenOf } from './dialect-account';

/** A request as a client of a vendor makes it; `payload` is a body that is sent as it stands. */
export interface Call {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  payload?: string;
}

/** Rows for `describe.each`: every dialect there is, by name. */
export const EACH_DIALECT = DIALECTS.map((dialect) => [dialect.name, dialect] as const);

/** Rows for `test.each`: every route of a dialect, by name. */
export function eachRoute(dialect: Dialect): [string, Route][] {
  return dialect.routes.map((route) => [`${route.operation} (${route.method} ${route.path})`, route]);
}

/** An id that no record has. */
export const UNKNOWN_IDS: Record<Dialect['ids'], string> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  integer: '2147483647',
};

/** The route that an example is of. */
export function routeOf(dialect: Dialect, { operation }: Example): Route {
  const route = dialect.routes.find((one) => one.operation === operation);
  if (!route) throw new Error(`an example is of ${operation}, which is no operation of ${dialect.name}`);
  return route;
}

/** The documented request; `{id of NAME}` becomes the id of that record, or one that is unknown. */
export function callOf(dialect: Dialect, example: Example, idsByName?: ReadonlyMap<string, string>): Call {
  const { path, headers, body } = example.request;
  const withIds = (text: string) =>
    text.replace(/\{id of ([^}]+)\}/g, (_, name) => idsByName?.get(name) ?? UNKNOWN_IDS[dialect.ids]);
  return {
    ...{ method: routeOf(dialect, example).method, path: withIds(path) },
    ...(headers && { headers }),
    ...(body !== undefined && { body: JSON.parse(withIds(JSON.stringify(body))) }),
  };
}

/** Notes the id of everything in an answer that has a name or a title, and of the answer that the example remembers. */
export function noteIds({ remember }: Example, answer: unknown, idsByName: Map<string, string>): void {
  const { data, id = (data as { id?: unknown } | undefined)?.id } = (answer ?? {}) as Record<string, unknown>;
  if (remember !== undefined && id !== undefined) idsByName.set(remember, String(id));
  noteNames(answer, idsByName);
}

function noteNames(answer: unknown, idsByName: Map<string, string>): void {
  if (answer === null || typeof answer !== 'object') return;
  const {
    userId,
    id = userId,
    username,
    subject = username,
    title = subject,
    name = title,
  } = answer as Record<string, unknown>;
  if (typeof name === 'string' && id !== undefined) idsByName.set(name, String(id));
  for (const item of Object.values(answer)) noteNames(item, idsByName);
}

/** The first documented request of a route. */
export function firstCallOf(dialect: Dialect, { operation }: Route): Call {
  const example = dialect.examples.find((one) => one.operation === operation);
  if (!example) throw new Error(`${operation} of ${dialect.name} has no example`);
  return callOf(dialect, example);
}

function withKey(call: Call, credential: Credential, key: string): Call {
  switch (credential.in) {
    case 'bearer':
      return { ...call, headers: { ...call.headers, authorization: `Bearer ${key}` } };
    case 'header':
      return { ...call, headers: { ...call.headers, [credential.name]: key } };
    case 'query': {
      const separator = call.path.includes('?') ? '&' : '?';
      return { ...call, path: `${call.path}${separator}${credential.name}=${encodeURIComponent(key)}` };
    }
    case 'body':
      return { ...call, body: { ...(call.body as object), [credential.name]: key } };
  }
}

/** Sends a call into the server with the key where the dialect looks first, or where `credential` says. */
export function send(
  app: FastifyInstance,
  dialect: Dialect,
  call: Call,
  key?: string,
  credential: Credential = dialect.credentials[0] as Credential,
): Promise<LightMyRequestResponse> {
  const token = key && dialect.accessToken ? tokenOf(key) : undefined;
  const signedIn = token ? withKey(call, dialect.accessToken?.[0] as Credential, token) : call;
  const { method, path, headers, body, payload } = key ? withKey(signedIn, credential, key) : call;
  const text = payload ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  return app.inject({ method: method as 'GET', url: path, headers: { ...type, ...headers }, payload: text });
}

/**
 * Proves that an answer is what the dialect says for a failure, or the operation where it has words of its own:
 * status, keys of the body, request id.
 */
export function expectRefusal(
  dialect: Dialect,
  code: ErrorCode,
  response: LightMyRequestResponse,
  route?: Route,
): void {
  const answers = [dialect.errors[code], route?.errors?.[code]].filter((answer) => answer !== undefined);
  const samplesOf = (fields?: Record<string, string[]>) =>
    answers.map((answer) => answer(new DomainError(code, 'sample', { fields })));
  const bodies = [...samplesOf(), ...samplesOf({ body: ['wrong'] }), ...samplesOf({ field: ['wrong'] })]
    .filter(({ status }) => status === response.statusCode)
    .map(({ body }) => Object.keys(body as object));
  const keys = Object.keys(response.json());
  expect({ status: response.statusCode, body: response.body }).toEqual({
    status: bodies.length > 0 ? response.statusCode : samplesOf()[0]?.status,
    body: expect.any(String),
  });
  expect(keys).toEqual(expect.arrayContaining(bodies[0] ?? []));
  expect(bodies.flat()).toEqual(expect.arrayContaining(keys));
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(response.headers['x-request-id']).toEqual(expect.any(String));
}
