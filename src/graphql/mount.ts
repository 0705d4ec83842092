import { Readable } from 'node:stream';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { asDomainError, DomainError } from '../domain/error';
import { credentialsAmong, type SignIn, type SignInRequest } from '../domain/sign-in';
import { type GraphqlServerOptions, graphqlServer, mediaTypeFor } from './apollo';
import { graphqlContext, type HttpContext } from './context';
import { LIMITS } from './documents/limits';
import { formatError, logFailures, STATUS } from './errors';
import { graphiqlPage } from './graphiql';
import { operationRequest, searchOf } from './http-request';
import { type OperationWatch, watched } from './operation-watch';

/** What the GraphQL door needs. */
export interface GraphqlOptions extends GraphqlServerOptions, OperationWatch {
  signIn: SignIn;
  /** Whether browsers get GraphiQL; by default not in production. */
  graphiql?: boolean;
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The key or the access token from `Authorization: Bearer` and `x-api-key`, and the client account of an agency. */
function signInRequest(request: FastifyRequest): SignInRequest {
  const bearer = /^bearer +(\S+) *$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
  const { key, token } = credentialsAmong([bearer, headerOf(request, 'x-api-key')]);
  return {
    key,
    token,
    requestId: request.id,
    address: request.ip,
    accountId: headerOf(request, 'x-account-id'),
  };
}

const LONG_CHARS = 16_384;

// What Fastify refuses before the door sees it (https://fastify.dev/docs/latest/Reference/Errors/).
const BODY_REFUSALS: Record<string, DomainError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new DomainError(
    'PAYLOAD_TOO_LARGE',
    `The request body is larger than ${LIMITS.bodyBytes} bytes.`,
  ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new DomainError(
    'INVALID',
    'Send the operation as JSON, with the header content-type: application/json.',
  ),
  FST_ERR_CTP_EMPTY_JSON_BODY: new DomainError('INVALID', 'The request body is empty.'),
  FST_ERR_CTP_INVALID_JSON_BODY: new DomainError('INVALID', 'The request body is not valid JSON.'),
};

const OTHER_METHOD = new DomainError('INVALID', 'GraphQL takes GET and POST.');

/** Statuses that follow from no code of an error. */
function statusOf(error: FastifyError | DomainError): number | undefined {
  if (error === OTHER_METHOD) return 405;
  return error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' ? 415 : undefined;
}

function refusalOf(error: FastifyError): DomainError {
  const known = BODY_REFUSALS[error.code];
  if (known) return known;
  const { statusCode = 500 } = error;
  const isRequestFault = statusCode >= 400 && statusCode < 500 && !(error instanceof DomainError);
  return isRequestFault ? new DomainError('INVALID', error.message) : asDomainError(error);
}

/** Has Apollo answer. */
async function answerByApollo(
  apollo: ApolloServer<HttpContext>,
  { method, headers, body, url }: FastifyRequest,
  reply: FastifyReply,
  context: HttpContext,
): Promise<FastifyReply> {
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      ...{ method, body, search: searchOf(url) },
      headers: new HeaderMap(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    },
    context: async () => context,
  });
  for (const [name, value] of answer.headers) reply.header(name, value);
  return reply
    .code(answer.status ?? 200)
    .send(answer.body.kind === 'complete' ? answer.body.string : Readable.from(answer.body.asyncIterator));
}

/** Nothing but JSON, whatever the rest of the server reads. */
function takeOnlyJson(door: FastifyInstance): void {
  door.removeAllContentTypeParsers();
  const parseJson = door.getDefaultJsonParser('error', 'error');
  door.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);
}

/** Answers in the form of GraphQL what is refused before Apollo is asked. */
function answerFailures(door: FastifyInstance, log: GraphqlOptions['log']): void {
  door.setErrorHandler((error: FastifyError, request, reply: FastifyReply) => {
    const refusal = error instanceof GraphQLError ? error : refusalOf(error);
    logFailures(log, [refusal], request.id);
    const formatted = formatError(refusal);
    const extensions = { ...formatted.extensions, requestId: request.id };
    const { code, retryAfterSeconds } = formatted.extensions;
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
    return reply.code(statusOf(error) ?? STATUS[code]).send({ errors: [{ ...formatted, extensions }] });
  });
}

/** Serves `POST /graphql` and `GET /graphql`, the latter also as GraphiQL in a browser. */
export async function mountGraphql(app: FastifyInstance, options: GraphqlOptions): Promise<void> {
  const { signIn, log, isProduction, documents, graphiql = !isProduction } = options;
  const { apollo, known } = graphqlServer(options);
  await apollo.start();

  await app.register(async (door) => {
    takeOnlyJson(door);
    door.addHook('onClose', () => apollo.stop());
    door.addHook('onRequest', (request, reply, done) => {
      reply.header('x-request-id', request.id).header('cache-control', 'no-store');
      done();
    });
    // Node.js copies a long text twice before it is sent, bytes not at all; a short one is sent with its headers.
    door.addHook('onSend', (_request, _reply, answer, done) =>
      done(null, typeof answer === 'string' && answer.length > LONG_CHARS ? Buffer.from(answer) : answer),
    );
    answerFailures(door, log);
    door.route({
      method: ['PUT', 'PATCH', 'DELETE'],
      url: '/graphql',
      async handler(_request, reply) {
        reply.header('allow', 'GET, POST');
        throw OTHER_METHOD;
      },
    });
    door.route({
      method: ['GET', 'POST'],
      url: '/graphql',
      bodyLimit: LIMITS.bodyBytes,
      async handler(request, reply) {
        if (graphiql && request.method === 'GET' && request.headers.accept?.includes('text/html')) {
          const { html, headers } = graphiqlPage();
          return reply.headers(headers).send(html);
        }
        const ctx = await signIn(signInRequest(request));
        const operation = operationRequest(request);
        const source = documents.textOf(operation);
        const idempotencyKey = headerOf(request, 'idempotency-key');
        const { loaders, rules, outcome } = graphqlContext(ctx, options);
        const context: HttpContext = { ctx, loaders, rules, outcome, source, idempotencyKey };
        return watched(options, 'graphql', outcome, async () => {
          const json = request.method === 'POST' ? await known.answer(operation, context) : undefined;
          if (json === undefined) return answerByApollo(apollo, request, reply, context);
          return reply.type(mediaTypeFor(request.headers.accept)).send(json);
        });
      },
    });
  });
}
