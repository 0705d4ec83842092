import type { ZodObject, ZodType } from 'zod';
import type { Context } from '../domain/context';
import type { DomainError, ErrorCode } from '../domain/error';
import type { Quota, RateLimit } from '../domain/rate-limit';
import type { WebhookFormat } from '../domain/webhook/webhook-format';
import type { Repeated } from './body';

/** What a client sent, read but not yet checked. */
export interface WireRequest {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
  /** The whole address that was asked for. */
  url: string;
  /** What is left of the limit after this request. */
  quota?: Quota | undefined;
}

/** What goes back: a JSON body, and headers beside the usual ones. */
export interface Reply {
  status: number;
  /** Any JSON value; what comes in batches (an async iterable of lists) is sent as one list while it comes. */
  body: unknown;
  headers?: Record<string, string>;
}

/** A named part of a request. */
export type Place =
  | { in: 'header'; name: string }
  | { in: 'query'; name: string }
  | { in: 'body'; name: string };

/** Where a client may put its key; places are tried in their order. */
export type Credential = { in: 'bearer' } | Place;

/** How a body may be written; forms may have lists and objects in PHP's brackets (`ids[0]=1`). */
export type BodyFormat = 'json' | 'urlencoded' | 'multipart';

/** The checked parts of a request, in domain terms. */
export interface Input<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** The whole address that was asked for. */
  url: string;
  /** What is left of the limit after this request. */
  quota?: Quota | undefined;
}

/** One documented operation: what it takes, the one domain call it is, and how the result is answered. */
export interface Route<Params = unknown, Query = unknown, Body = unknown, Result = unknown> {
  /** Identifier of the operation in the OpenAPI document. */
  operation: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Documented path from the host on; `{name}` is a parameter. */
  path: string;
  summary: string;
  /** Tells operations apart that share method and path; the first that holds is taken. */
  when?: (request: WireRequest) => boolean;
  /** Further paths of the operation, such as those that the vendor's samples call. */
  otherPaths?: string[];
  /** In place of the dialect's answers to these failures. */
  errors?: Partial<Dialect['errors']>;
  /** Needs no access token, such as the operation that gives one. */
  isWithoutSession?: boolean;
  /** Any key may do it, whatever its scopes. */
  isForEveryKey?: boolean;
  /** In place of the dialect's limit. */
  rateLimit?: RateLimit;
  params?: ZodObject;
  query?: ZodObject;
  body?: ZodType;
  /** What the body of a usual answer looks like. */
  answer: ZodType;
  /** Name on the wire of each domain field, for errors that come from the domain. */
  wireNames?: ReadonlyMap<string, string>;
  /** Throws FORBIDDEN for a caller who may not do it, before its parameters are looked at. */
  permit?: (ctx: Context) => void;
  run: (ctx: Context, input: Input<Params, Query, Body>) => Promise<Result>;
  /** Puts the result into words; from the context it reads only whose the result is and what time it is. */
  reply: (result: Result, input: Input<Params, Query, Body>, ctx: Context) => Reply;
}

type Parsed<Schema> = Schema extends ZodType<infer Output> ? Output : undefined;

/** Declares a route; the types of its input follow from its schemas. */
export function route<
  Result,
  Params extends ZodObject | undefined = undefined,
  Query extends ZodObject | undefined = undefined,
  Body extends ZodType | undefined = undefined,
>(
  declaration: Omit<
    Route<Parsed<Params>, Parsed<Query>, Parsed<Body>, Result>,
    'params' | 'query' | 'body'
  > & {
    params?: Params;
    query?: Query;
    body?: Body;
  },
): Route {
  return declaration as unknown as Route;
}

/**
 * A documented request with its documented answer. `{id of NAME}` in the path or as a text of the body is the id of
 * what an earlier answer called `name` NAME, or what an earlier example remembers as NAME.
 */
export interface Example {
  title: string;
  operation: string;
  /** What later examples call the `id` of this answer. */
  remember?: string;
  request: { path: string; headers?: Record<string, string>; body?: unknown };
  response: { status: number; body: unknown };
}

/** A vendor's API, declared. */
export interface Dialect {
  /** Lower-case word: `/<name>/…` and the host `<name>.…` reach it too. */
  name: string;
  title: string;
  /** What it covers, for its documentation. */
  about: string;
  /** The address of the vendor's own documentation. */
  documentation: string;
  version: string;
  /** Paths from which on everything is this dialect's, unknown paths included. */
  bases: string[];
  credentials: Credential[];
  /** Where an agent's access token stands, for dialects whose operations an agent does; the key is needed besides. */
  accessToken?: Credential[];
  /** What its ids look like: UUIDs, or the whole numbers that every record has besides. */
  ids: 'uuid' | 'integer';
  /** Where the request of an agency names the client account that it is for, the first place wins; default: nowhere. */
  clientAccount?: Place[];
  /** Its names of scopes, by ours, where they differ: `{ 'audienceGroups:read': 'audiences:read' }`. */
  scopeNames?: Record<string, string>;
  /** Its names of sets of our scopes: a new key that is given one gets the scopes. */
  scopeSets?: Readonly<Record<string, readonly string[]>>;
  /** How bodies may be written; default: as JSON, whatever the content type says. */
  bodies?: BodyFormat[];
  /** What a repeated parameter of a query or a form is; default: a list. */
  repeated?: Repeated;
  /** Whether query and body are one set of parameters, also of a GET, the body's before the query's; default: apart. */
  hasOneParameterSet?: boolean;
  /** The answer to a method that a known path does not have; default: as to an unknown path. */
  otherMethod?: (method: string) => Reply;
  /** For routes without a limit of their own, and for unknown paths. */
  rateLimit: RateLimit;
  /** Headers that tell a client what is left of its limit. */
  quotaHeaders: (quota: Quota) => Record<string, string>;
  /** How each failure is answered; a new error code does not compile until every dialect has it. */
  errors: Record<ErrorCode, (error: DomainError, quota?: Quota) => Reply>;
  routes: Route[];
  /** How its webhooks look to those who get them. */
  webhookFormats?: readonly WebhookFormat[];
  examples: Example[];
}
