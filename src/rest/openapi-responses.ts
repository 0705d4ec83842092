import type { ZodType } from 'zod';
import { DomainError, ERROR_CODES, type ErrorCode } from '../domain/error';
import type { Quota } from '../domain/rate-limit';
import type { Dialect, Example, Reply, Route } from './dialect';
import { completed } from './openapi-example';
import { type Json, jsonSchema, SAMPLE_FIELD, schemaOfSamples } from './openapi-schema';

type Titled = readonly [title: string, value: unknown];

/** A schema, and examples by their titles. */
export function jsonContent(schema: Json, examples: readonly Titled[]): Json {
  const named = examples.map(([title, value]) => [title, { value }]);
  return { schema, ...(named.length > 0 && { examples: Object.fromEntries(named) }) };
}

/** The schema that holds when one of several does. */
export function anyOf(schemas: Json[]): Json {
  const [schema = {}, ...others] = schemas;
  return others.length > 0 ? { anyOf: schemas } : schema;
}

// Some dialects answer a body that cannot be read and fields that are wrong differently.
const REFUSALS = [
  ...ERROR_CODES.map((code) => new DomainError(code, code.toLowerCase().replaceAll('_', ' '))),
  new DomainError('INVALID', 'invalid field', { fields: { [SAMPLE_FIELD]: ['What is wrong with it.'] } }),
];

/** Refusals of what stands in the lists of a body, which some dialects tell of by their places. */
function refusalsOfItems(variants: Route[]): DomainError[] {
  return variants.flatMap(({ body }) => {
    const { properties = {} } = body
      ? (jsonSchema(body, 'body') as { properties?: Record<string, Json> })
      : {};
    const lists = Object.entries(properties).filter(([, { type }]) => type === 'array');
    return lists.map(([name]) => {
      const fields = { [`${name}.0.${SAMPLE_FIELD}`]: ['What is wrong with it.'] };
      return new DomainError('INVALID', `invalid ${name}`, { fields });
    });
  });
}

/** What only writes are refused for. */
const OF_KEYS: ReadonlySet<ErrorCode> = new Set(['KEY_IN_USE', 'KEY_REUSED']);

const HEADER_ABOUT: [name: RegExp, about: string][] = [
  [/Limit$/, 'Requests that a key may make in the window. On answers to a known key.'],
  [/Remaining$/, 'Requests that are left of them. On answers to a known key.'],
  [/Reset$/, 'When the next one is free again, in seconds since 1970. On answers to a known key.'],
  [/^Retry-After$/, 'Seconds after which it may be tried again.'],
  [/^Idempotency-Replayed$/, '`true` on an answer that the Idempotency-Key has had before.'],
  [
    /^Access-Control-Allow-Origin$/,
    'The web site that asks, where the installation lets its scripts in; or any.',
  ],
  [/^X-Request-Id$/, 'Names the request in the log of the installation.'],
];
const IS_NUMBER = /(Limit|Remaining|Reset|Retry-After)$/;

