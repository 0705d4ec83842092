import fc from 'fast-check';
import { isGivenUp, nextAttemptAt, RETRY_AFTER_MAX_MS, retryAfterMs } from '../../src/delivery/retry';
import { standardFormat } from '../../src/domain/webhook/standard-format';
import { furiosaFormat } from '../../src/rest/dialects/furiosa/webhook-format';

const now = new Date('2026-03-02T10:00:00.000Z');

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Mon, 02 Mar 2026 10:01:30 GMT', 90_000],
  ['Mon, 02 Mar 2026 09:00:00 GMT', 0],
  ['999999999', RETRY_AFTER_MAX_MS],
  ['soon', 0],
  ['-5', 0],
  ['', 0],
  [undefined, 0],
])('Retry-After %j asks to wait %d ms', (header, waitMs) => expect(retryAfterMs(header, now)).toBe(waitMs));

test('each delay of the schedule is kept within 20 %, unless the endpoint asks for more', () => {
  const state = fc.record({
    attempts: fc.integer({ min: 1, max: 12 }),
    retryAfterMs: fc.integer({ min: 0, max: RETRY_AFTER_MAX_MS }),
    chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(
    fc.property(state, ({ attempts, retryAfterMs, chance }) => {
      const delayMs = standardFormat.retryDelaysMs[attempts - 1];
      const options = { delaysMs: standardFormat.retryDelaysMs, attempts, now, retryAfterMs };
      const at = nextAttemptAt({ ...options, random: () => chance });
      if (delayMs === undefined) return expect(at).toBeNull();
      const waitMs = (at as Date).getTime() - now.getTime();
      expect(waitMs).toBeGreaterThanOrEqual(Math.max(Math.floor(delayMs * 0.8), retryAfterMs));
      expect(waitMs).toBeLessThanOrEqual(Math.max(Math.ceil(delayMs * 1.2), retryAfterMs));
    }),
  );
});

test('the jitter reaches both ends', () => {
  const at = (random: () => number) =>
    (nextAttemptAt({ delaysMs: [10_000], attempts: 1, now, retryAfterMs: 0, random }) as Date).getTime() -
    now.getTime();
  expect([at(() => 0), at(() => 0.5), at(() => 1 - Number.EPSILON)]).toEqual([8_000, 10_000, 12_000]);
});

test('without jitter the delays are those of the schedule, whatever the dice say', () => {
  const schedule = furiosaFormat.retryDelaysMs.map((_, at) => {
    const state = { delaysMs: furiosaFormat.retryDelaysMs, jitter: furiosaFormat.jitter, retryAfterMs: 0 };
    const times = [0, 0.3, 1 - Number.EPSILON].map((chance) =>
      nextAttemptAt({ ...state, attempts: at + 1, now, random: () => chance }),
    );
    return times.map((time) => ((time as Date).getTime() - now.getTime()) / 60_000);
  });
  expect(schedule).toEqual([1, 5, 30, 120].map((minutes) => [minutes, minutes, minutes]));
});

test.each([
  ['2026-02-25T10:00:00.000Z', true],
  ['2026-02-25T10:00:00.001Z', false],
])('failing since %s: given up is %s', (since, is) => expect(isGivenUp(since, now)).toBe(is));
