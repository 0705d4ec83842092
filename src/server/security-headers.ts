import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

const YEAR_SECONDS = 31_536_000;

/**
 * Puts headers on every answer that keep browsers from doing more with it than it is meant for. Pages bring a policy
 * of their own in place of this one, which also says who may frame them.
 */
export function addSecurityHeaders(app: FastifyInstance, { isEncrypted }: { isEncrypted: boolean }): void {
  const setHeaders = helmet({
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
  app.addHook('onRequest', ({ raw }, reply, done) => setHeaders(raw, reply.raw, done as () => void));
}