function headerOf(name: string): Json {
  const [, description = 'The failure, for programs that read no body.'] =
    HEADER_ABOUT.find(([pattern]) => pattern.test(name)) ?? [];
  const schema: Json = IS_NUMBER.test(name)
    ? { type: 'integer', format: 'int64', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
    : { type: 'string', maxLength: 1_000, pattern: '^[ -~]*$' };
  return { description, schema };
}

function refs(names: string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** What the responses of a dialect's operations have in common. */
export class Responses {
  private readonly quotaNames: string[];
  private readonly headerNames = new Set<string>();
  /** Most operations refuse alike: each way stands once in the document. */
  private readonly nameByRefusal = new Map<string, string>();

  constructor(private readonly dialect: Dialect) {
    const quota = { isAllowed: true, limit: 1, remaining: 1, resetAtMs: 0 };
    this.quotaNames = Object.keys(dialect.quotaHeaders(quota));
  }

  /** The parts that {@link of} refers to. */
  components(): Json {
    const headers = Object.fromEntries([...this.headerNames].map((name) => [name, headerOf(name)]));
    const responses = [...this.nameByRefusal].map(([json, name]) => [name, JSON.parse(json)] as const);
    return { headers, responses: Object.fromEntries(responses) };
  }

  /** The responses of an operation by their status. */
  of(variants: Route[], examples: readonly Example[]): Record<string, Json> {
    return { ...this.answers(variants, examples), ...this.refusals(variants, examples) };
  }

  private answers(variants: Route[], examples: readonly Example[]): Record<string, Json> {
    const done = examples.filter(({ response }) => response.status < 400);
    // What the vendor shows no answer of is answered as most are.
    const statuses = new Set(done.length > 0 ? done.map(({ response }) => response.status) : [200]);
    const isRead = variants[0]?.method === 'GET';
    return Object.fromEntries(
      [...statuses].map((status) => {
        const same = done.filter(({ response }) => response.status === status);
        const answering = variants.filter(
          (one) => done.length === 0 || same.some(({ operation }) => operation === one.operation),
        );
        const schema = answerSchema(answering.map(({ answer }) => answer));
        const shown = same.map(({ title, response }) => [title, completed(schema, response.body)] as const);
        const headers = this.named(isRead ? [] : ['Idempotency-Replayed']);
        return [status, { description: 'Done.', headers, content: content(jsonContent(schema, shown)) }];
      }),
    );
  }

  private refusals(variants: Route[], examples: readonly Example[]): Record<string, Json> {
    const isRead = variants[0]?.method === 'GET';
    const { limit } = variants[0]?.rateLimit ?? this.dialect.rateLimit;
    const quota: Quota = { isAllowed: false, limit, remaining: 0, resetAtMs: 0 };
    const refusals = [...REFUSALS, ...refusalsOfItems(variants)];
    const replies = refusals
      .filter(({ code }) => !(isRead && OF_KEYS.has(code)))
      .flatMap((refusal) => {
        const records = [this.dialect.errors, ...variants.map(({ errors = {} }) => errors)];
        return records.flatMap((errors) => {
          const reply = errors[refusal.code]?.(refusal, quota);
          return reply ? [[refusal.message, reply] as const] : [];
        });
      });
    const statuses = new Set(replies.map(([, { status }]) => status));
    return Object.fromEntries(
      [...statuses].map((status) => [
        status,
        this.shared(
          this.refusal(
            replies.filter(([, reply]) => reply.status === status),
            examples.filter(({ response }) => response.status === status),
          ),
          status,
        ),
      ]),
    );
  }

  private refusal(replies: (readonly [title: string, reply: Reply])[], documented: Example[]): Json {
    const shown: Titled[] = [
      ...replies.map(([title, { body }]) => [title, body] as const),
      ...documented.map(({ title, response }) => [title, response.body] as const),
    ];
    const schema = schemaOfSamples(shown.map(([, body]) => body));
    const names = [...new Set(replies.flatMap(([, { headers = {} }]) => Object.keys(headers)))];
    return {
      description: [...new Set(replies.map(([title]) => title))].join(', '),
      headers: this.named(names),
      content: content(jsonContent(schema, shown)),
    };
  }

  private shared(refusal: Json, status: number): Json {
    const json = JSON.stringify(refusal);
    const namesakes = [...this.nameByRefusal.values()].filter((name) => name.startsWith(`Refused${status}`));
    const name =
      this.nameByRefusal.get(json) ??
      ['Refused', status, ...(namesakes.length > 0 ? ['_', namesakes.length + 1] : [])].join('');
    this.nameByRefusal.set(json, name);
    return { $ref: `#/components/responses/${name}` };
  }

  private named(names: string[]): Json {
    const all = new Set([...this.quotaNames, ...names, 'X-Request-Id', 'Access-Control-Allow-Origin']);
    for (const name of all) this.headerNames.add(name);
    return refs([...all]);
  }
}

const content = (media: Json): Json => ({ 'application/json': media });

function answerSchema(answers: ZodType[]): Json {
  return anyOf([...new Set(answers)].map((one) => jsonSchema(one, 'answer')));
}
