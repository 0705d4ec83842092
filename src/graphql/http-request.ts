import type { FastifyRequest } from 'fastify';
import { DomainError, invalid } from '../domain/error';
import { checkVariables } from './documents/limits';
import type { OperationRequest } from './documents/operation';
import { NO_OPERATION } from './documents/trusted-documents';

// Headers that a page of another site cannot send unasked, as Apollo has them.
const PREFLIGHTED_HEADERS = ['x-apollo-operation-name', 'apollo-require-preflight'];
const PARTS = ['query', 'documentId', 'operationName', 'variables', 'extensions'] as const;

type Part = (typeof PARTS)[number];

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isRecordOrNone(value: unknown): value is Record<string, unknown> | null | undefined {
  return value == null || isRecord(value);
}

function refuse(part: Part, message: string): DomainError {
  return invalid({ [part]: [message] });
}

function parsedParameter(part: Part, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(part, `The parameter ${part} is not valid JSON.`);
  }
}

/** What stands behind the path of an address. */
export function searchOf(url: string): string {
  const start = url.indexOf('?');
  return start < 0 ? '' : url.slice(start);
}

function partsOfAddress(request: FastifyRequest): Partial<Record<Part, unknown>> {
  const isPreflighted = PREFLIGHTED_HEADERS.some((name) => request.headers[name]);
  if (!isPreflighted && !request.headers['content-type']?.startsWith('application/json')) {
    throw new DomainError(
      'INVALID',
      `A GET request needs the header ${PREFLIGHTED_HEADERS[1]}, so that other sites cannot send it (CSRF).`,
    );
  }
  const given = new URLSearchParams(searchOf(request.url));
  const parts: Partial<Record<Part, unknown>> = {};
  for (const part of PARTS) {
    const [text, ...more] = given.getAll(part);
    if (more.length > 0) throw refuse(part, `The parameter ${part} may stand only once.`);
    if (text === undefined) continue;
    const isJson = part === 'variables' || part === 'extensions';
    parts[part] = isJson ? parsedParameter(part, text) : text;
  }
  return parts;
}

function partsOfBody({ body }: FastifyRequest): Partial<Record<Part, unknown>> {
  if (Array.isArray(body)) throw new DomainError('INVALID', 'Send one operation per request, not a list.');
  if (!isRecord(body)) throw new DomainError('INVALID', 'The body must be a JSON object with the key query.');
  return body;
}

/** What a request asks for. Throws INVALID for what is no GraphQL request at all, naming the part that is wrong. */
export function operationRequest(request: FastifyRequest): OperationRequest {
  const parts = request.method === 'GET' ? partsOfAddress(request) : partsOfBody(request);
  const { query, documentId, operationName, variables, extensions } = parts;
  if (!isRecordOrNone(variables)) throw refuse('variables', 'variables must be a JSON object.');
  if (!isRecordOrNone(extensions)) throw refuse('extensions', 'extensions must be a JSON object.');
  if (operationName != null && typeof operationName !== 'string') {
    throw refuse('operationName', 'operationName must be a text.');
  }
  if (query != null && typeof query !== 'string') throw refuse('query', NO_OPERATION);
  checkVariables(variables);
  return { query, documentId, operationName, variables, extensions };
}
