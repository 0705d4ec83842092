import { audiences } from '../../src/domain/audience/audience.service';
import { eventsOf, withoutChange } from '../support/account-state';
import { openPageBench, type PageBench } from '../support/pages';

let bench: PageBench;

beforeEach(async () => {
  bench = await openPageBench();
});
afterEach(() => bench.close());

describe('who may send', () => {
  const trapped = { email: 'bot@example.com', _homepage: 'http://spam.example' };

  test('what fills in the field that nobody sees looks accepted, and stores nothing', async () => {
    const page = await bench.publish();
    await withoutChange(bench.account, async () => {
      const asForm = await bench.sendForm(`/p/${page.slug}`, trapped);
      expect([asForm.statusCode, asForm.headers.location]).toEqual([303, `/p/${page.slug}/thanks`]);
      const asJson = await bench.sendJson(`/p/${page.slug}`, trapped);
      expect(asJson.statusCode).toBe(201);
      expect(asJson.json()).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/),
        ...{ thankYouText: 'Thank you. We have received what you sent.', redirectUrl: null },
      });
    });
  });

  test('other sites only where the page names them', async () => {
    const page = await bench.publish({ allowedOrigins: ['https://shop.example'] });
    const url = `/p/${page.slug}`;
    const preflight = (origin: string) =>
      bench.app.inject({
        ...{ method: 'OPTIONS', url },
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await preflight('https://shop.example');
    expect(allowed.statusCode).toBe(204);
    expect(allowed.headers).toMatchObject({
      ...{
        'access-control-allow-origin': 'https://shop.example',
        'access-control-allow-methods': 'GET, POST',
      },
      ...{
        'access-control-allow-headers': 'accept, content-type, idempotency-key, x-request-id',
        vary: 'accept, origin',
      },
    });
    expect(allowed.headers).not.toHaveProperty('access-control-allow-credentials');
    const sent = await bench.sendJson(url, { email: 'a@example.com' }, { origin: 'https://shop.example' });
    expect([sent.statusCode, sent.headers['access-control-allow-origin']]).toEqual([
      201,
      'https://shop.example',
    ]);
    const bad = await bench.sendJson(url, {}, { origin: 'https://shop.example' });
    expect([bad.statusCode, bad.headers['access-control-allow-origin']]).toEqual([
      422,
      'https://shop.example',
    ]);

    await withoutChange(bench.account, async () => {
      for (const origin of [
        'https://evil.example',
        'https://shop.example.evil.example',
        'http://shop.example',
        'null',
      ]) {
        const refused = [
          await preflight(origin),
          await bench.sendJson(url, { email: 'b@example.com' }, { origin }),
        ];
        refused.push(await bench.sendForm(url, { email: 'b@example.com' }, { origin }));
        expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403]);
        for (const { headers } of refused) expect(headers).not.toHaveProperty('access-control-allow-origin');
      }
    });
    const shown = await bench.app.inject({ url, headers: { origin: 'https://evil.example' } });
    expect(shown.statusCode).toBe(200);
    expect(shown.headers).not.toHaveProperty('access-control-allow-origin');
    expect(shown.headers['content-security-policy']).toContain("frame-ancestors 'self' https://shop.example");
    // The page’s own site, whether the address says so or the browser.
    for (const headers of [
      { origin: 'http://localhost:80' },
      { origin: 'https://forms.example', 'sec-fetch-site': 'same-origin' },
    ])
      expect((await bench.sendForm(url, { email: 'a@example.com' }, headers)).statusCode).toBe(303);
    expect((await bench.submissions(page)).map(({ origin }) => origin)).toEqual([
      ...['https://shop.example', 'http://localhost:80', 'https://forms.example'],
    ]);
  });

  test('each sender ten times a minute and page', async () => {
    const [page, other] = [await bench.publish(), await bench.publish()];
    const send = (remoteAddress: string, to = page) =>
      bench.app.inject({
        ...{ method: 'POST', url: `/p/${to.slug}`, remoteAddress, payload: { email: 'a@example.com' } },
      });
    const statuses = await Promise.all(Array.from({ length: 12 }, () => send('203.0.113.5')));
    const counts = statuses.map(({ statusCode }) => statusCode).toSorted();
    expect(counts).toEqual([...Array(10).fill(201), 429, 429]);
    const refused = statuses.find(({ statusCode }) => statusCode === 429);
    expect(refused?.headers['retry-after']).toBe('60');
    expect(refused?.json()).toMatchObject({ message: 'That was too often within a minute: wait a little.' });
    const person = await bench.sendForm(`/p/${page.slug}`, { email: 'kept@example.com' }, {});
    expect(person.statusCode).toBe(303);
    expect((await send('203.0.113.6')).statusCode).toBe(201);
    expect((await send('203.0.113.5', other)).statusCode).toBe(201);
    // One network of the new internet is one sender.
    const network = await Promise.all(Array.from({ length: 11 }, (_, at) => send(`2001:db8:1:2::${at + 1}`)));
    expect(network.filter(({ statusCode }) => statusCode === 429)).toHaveLength(1);
    expect((await send('2001:db8:1:3::1')).statusCode).toBe(201);
    bench.clock.advance(60_000);
    expect((await send('203.0.113.5')).statusCode).toBe(201);
    expect(await bench.count(page)).toBe(10 + 1 + 1 + 10 + 1 + 1);
  });

  test('a person who must wait gets back what was filled in', async () => {
    const page = await bench.publish();
    for (let sent = 0; sent < 10; sent++) await bench.sendForm(`/p/${page.slug}`, { email: 'a@example.com' });
    const { statusCode, body } = await bench.sendForm(`/p/${page.slug}`, { email: 'kept@example.com' });
    expect(statusCode).toBe(429);
    expect(body).toContain('<p>That was too often within a minute: wait a little.</p>');
    expect(body).toContain('value="kept@example.com"');
  });

  test('behind a proxy that is trusted, who it says', async () => {
    const proxied = await openPageBench({ trustedProxies: ['127.0.0.0/8'] });
    const page = await proxied.publish();
    const send = (from: string) =>
      proxied.app.inject({
        ...{ method: 'POST', url: `/p/${page.slug}`, payload: { email: 'a@example.com' } },
        headers: {
          'x-forwarded-for': from,
          'x-forwarded-host': 'forms.example',
          origin: 'https://forms.example',
        },
      });
    const answers = await Promise.all(
      Array.from({ length: 22 }, (_, at) => send(at % 2 ? '203.0.113.5' : '203.0.113.6')),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(20);
    expect(new Set((await proxied.submissions(page)).map(({ sender }) => sender)).size).toBe(2);
    await proxied.close();
  });
});

test('a thousand, fifty at once, are counted exactly, and make one contact for each address', async () => {
  const { ctx } = bench.account;
  const audience = await audiences.create(ctx, { name: 'News' });
  const page = await bench.publish({ audienceId: audience.id });
  const send = (at: number) =>
    bench.app.inject({
      ...{ method: 'POST', url: `/p/${page.slug}`, payload: { email: `p${at % 40}@example.com` } },
      remoteAddress: `198.51.${at >> 8}.${at & 255}`,
    });
  for (let first = 0; first < 1_000; first += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => send(first + at)));
    expect(answers.filter(({ statusCode }) => statusCode !== 201).map(({ body }) => body)).toEqual([]);
  }
  expect(await bench.count(page)).toBe(1_000);
  expect((await audiences.get(ctx, audience.id)).contactCount).toBe(40);
  expect(await eventsOf(bench.account, 'submission')).toHaveLength(1_000);
});
