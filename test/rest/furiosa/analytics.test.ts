import { campaigns } from '../../../src/domain/campaign/campaign.service';
import { contacts } from '../../../src/domain/contact/contact.service';
import type { FormPage } from '../../../src/domain/form-page/form-page.entity';
import { formPages } from '../../../src/domain/form-page/form-page.service';
import { submit } from '../../../src/domain/submission/submit';
import { openCampaignBench } from '../../support/campaigns';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { FIELDS } from '../../support/pages';
import { startTestServer, type TestServer, testServer } from '../../support/server';
import { essence, FuriosaClient, refused, unprocessable } from './furiosa-client';

let server: TestServer;
let client: FuriosaClient;

beforeAll(async () => {
  server = await testServer();
});

beforeEach(async () => {
  server.clock.at = new Date('2026-03-02T10:00:00Z');
  client = await FuriosaClient.open();
});

const FIRST_TWO = 'from=2026-03-01&to=2026-03-02';
const PERIOD = { from: '2026-03-01', to: '2026-03-02', interval: 'day' };
const NONE = {
  ...{ recipients: 0, sent: 0, delivered: 0, opened: 0, clicked: 0, bounced: 0, unsubscribed: 0, failed: 0 },
  ...{ open_rate: 0, click_rate: 0, credits_used: 0 },
};
const SILENCE = { totals: { submissions: 0 }, series: [{ date: '2026-03-02', submissions: 0 }] };

const ok = (data: object, id?: number) => ({ status: 200, body: { ...(id && { id }), data } });

let pages = 0;

function publish(name: string): Promise<FormPage> {
  pages += 1;
  const slug = `numbers-${Date.now()}-${pages}`;
  return formPages.create(client.ctx, { name, slug, fields: FIELDS, status: 'published' });
}

/** Sends the page some times, at this moment of the clock. */
async function sendPage(page: FormPage, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    const given = { email: `${at}@example.com` };
    await submit(client.ctx, page, { given, address: undefined, origin: undefined });
  }
}

/** A contact, and another that leaves a day later; an audience that both are of. */
async function comeAndGo(): Promise<number> {
  const audience = await client.makeAudience('News');
  const add = (email: string) => contacts.create(client.ctx, { audienceId: audience.id, email });
  server.clock.at = new Date('2026-03-01T12:00:00Z');
  await add('a@example.com');
  const { id } = await add('b@example.com');
  server.clock.at = new Date('2026-03-02T12:00:00Z');
  await contacts.delete(client.ctx, id);
  return audience.id;
}

test('submissions of one page and of all', async () => {
  const [one, two] = [await publish('One'), await publish('Two')];
  server.clock.at = new Date('2026-03-01T12:00:00Z');
  await sendPage(one, 2);
  server.clock.at = new Date('2026-03-02T12:00:00Z');
  await sendPage(one, 1);
  await sendPage(two, 4);
  const seriesOf = (...numbers: number[]) => ({
    totals: { submissions: numbers.reduce((sum, number) => sum + number, 0) },
    series: numbers.map((submissions, at) => ({ date: `2026-03-0${at + 1}`, submissions })),
  });
  expect(essence(await client.get(`/analytics/pages?${FIRST_TWO}`))).toEqual(
    ok({ ...PERIOD, ...seriesOf(2, 5) }),
  );
  expect(essence(await client.get(`/analytics/pages/${one.number}?${FIRST_TWO}`))).toEqual(
    ok({ ...PERIOD, ...seriesOf(2, 1) }, one.number),
  );
  expect(essence(await client.get(`/analytics/pages?${FIRST_TWO}&interval=month`))).toEqual(
    ok({ ...PERIOD, interval: 'month', ...seriesOf(7) }),
  );
});

