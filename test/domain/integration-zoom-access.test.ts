import { integrations } from '../../src/domain/integration/integration.service';
import { Vault } from '../../src/domain/vault';
import { type CalendarBench, openCalendarBench } from '../support/calendar-bench';

const MINUTE = 60_000;
const CREATE = /^POST \/v2\/users/;

let bench: CalendarBench;

const zoomEvent = (input: object = {}) => bench.create({ conferencing: 'zoom', ...input });

beforeEach(async () => {
  bench = await openCalendarBench();
});

afterEach(() => {
  expect(bench.zoom.violations).toEqual([]);
  expect(bench.errors).toEqual([]);
});

test('tokens are kept until shortly before they end, and fetched anew once when they are not accepted', async () => {
  await bench.connectZoom();
  await zoomEvent();
  await zoomEvent();
  expect(bench.zoom.count(/token$/)).toBe(1);
  bench.zoom.tokens.clear();
  await zoomEvent();
  expect(bench.zoom.count(/token$/)).toBe(2);
  bench.clock.advance(3_540_000);
  await zoomEvent();
  expect(bench.zoom.count(/token$/)).toBe(3);
  expect(bench.zoom.meetings.size).toBe(4);
});

test('a second 401 is final for the try: no third call', async () => {
  await bench.connectZoom();
  bench.zoom.acceptsTokens = false;
  const event = await zoomEvent();
  expect(event.conferenceWarning).toBe('zoom_unavailable');
  expect(bench.zoom.count(CREATE)).toBe(2);
  bench.zoom.acceptsTokens = true;
  bench.clock.advance(MINUTE);
  await bench.work();
  expect(await bench.now(event.id)).toMatchObject({ conferenceUrl: bench.zoom.only().join_url });
  // What was refused for sure needs no looking up.
  expect(bench.zoom.count(/^GET/)).toBe(0);
});

test('credentials that the installation cannot read any more: a warning, a status that says why, and no call', async () => {
  await bench.connectZoom();
  const [calls, other] = [bench.zoom.calls.length, new Vault('another secret of the installation, 32+')];
  await bench.store.acrossAccounts.query('update integration set credentials = $2 where account_id = $1', [
    ...[bench.ctx.account.id, other.encrypt('{}', 'elsewhere')],
  ]);
  expect(await zoomEvent()).toMatchObject({ conferenceWarning: 'zoom_unavailable' });
  expect((await integrations.page(bench.ctx, {})).rows[0]).toMatchObject({
    status: 'failing',
    lastError: 'The stored credentials cannot be read under the SECRET of this installation: connect again.',
  });
  expect(bench.zoom.calls).toHaveLength(calls);
  await bench.connectZoom();
  await bench.work();
  bench.zoom.only();
});

test('what Zoom asks to wait is waited', async () => {
  await bench.connectZoom();
  bench.zoom.retryAfterSeconds = 600;
  expect((await zoomEvent()).conferenceWarning).toBe('zoom_unavailable');
  bench.zoom.retryAfterSeconds = 0;
  bench.clock.advance(599_000);
  expect(await bench.work()).toBe(0);
  bench.clock.advance(1_000);
  await bench.work();
  bench.zoom.only();
});
