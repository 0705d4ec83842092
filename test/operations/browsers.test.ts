import { openTestAccount, type TestAccount } from '../support/account';
import { EACH_DIALECT, firstCallOf } from '../support/dialect-client';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { RawSocket } from '../support/raw-socket';

const SITE = 'https://app.example.com';

let closed: LiveServer;
let open: LiveServer;
let account: TestAccount;

beforeAll(async () => {
  closed = await startLiveServer();
  open = await startLiveServer({
    settings: { CORS_ORIGINS: `${SITE}, http://localhost:5173`, PUBLIC_URL: 'https://crm.example.com' },
  });
  account = await openTestAccount();
});
afterAll(async () => {
  await closed.close();
  await open.close();
});

const preflight = ({ app }: LiveServer, url: string, origin: string) =>
  app.inject({
    ...{ method: 'OPTIONS', url },
    headers: {
      ...{ origin, 'access-control-request-method': 'POST' },
      'access-control-request-headers': 'authorization,content-type,x-account-id',
    },
  });

const corsOf = ({ headers }: { headers: Record<string, unknown> }) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

/** FuseDesk’s own answers are for every site, and so are those of its dialect; its preflights are not. */
const saysItself = (door: string) => (door === 'fusedesk' ? { 'access-control-allow-origin': '*' } : {});

/** A path of each door that scripts of other sites may be let in by. */
const DOORS = [
  ['graphql', '/graphql'],
  ...EACH_DIALECT.map(
    ([name, dialect]) => [name, firstCallOf(dialect, dialect.routes[0] as never).path] as const,
  ),
] as const;

describe('security headers', () => {
  test.each([...DOORS.map(([, path]) => path), '/healthz', '/nothing', '/docs', '/u/none', '/metrics'])(
    'stand on every answer: %s',
    async (url) => {
      const { headers } = await closed.app.inject({ url, headers: { 'x-account-id': 'none' } });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-request-id': expect.any(String),
      });
      expect(headers['content-security-policy']).toMatch(/default-src '(none|self)'/);
      expect(headers['content-security-policy']).toMatch(/frame-ancestors '(none|self)'/);
      expect(headers['referrer-policy']).toMatch(/^(strict-origin|no-referrer)/);
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-powered-by']));
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['server']));
      expect(headers['strict-transport-security']).toBeUndefined();
    },
  );

  test('ask for HTTPS for a year where callers use it', async () => {
    const { headers } = await open.app.inject('/healthz');
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

describe('scripts of other sites', () => {
  test.each(DOORS)('are kept out of %s unless the setting names them', async (door, url) => {
    const { headers, statusCode } = await preflight(closed, url, SITE);
    expect(corsOf({ headers })).toEqual(saysItself(door));
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(corsOf(await closed.app.inject({ url, headers: { origin: SITE } }))).toEqual(saysItself(door));
  });

  test.each(DOORS)('that it names may use %s, and read why they are refused', async (door, url) => {
    const asked = await preflight(open, url, SITE);
    expect({ status: asked.statusCode, headers: corsOf(asked) }).toEqual({
      status: 204,
      headers: {
        'access-control-allow-origin': SITE,
        'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers': 'authorization,content-type,x-account-id',
        'access-control-max-age': '600',
        'access-control-expose-headers': [
          'retry-after, x-request-id, idempotency-replayed, content-disposition',
          'x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset',
          'x-fusedesk-usage-limit, x-fusedesk-usage-remaining, x-fusedesk-error-code, x-fusedesk-error',
        ].join(', '),
      },
    });
    const refused = await open.app.inject({ url, headers: { origin: SITE } });
    expect(refused.statusCode).toBeGreaterThanOrEqual(400);
    expect(corsOf(refused)).toMatchObject({ 'access-control-allow-origin': SITE, ...saysItself(door) });
    expect(refused.headers.vary).toMatch(/origin/i);
  });

  test.each(DOORS)('that it does not name get nothing from %s', async (door, url) => {
    expect(
      corsOf(await preflight(open, url, 'https://evil.example'))['access-control-allow-origin'],
    ).toBeUndefined();
    const answer = await open.app.inject({ url, headers: { origin: 'https://evil.example' } });
    const { 'access-control-expose-headers': _, ...rest } = corsOf(answer);
    expect(rest).toEqual(saysItself(door));
  });

  test('are let into no page, whose own rules hold', async () => {
    for (const url of ['/u/none', '/metrics', '/healthz'])
      expect(corsOf(await open.app.inject({ url, headers: { origin: SITE } }))).toEqual({});
  });
});

describe('sockets of browsers', () => {
  const statusOf = (server: LiveServer, origin: string | undefined) =>
    RawSocket.open(server.port, origin === undefined ? {} : { headers: { origin } }).then(
      async (socket) => {
        socket.socket.close();
        await socket.closed;
        return 'open';
      },
      (error: Error) => error.message,
    );

  test('are opened from the sites that the setting names and from this server, and by programs', async () => {
    for (const origin of [SITE, 'http://localhost:5173', `http://127.0.0.1:${open.port}`, undefined])
      expect([origin, await statusOf(open, origin)]).toEqual([origin, 'open']);
    for (const origin of ['https://evil.example', 'null', 'https://app.example.com.evil.example'])
      expect([origin, await statusOf(open, origin)]).toEqual([origin, 'Unexpected server response: 403']);
  });

  test('need a key that no browser sends by itself, so without the setting all may be opened', async () => {
    expect(await statusOf(closed, 'https://evil.example')).toBe('open');
    const socket = await RawSocket.open(closed.port, {
      headers: { origin: 'https://evil.example', cookie: `key=${account.key}` },
    });
    socket.send({ type: 'connection_init' });
    expect((await socket.closed).code).toBe(4403);
  });
});
