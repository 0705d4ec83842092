import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import type { Quota, RateLimit, RateLimiter } from '../../src/domain/rate-limit';
import { SharedState } from '../../src/server/redis';
import { endChildren } from '../support/child';
import { PATIENCE_MS } from '../support/limiter-process';
import { RedisServer } from '../support/redis-server';

const LIMIT: RateLimit = { bucket: 'test', limit: 5, windowSeconds: 60 };
const WINDOW_MS = 60_000;
const START_MS = Date.UTC(2026, 2, 2);

let redis: RedisServer;
let states: SharedState[];
let limiters: [RateLimiter, RateLimiter];
let nowMs: number;

beforeAll(async () => {
  redis = await RedisServer.start();
  states = [1, 2].map(() => new SharedState(redis.url, pino({ level: 'silent' }), PATIENCE_MS));
  limiters = states.map((state) => state.rateLimiter(() => nowMs)) as [RateLimiter, RateLimiter];
  await bothCount();
});

beforeEach(() => {
  nowMs = START_MS;
});

afterAll(async () => {
  await Promise.all(states.map((state) => state.close()));
  await endChildren();
});

/** Waits until both limiters count in Redis. */
async function bothCount(): Promise<void> {
  const client = new Redis(redis.url);
  for (const limiter of limiters) {
    const key = randomUUID();
    const isCounted = async () => {
      await limiter.take(key, LIMIT);
      return (await client.exists(`switchboard:limit:${key}`)) === 1;
    };
    while (!(await isCounted()));
  }
  client.disconnect();
}

const take = (key: string, at: number): Promise<Quota> => (limiters[at % 2] as RateLimiter).take(key, LIMIT);

const isAllowed = (quotas: Quota[]) => quotas.filter((quota) => quota.isAllowed).length;

test('what one limiter forgets does not count for the other', async () => {
  const key = randomUUID();
  for (let at = 0; at < LIMIT.limit; at++) await take(key, 0);
  expect((await take(key, 1)).isAllowed).toBe(false);
  await limiters[1].forget(key);
  expect(await take(key, 0)).toEqual({
    ...{ isAllowed: true, limit: LIMIT.limit, remaining: LIMIT.limit - 1, resetAtMs: START_MS + WINDOW_MS },
  });
});

test('two limiters admit exactly what one would, and never more than the limit in any window', async () => {
  const step = fc.record({
    limiter: fc.nat(1),
    afterMs: fc.oneof(fc.constant(0), fc.nat(20_000), fc.constantFrom(WINDOW_MS - 1, WINDOW_MS)),
    atOnce: fc.integer({ min: 1, max: 4 }),
  });
  const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
    const key = randomUUID();
    const admitted: number[] = [];
    nowMs = START_MS;
    for (const { limiter, afterMs, atOnce } of steps) {
      nowMs += afterMs;
      const inWindow = admitted.filter((time) => time > nowMs - WINDOW_MS);
      const quotas = await Promise.all(Array.from({ length: atOnce }, (_, at) => take(key, limiter + at)));
      const expected = Math.min(atOnce, LIMIT.limit - inWindow.length);
      expect(isAllowed(quotas)).toBe(expected);
      admitted.push(...Array.from({ length: expected }, () => nowMs));
      const remaining = Math.min(...quotas.map((quota) => quota.remaining));
      expect(remaining).toBe(LIMIT.limit - inWindow.length - expected);
      for (const { resetAtMs } of quotas) expect(resetAtMs).toBe((inWindow[0] ?? nowMs) + WINDOW_MS);
    }
    for (const start of admitted) {
      const inWindow = admitted.filter((time) => time >= start && time < start + WINDOW_MS);
      expect(inWindow.length).toBeLessThanOrEqual(LIMIT.limit);
    }
  });
  await fc.assert(property, { numRuns: 60 });
});

test('a thousand requests at once at both limiters: exactly the limit is admitted', async () => {
  const key = randomUUID();
  const quotas = await Promise.all(Array.from({ length: 1_000 }, (_, at) => take(key, at)));
  expect(isAllowed(quotas)).toBe(LIMIT.limit);
});

test('without a clock of its own a limiter goes by the clock of Redis', async () => {
  const key = randomUUID();
  const before = Date.now();
  const { resetAtMs, isAllowed: isFirst } = await (states[0] as SharedState).rateLimiter().take(key, LIMIT);
  expect(isFirst).toBe(true);
  expect(resetAtMs).toBeGreaterThanOrEqual(before + WINDOW_MS - 1);
  expect(resetAtMs).toBeLessThanOrEqual(Date.now() + WINDOW_MS + 1);
});

test('what was counted is forgotten by Redis itself', async () => {
  const key = randomUUID();
  await take(key, 0);
  const client = new Redis(redis.url);
  const leftMs = await client.pttl(`switchboard:limit:${key}`);
  client.disconnect();
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(WINDOW_MS);
});

test('without Redis each limiter counts for itself; when it is back they count together again', async () => {
  await redis.kill();
  const key = randomUUID();
  const alone = await Promise.all(Array.from({ length: 40 }, (_, at) => take(key, at)));
  expect(isAllowed(alone)).toBe(2 * LIMIT.limit);
  nowMs += WINDOW_MS - 1;
  expect(isAllowed(await Promise.all([take(key, 0), take(key, 1)]))).toBe(0);
  nowMs += 1;
  expect(isAllowed(await Promise.all([take(key, 0), take(key, 1)]))).toBe(2);

  await redis.startAgain();
  await bothCount();
  const together = await Promise.all(Array.from({ length: 40 }, (_, at) => take(`${key} again`, at)));
  expect(isAllowed(together)).toBe(LIMIT.limit);
});