test('what campaigns have done, as their metrics, in all and by weeks', async () => {
  const bench = await openCampaignBench({}, { clock: server.clock });
  const sender = new FuriosaClient(server, bench.account);
  await bench.addContacts([{ email: 'a@example.com' }, { email: 'b@example.com' }]);
  const sent = await bench.begin();
  await bench.run();
  const other = await campaigns.create(sender.ctx, { name: 'Other', audienceId: bench.audienceId });
  const metrics = { ...NONE, recipients: 2, sent: 2, delivered: 2 };
  // 2 March 2026 is a Monday.
  const weeks = (numbers: object) => ({
    ...{ ...PERIOD, interval: 'week', totals: numbers },
    series: [
      { date: '2026-03-01', ...NONE },
      { date: '2026-03-02', ...numbers },
    ],
  });
  const query = `${FIRST_TWO}&interval=week`;
  expect(essence(await sender.get(`/analytics/campaigns?${query}`))).toEqual(ok(weeks(metrics)));
  expect(essence(await sender.get(`/analytics/campaigns/${sent.number}?${query}`))).toEqual(
    ok(weeks(metrics), sent.number),
  );
  expect(essence(await sender.get(`/analytics/campaigns/${other.number}?${query}`))).toEqual(
    ok(weeks(NONE), other.number),
  );
  await bench.close();
});

test('rates are shares of what was delivered, in each stretch and in all', async () => {
  const bench = await openCampaignBench({}, { clock: server.clock });
  const sender = new FuriosaClient(server, bench.account);
  await bench.addContacts(['a', 'b', 'c', 'd'].map((name) => ({ email: `${name}@example.com` })));
  const { id } = await bench.begin();
  await bench.run();
  await sender.ctx.query(
    `update campaign_recipient set opened_at = $3, clicked_at = case when address like 'a%' then $3::timestamptz end
     where account_id = $1 and campaign_id = $2 and address < 'd'`,
    [sender.ctx.account.id, id, sender.ctx.instant()],
  );
  const numbers = {
    ...{ ...NONE, recipients: 4, sent: 4, delivered: 4, opened: 3, clicked: 1 },
    ...{ open_rate: 0.75, click_rate: 0.25 },
  };
  expect(essence(await sender.get('/analytics/campaigns?from=2026-03-02&to=2026-03-02'))).toEqual(
    ok({
      ...{ from: '2026-03-02', to: '2026-03-02', interval: 'day', totals: numbers },
      series: [{ date: '2026-03-02', ...numbers }],
    }),
  );
  await bench.close();
});

test('growth of one audience and of all', async () => {
  const id = await comeAndGo();
  const other = await client.makeAudience('Other');
  const growth = {
    totals: { added: 2, removed: 1, total: 1 },
    series: [
      { date: '2026-03-01', added: 2, removed: 0, total: 2 },
      { date: '2026-03-02', added: 0, removed: 1, total: 1 },
    ],
  };
  expect(essence(await client.get(`/analytics/audiences/${id}?${FIRST_TWO}`))).toEqual(
    ok({ ...PERIOD, ...growth }, id),
  );
  expect(essence(await client.get(`/analytics/audiences?${FIRST_TWO}`))).toEqual(
    ok({ ...PERIOD, ...growth }),
  );
  const none = await client.get(`/analytics/audiences/${other.id}?${FIRST_TWO}`);
  expect(none.body.data.totals).toEqual({ added: 0, removed: 0, total: 0 });
});

test('an overview is all three', async () => {
  await comeAndGo();
  await sendPage(await publish('One'), 3);
  expect(essence(await client.get('/analytics?from=2026-03-02&to=2026-03-02'))).toEqual(
    ok({
      ...{ from: '2026-03-02', to: '2026-03-02', interval: 'day' },
      pages: { totals: { submissions: 3 }, series: [{ date: '2026-03-02', submissions: 3 }] },
      campaigns: { totals: NONE, series: [{ date: '2026-03-02', ...NONE }] },
      audiences: {
        totals: { added: 0, removed: 1, total: 1 },
        series: [{ date: '2026-03-02', added: 0, removed: 1, total: 1 }],
      },
    }),
  );
});

