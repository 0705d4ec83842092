import multipart, { type Multipart } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parse } from 'qs';
import { DomainError } from '../domain/error';
import type { BodyFormat } from './dialect';
import { isDeeperThan } from './json-depth';

/** Most bytes of a request body. */
export const BODY_MAX_BYTES = 1_048_576;

const FIELDS_MAX = 1000;
/** Most bytes of a multipart body that are of no field. */
const FRAMING_MAX = 524_288;
const LIST_MAX = 1000;
const DEPTH_MAX = 4;
const JSON_DEPTH_MAX = 32;
const FORM = 'application/x-www-form-urlencoded';

function refusal(message: string, cause: unknown): DomainError {
  return new DomainError('INVALID', message, { cause });
}

/** What a parameter is that is given more than once: a list, or the last of its values. */
export type Repeated = 'list' | 'last';

/** The fields of a form as an object; PHP's brackets become lists and objects. */
export function parseForm(text: string, repeated: Repeated = 'list'): Record<string, unknown> {
  const limits = { depth: DEPTH_MAX, arrayLimit: LIST_MAX, parameterLimit: FIELDS_MAX };
  const duplicates = repeated === 'last' ? 'last' : 'combine';
  try {
    return parse(text, { ...limits, duplicates, strictDepth: true, throwOnLimitExceeded: true });
  } catch (cause) {
    throw refusal(`The form has more than ${FIELDS_MAX} fields, or brackets that are too deep.`, cause);
  }
}

function tooDeep(): DomainError {
  return new DomainError('INVALID', `The body has more than ${JSON_DEPTH_MAX} levels of lists and objects.`);
}

type JsonParser = ReturnType<FastifyInstance['getDefaultJsonParser']>;

function parseJson(parser: JsonParser, request: FastifyRequest, text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, value?: unknown) => {
      if (error) return reject(refusal('Invalid JSON in request body', error));
      return isDeeperThan(JSON_DEPTH_MAX, value) ? reject(tooDeep()) : resolve(value);
    };
    parser(request, text, settle);
  });
}

function tooLarge(limit: number): DomainError {
  return new DomainError('PAYLOAD_TOO_LARGE', `The body is larger than ${limit} bytes.`);
}

/** The fields of a multipart body, as those of an ordinary form. Throws PAYLOAD_TOO_LARGE; no other parser counts them. */
async function multipartFields(request: FastifyRequest): Promise<URLSearchParams> {
  const { bodyLimit = BODY_MAX_BYTES } = request.routeOptions;
  if (Number(request.headers['content-length'] ?? 0) > bodyLimit) throw tooLarge(bodyLimit);
  const parts = request.parts();
  // All of it, also what belongs to no field: without a boundary the parser would wait for one for ever.
  const tooMuch = new Promise<never>((_, reject) => {
    let bytes = 0;
    request.raw.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bodyLimit + FRAMING_MAX) reject(tooLarge(bodyLimit));
    });
  });
  return Promise.race([fieldsOf(parts, bodyLimit), tooMuch]);
}

async function fieldsOf(parts: AsyncIterable<Multipart>, bodyLimit: number): Promise<URLSearchParams> {
  const fields = new URLSearchParams();
  let bytes = 0;
  for await (const part of parts) {
    if (part.type !== 'field') continue;
    const value = String(part.value);
    bytes += Buffer.byteLength(part.fieldname) + Buffer.byteLength(value);
    if (bytes > bodyLimit) throw tooLarge(bodyLimit);
    fields.append(part.fieldname, value);
  }
  return fields;
}

/** Fields of a multipart body, read as those of an ordinary form; files are left out. */
async function readMultipart(app: FastifyInstance, repeated?: Repeated): Promise<void> {
  await app.register(multipart, {
    limits: { fields: FIELDS_MAX, parts: FIELDS_MAX, fieldSize: BODY_MAX_BYTES, files: 0 },
  });
  app.addHook('preValidation', async (request) => {
    if (!request.isMultipart()) return;
    const fields = await multipartFields(request).catch((cause) => {
      const { code } = cause as { code?: string };
      if (cause instanceof DomainError || code === 'FST_REQ_FILE_TOO_LARGE') throw cause;
      throw refusal(
        'The multipart body cannot be read: it has files, too many fields, or is cut off.',
        cause,
      );
    });
    request.body = parseForm(fields.toString(), repeated);
  });
}

type Parse = (request: FastifyRequest, body: string | Buffer) => Promise<unknown>;

async function textOf(request: FastifyRequest): Promise<string> {
  const { bodyLimit = BODY_MAX_BYTES } = request.routeOptions;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.raw) {
    bytes += chunk.length;
    if (bytes > bodyLimit) throw tooLarge(bodyLimit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Bodies of GET requests, which the server else leaves unread, are read here as those of any other. */
function readBodiesOfGet(app: FastifyInstance, parse: Parse): void {
  app.addHook('preValidation', async (request) => {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (request.method !== 'GET' || (length === '0' && encoding === undefined)) return;
    request.body = await parse(request, await textOf(request));
  });
}

/**
 * Body parsers of a dialect. Whatever its content type, a body that is no form is read as JSON, also one that says
 * it is a form and starts like JSON; an empty one is `undefined`.
 */
export async function readBodies(
  app: FastifyInstance,
  formats: readonly BodyFormat[],
  {
    isOfGetToo = false,
    repeated,
  }: { isOfGetToo?: boolean | undefined; repeated?: Repeated | undefined } = {},
): Promise<void> {
  app.removeAllContentTypeParsers();
  const parser = app.getDefaultJsonParser('error', 'error');
  const asJson: Parse = async (request, body) =>
    body === '' ? undefined : parseJson(parser, request, body as string);
  const asForm: Parse = async (request, body) =>
    /^\s*[[{]/.test(body as string) ? asJson(request, body) : parseForm(body as string, repeated);
  app.addContentTypeParser('*', { parseAs: 'string' }, asJson);
  if (formats.includes('urlencoded')) {
    app.addContentTypeParser(FORM, { parseAs: 'string' }, asForm);
  }
  if (formats.includes('multipart')) await readMultipart(app, repeated);
  if (isOfGetToo) {
    readBodiesOfGet(app, (request, body) =>
      request.headers['content-type']?.startsWith(FORM) ? asForm(request, body) : asJson(request, body),
    );
  }
}
