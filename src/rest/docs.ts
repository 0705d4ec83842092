import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { Dialect } from './dialect';
import { openApiOf } from './openapi';

const POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; object-src 'none'";

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40">
  <text x="0" y="28" fill="#fff" font-family="sans-serif" font-size="24">Switchboard</text>
</svg>`;

/** Serves the dialects' OpenAPI documents below `/docs/openapi/` and a page with a request builder at `/docs`. */
export async function mountDocs(app: FastifyInstance, dialects: readonly Dialect[]): Promise<void> {
  for (const dialect of dialects) {
    // Made when it is first asked for: the start does not wait for it.
    let document: ReturnType<typeof openApiOf> | undefined;
    app.get(`/docs/openapi/${dialect.name}.json`, async () => {
      document ??= openApiOf(dialect);
      return document;
    });
  }
  // The plugin wants one document of the server; the page itself offers those of the dialects.
  const document = { openapi: '3.1.0', info: { title: 'Switchboard', version: '1' }, paths: {} } as const;
  await app.register(swagger, { mode: 'static', specification: { document } });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // The page must also work over plain HTTP inside a network, and load nothing from elsewhere.
    transformStaticCSP: () => POLICY,
    logo: { type: 'image/svg+xml', content: LOGO, href: '/docs' },
    theme: { title: 'Switchboard: REST' },
    uiConfig: {
      urls: dialects.map(({ name, title }) => ({ name: title, url: `/docs/openapi/${name}.json` })),
      docExpansion: 'list',
      persistAuthorization: true,
      validatorUrl: null,
    } as never,
  });
}
