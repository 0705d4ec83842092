import type { ZodType, z } from 'zod';
import { DomainError, type FieldMessages, invalid } from '../domain/error';
import type { Input, Route, WireRequest } from './dialect';

function messagesOf(issues: readonly z.core.$ZodIssue[]): FieldMessages {
  const fields: FieldMessages = {};
  for (const { path, message } of issues) {
    const name = path.join('.') || 'body';
    fields[name] = [...(fields[name] ?? []), message];
  }
  return fields;
}

function parsePart(schema: ZodType | undefined, value: unknown): { value?: unknown; fields: FieldMessages } {
  if (!schema) return { fields: {} };
  const parsed = schema.safeParse(value);
  return parsed.success ? { value: parsed.data, fields: {} } : { fields: messagesOf(parsed.error.issues) };
}

/** A part of a body in the form of its schema. Throws INVALID with the messages of every field. */
export function parseValue<T>(schema: ZodType<T>, given: unknown): T {
  const { value, fields } = parsePart(schema, given);
  if (Object.keys(fields).length > 0) throw invalid(fields);
  return value as T;
}

/** The checked parts of a request. Throws INVALID with the messages of every field, by its name on the wire. */
export function parseRequest(route: Route, request: WireRequest): Input<unknown, unknown, unknown> {
  const params = parsePart(route.params, request.params);
  const query = parsePart(route.query, request.query);
  const body = parsePart(route.body, request.body);
  const fields = { ...params.fields, ...query.fields, ...body.fields };
  if (Object.keys(fields).length > 0) throw invalid(fields);
  const { url, quota } = request;
  return { params: params.value, query: query.value, body: body.value, url, quota };
}

/** The domain names a field that is filtered by in its text, too. */
function withFilterOf(wireName: string, text: string): string {
  return text.replace(/^The filter on \w+/, `The filter on ${wireName}`);
}

/** The same error with the names that its fields have on the wire. */
export function inWireNames(error: DomainError, { wireNames }: Pick<Route, 'wireNames'>): DomainError {
  if (!error.fields || !wireNames) return error;
  const rename = (path: string) =>
    wireNames.get(path) ?? path.replace(/[^.]+/g, (name) => wireNames.get(name) ?? name);
  const fields = Object.fromEntries(
    Object.entries(error.fields).map(([path, texts]) => [
      rename(path),
      texts.map((text) => withFilterOf(rename(path), text)),
    ]),
  );
  const [first] = Object.keys(error.fields);
  const message = first === undefined ? error.message : withFilterOf(rename(first), error.message);
  return new DomainError(error.code, message, { ...error, fields, cause: error.cause });
}
