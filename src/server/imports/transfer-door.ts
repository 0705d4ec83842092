import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../domain/context';
import { asDomainError, type ErrorCode } from '../../domain/error';
import type { SignIn } from '../../domain/sign-in';
import type { Vault } from '../../domain/vault';

/** What the routes of files need to know whose they are. */
export interface TransferOptions {
  signIn: SignIn;
  vault: Vault;
  now: () => Date;
  /** The program acting for an account. */
  contextOf: (accountId: string) => Promise<Context>;
}

const STATUS: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  INVALID: 400,
  CONFLICT: 409,
  KEY_IN_USE: 409,
  KEY_REUSED: 422,
  RATE_LIMITED: 429,
  PAYLOAD_TOO_LARGE: 413,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** The token of an address, or undefined. */
export function tokenOf({ query }: FastifyRequest): string | undefined {
  const { token } = query as Record<string, unknown>;
  return typeof token === 'string' ? token : undefined;
}

/** The context of the key that the request has in its headers. Throws UNAUTHENTICATED. */
export function signedIn({ headers, id }: FastifyRequest, signIn: SignIn): Promise<Context> {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  const [key, accountId] = [bearer ?? headers['x-api-key'], headers['x-account-id']];
  return signIn({
    key: typeof key === 'string' ? key : undefined,
    requestId: id,
    ...(typeof accountId === 'string' && { accountId }),
  });
}

/** Routes whose bodies and answers are files: bodies come as streams, errors are `{ code, message }`. */
export async function mountFileRoutes(
  app: FastifyInstance,
  mount: (scope: FastifyInstance) => void,
): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body));
    scope.setErrorHandler((thrown, request, reply) => {
      const { code, message, fields, cause, retryAfterSeconds } = asDomainError(thrown);
      if (code === 'INTERNAL' || code === 'UNAVAILABLE')
        request.log.error({ err: cause }, 'a file route failed');
      if (retryAfterSeconds) reply.header('retry-after', String(retryAfterSeconds));
      return reply
        .code(STATUS[code])
        .send({ code, message, ...(fields && { fields }), requestId: request.id });
    });
    mount(scope);
  });
}

/** Headers of an answer that is a CSV file of the name. */
export function csvHeaders(reply: FastifyReply, name: string): FastifyReply {
  return reply.headers({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
}
