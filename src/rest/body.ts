import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parse } from 'qs';
import { DomainError } from '../domain/error';
import type { BodyFormat } from './dialect';

/** Most bytes of a request body. */
export const BODY_MAX_BYTES = 1_048_576;

const FIELDS_MAX = 1000;
const LIST_MAX = 1000;
const DEPTH_MAX = 4;

function refusal(message: string, cause: unknown): DomainError {
  return new DomainError('INVALID', message, { cause });
}

/** The fields of a form as an object; PHP's brackets become lists and objects. */
export function parseForm(text: string): Record<string, unknown> {
  const limits = { depth: DEPTH_MAX, arrayLimit: LIST_MAX, parameterLimit: FIELDS_MAX };
  try {
    return parse(text, { ...limits, strictDepth: true, throwOnLimitExceeded: true });
  } catch (cause) {
    throw refusal(`The form has more than ${FIELDS_MAX} fields, or brackets that are too deep.`, cause);
  }
}

type JsonParser = ReturnType<FastifyInstance['getDefaultJsonParser']>;

function parseJson(parser: JsonParser, request: FastifyRequest, text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, value?: unknown) =>
      error ? reject(refusal('Invalid JSON in request body', error)) : resolve(value);
    parser(request, text, settle);
  });
}

/** Fields of a multipart body, read as those of an ordinary form; files are left out. */
async function readMultipart(app: FastifyInstance): Promise<void> {
  await app.register(multipart, {
    limits: { fields: FIELDS_MAX, parts: FIELDS_MAX, fieldSize: BODY_MAX_BYTES, files: 0 },
  });
  app.addHook('preValidation', async (request) => {
    if (!request.isMultipart()) return;
    const fields = new URLSearchParams();
    try {
      for await (const part of request.parts()) {
        if (part.type === 'field') fields.append(part.fieldname, String(part.value));
      }
    } catch (cause) {
      const { code } = cause as { code?: string };
      if (code === 'FST_REQ_FILE_TOO_LARGE' || code === 'FST_ERR_CTP_BODY_TOO_LARGE') throw cause;
      throw refusal(
        'The multipart body cannot be read: it has files, too many fields, or is cut off.',
        cause,
      );
    }
    request.body = parseForm(fields.toString());
  });
}

/**
 * Body parsers of a dialect. Whatever its content type, a body that is no form is read as JSON, also one that says
 * it is a form and starts like JSON; an empty one is `undefined`.
 */
export async function readBodies(app: FastifyInstance, formats: readonly BodyFormat[]): Promise<void> {
  app.removeAllContentTypeParsers();
  const parser = app.getDefaultJsonParser('error', 'error');
  const asJson = async (request: FastifyRequest, body: string | Buffer) =>
    body === '' ? undefined : parseJson(parser, request, body as string);
  app.addContentTypeParser('*', { parseAs: 'string' }, asJson);
  if (formats.includes('urlencoded')) {
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      async (request: FastifyRequest, body: string | Buffer) =>
        /^\s*[[{]/.test(body as string) ? asJson(request, body) : parseForm(body as string),
    );
  }
  if (formats.includes('multipart')) await readMultipart(app);
}
