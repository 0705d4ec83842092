import fc from 'fast-check';
import { MemoryRateLimiter } from '../../src/server/rate-limit';

const SECOND = 1000;

class Steps {
  nowMs = Date.parse('2026-03-02T10:00:00.000Z');
  readonly limiter = new MemoryRateLimiter(() => this.nowMs);

  take(limit: number, windowSeconds: number, key = 'key') {
    return this.limiter.take(key, { bucket: 'any', limit, windowSeconds });
  }
}

test('says what is left, and when the oldest request leaves the window', async () => {
  const steps = new Steps();
  const firstAtMs = steps.nowMs;
  const resetAtMs = firstAtMs + 60 * SECOND;
  expect(await steps.take(2, 60)).toEqual({ isAllowed: true, limit: 2, remaining: 1, resetAtMs });
  steps.nowMs += 20 * SECOND;
  expect(await steps.take(2, 60)).toEqual({ isAllowed: true, limit: 2, remaining: 0, resetAtMs });
  steps.nowMs += 20 * SECOND;
  expect(await steps.take(2, 60)).toEqual({ isAllowed: false, limit: 2, remaining: 0, resetAtMs });
  steps.nowMs = resetAtMs;
  const next = { isAllowed: true, limit: 2, remaining: 0, resetAtMs: firstAtMs + 80 * SECOND };
  expect(await steps.take(2, 60)).toEqual(next);
});

test('keys count apart, also after the quiet ones were forgotten', async () => {
  const steps = new Steps();
  await steps.take(1, 60, 'quiet');
  steps.nowMs += 3600 * SECOND;
  expect((await steps.take(1, 60, 'busy')).isAllowed).toBe(true);
  expect((await steps.take(1, 60, 'busy')).isAllowed).toBe(false);
  expect((await steps.take(1, 60, 'quiet')).isAllowed).toBe(true);
});

test('what is forgotten does not count', async () => {
  const steps = new Steps();
  await steps.take(1, 60, 'other');
  for (let times = 0; times < 2; times++) {
    expect((await steps.take(1, 60)).isAllowed).toBe(true);
    await steps.limiter.forget('key');
  }
  expect((await steps.take(1, 60, 'other')).isAllowed).toBe(false);
});

test('no window of the length ever holds more than the limit, and none is refused that would fit', async () => {
  const pauses = fc.array(fc.nat({ max: 2500 }), { minLength: 1, maxLength: 80 });
  const limits = fc.integer({ min: 1, max: 8 });
  const windows = fc.integer({ min: 1, max: 5 });
  await fc.assert(
    fc.asyncProperty(pauses, limits, windows, async (pausesMs, limit, windowSeconds) => {
      const steps = new Steps();
      const admittedAtMs: number[] = [];
      for (const pauseMs of pausesMs) {
        steps.nowMs += pauseMs;
        const { isAllowed } = await steps.take(limit, windowSeconds);
        const inWindow = admittedAtMs.filter((atMs) => atMs > steps.nowMs - windowSeconds * SECOND).length;
        expect(isAllowed).toBe(inWindow < limit);
        if (isAllowed) admittedAtMs.push(steps.nowMs);
      }
      for (const [at, atMs] of admittedAtMs.entries()) {
        const after = admittedAtMs[at + limit];
        if (after !== undefined) expect(after - atMs).toBeGreaterThanOrEqual(windowSeconds * SECOND);
      }
    }),
  );
});