test('thirty days end with today of the account’s zone when nothing is said', async () => {
  const dataOf = async (query: string) => {
    const { status, body } = await client.get(`/analytics/pages?${query}`);
    const { from, to, interval, series } = body.data as unknown as Record<string, { date: string }[]>;
    return [status, from, to, interval, series?.length, series?.[0]?.date, series?.at(-1)?.date];
  };
  const LAST_30 = [200, '2026-02-01', '2026-03-02', 'day', 30, '2026-02-01', '2026-03-02'];
  expect(await dataOf('')).toEqual(LAST_30);
  expect(await dataOf('from=&to=&interval=')).toEqual(LAST_30);
  expect(await dataOf('to=2026-01-31')).toEqual([
    ...[200, '2026-01-02', '2026-01-31', 'day', 30, '2026-01-02', '2026-01-31'],
  ]);
  expect(await dataOf('from=2026-03-01')).toEqual([
    ...[200, '2026-03-01', '2026-03-02', 'day', 2, '2026-03-01', '2026-03-02'],
  ]);
  await client.ctx.query('update account set time_zone = $2 where id = $1', [
    ...[client.ctx.account.id, 'Pacific/Kiritimati'],
  ]);
  // A new server has not yet read whose key it is.
  const there = await startTestServer();
  there.clock.at = new Date('2026-03-02T10:00:00Z');
  const away = new FuriosaClient(there, client.account);
  expect((await away.get('/analytics/audiences')).body.data).toMatchObject({
    ...{ from: '2026-02-02', to: '2026-03-03' },
  });
  await there.close();
});

const DATE = (name: string) => `The ${name} must be a date like 2026-01-31.`;

test.each<[string, Record<string, string>]>([
  ['from=2026-02-30', { from: DATE('from') }],
  ['to=today', { to: DATE('to') }],
  ['from=2026-3-1&to=01.03.2026', { from: DATE('from'), to: DATE('to') }],
  ['from=2026-03-01&from=2026-03-02', { from: DATE('from') }],
  ['from=0000-01-01&to=0000-01-02', { from: DATE('from'), to: DATE('to') }],
  ['from=2026-03-02T00:00:00Z', { from: DATE('from') }],
  ['from=%00', { from: DATE('from') }],
  ['interval=hour', { interval: 'The interval must be one of: day, week, month.' }],
  ['from=x&interval=x', { from: DATE('from'), interval: 'The interval must be one of: day, week, month.' }],
  ['from=2026-03-02&to=2026-03-01', { to: 'to must not be before from.' }],
  ['from=2023-03-01&to=2026-03-01', { to: 'to must be less than 3 years after from.' }],
])('?%s: 422', async (query, errors) => {
  for (const path of ['', '/pages', '/campaigns', '/audiences'])
    expect(essence(await client.get(`/analytics${path}?${query}`))).toEqual(unprocessable(errors));
});

test('what is of another account is none', async () => {
  const stranger = client;
  const [page, audience] = [await publish('Other'), await stranger.makeAudience('Other')];
  const campaign = await campaigns.create(stranger.ctx, { name: 'Other', audienceId: audience.id });
  await sendPage(page, 1);
  client = await FuriosaClient.open();
  const kinds: [string, number, string][] = [
    ['pages', page.number, 'Form page not found'],
    ['campaigns', campaign.number, 'Campaign not found'],
    ['audiences', audience.id, 'Audience not found'],
  ];
  for (const [kind, number, message] of kinds) {
    for (const id of [number, UNKNOWN_IDS.integer, 'x'])
      expect(essence(await client.get(`/analytics/${kind}/${id}`))).toEqual(refused(404, message));
  }
  const { body } = await client.get('/analytics?from=2026-03-02&to=2026-03-02');
  expect(body.data.pages).toEqual(SILENCE);
});
