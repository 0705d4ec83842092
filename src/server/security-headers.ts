import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

const YEAR_SECONDS = 31_536_000;

/** The headers that a middleware puts on an answer; they are the same for all. */
function headersOf(middleware: ReturnType<typeof helmet>): Record<string, string> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  middleware(request, response, () => {});
  return response.getHeaders() as Record<string, string>;
}

/**
 * Puts headers on every answer that keep browsers from doing more with it than it is meant for. Pages bring a policy
 * of their own in place of this one, which also says who may frame them.
 */
export function addSecurityHeaders(app: FastifyInstance, { isEncrypted }: { isEncrypted: boolean }): void {
  const middleware = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: isEncrypted && { maxAge: YEAR_SECONDS, includeSubDomains: false },
    // Whether a page may be framed is its policy’s to say, which this older header could not express.
    xFrameOptions: false,
    // Scripts of other sites are let in, or not, by CORS.
    crossOriginResourcePolicy: false,
    // Browsers heed it over HTTPS only, and complain otherwise.
    crossOriginOpenerPolicy: isEncrypted && { policy: 'same-origin' },
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  const headers = headersOf(middleware);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
