import { openApiOf } from '../../src/rest/openapi';
import { EACH_DIALECT } from '../support/dialect-client';
import { startTestServer, type TestServer } from '../support/server';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

test('the page at /docs loads nothing from elsewhere', async () => {
  const page = await server.app.inject('/docs');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toMatch('text/html');
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toMatch("default-src 'self'");
  expect(policy).not.toMatch(/https?:|upgrade-insecure-requests/);
  const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => String(address));
  expect(addresses.length).toBeGreaterThan(3);
  for (const address of addresses) {
    expect(address).toMatch(/^\.?\//);
    const url = new URL(address, 'http://localhost/docs').pathname;
    expect({ url, status: (await server.app.inject(url)).statusCode }).toEqual({ url, status: 200 });
  }
});

test.each(EACH_DIALECT)('the page offers the document of %s', async (name, dialect) => {
  const document = await server.app.inject(`/docs/openapi/${name}.json`);
  expect(document.headers['content-type']).toMatch('application/json');
  expect(document.json()).toEqual(openApiOf(dialect));
  const settings = await server.app.inject('/docs/static/swagger-initializer.js');
  expect(settings.body).toContain(`/docs/openapi/${name}.json`);
});

test('the root leads to the page', async () => {
  const { statusCode, headers } = await server.app.inject('/');
  expect({ statusCode, location: headers.location }).toEqual({ statusCode: 302, location: '/docs' });
});
