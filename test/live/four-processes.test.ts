import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import type { Quota, RateLimit } from '../../src/domain/rate-limit';
import { openTestAccount } from '../support/account';
import { endChildren } from '../support/child';
import { type Gateway, startGateway } from '../support/gateway';
import { LimiterProcess } from '../support/limiters';
import { manyAtATime } from '../support/many';
import { RedisServer } from '../support/redis-server';

const PROCESSES = 4;
const LIMIT: RateLimit = { bucket: 'test', limit: 7, windowSeconds: 60 };
const WINDOW_MS = 60_000;
const START_MS = Date.UTC(2026, 2, 2);
const WARNING = 'Redis is away: limits and wake-ups are local until it is back';
/** What the vendor documents for leads: so many requests per key and minute. */
const LEADS_PER_MINUTE = 100;
/** More would wait too long for the few connections of the servers on a busy machine. */
const AT_A_TIME = 40;

let redis: RedisServer;
let limiters: LimiterProcess[];
let nowMs: number;

beforeAll(async () => {
  redis = await RedisServer.start();
  limiters = Array.from({ length: PROCESSES }, () => LimiterProcess.start(redis.url));
  await allCount();
});

beforeEach(() => {
  nowMs = START_MS;
});

afterAll(async () => {
  await Promise.all(limiters.map((limiter) => limiter.end()));
  await endChildren();
});

const take = (key: string, at: number): Promise<Quota> =>
  (limiters[at % PROCESSES] as LimiterProcess).take({ key, limit: LIMIT, nowMs });

/** Waits until all processes count in Redis. */
async function allCount(): Promise<void> {
  const client = new Redis(redis.url);
  for (const limiter of limiters) {
    const isCounted = async () => {
      const key = randomUUID();
      await limiter.take({ key, limit: LIMIT, nowMs: START_MS });
      return (await client.exists(`switchboard:limit:${key}`)) === 1;
    };
    while (!(await isCounted()));
  }
  client.disconnect();
}

const allowedOf = (quotas: Quota[]) => quotas.filter(({ isAllowed }) => isAllowed).length;

/** The most that any window of the length holds; such a window begins at one of them. */
function mostInWindow(times: number[]): number {
  const inWindow = (start: number) => times.filter((time) => time >= start && time < start + WINDOW_MS);
  return Math.max(0, ...times.map((start) => inWindow(start).length));
}

const steps = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.nat(20_000), fc.constantFrom(WINDOW_MS - 1, WINDOW_MS)),
    at: fc.array(fc.nat(PROCESSES - 1), { minLength: 1, maxLength: 10 }),
  }),
  { maxLength: 20 },
);

test('four processes admit the whole limit and never more in any window, however requests arrive', async () => {
  const property = fc.asyncProperty(steps, async (arrivals) => {
    const key = randomUUID();
    const admitted: number[] = [];
    nowMs = START_MS;
    for (const { afterMs, at } of arrivals) {
      nowMs += afterMs;
      const free = LIMIT.limit - admitted.filter((time) => time > nowMs - WINDOW_MS).length;
      const allowed = allowedOf(await Promise.all(at.map((process) => take(key, process))));
      admitted.push(...Array<number>(allowed).fill(nowMs));
      expect(allowed).toBe(Math.min(at.length, free));
    }
    expect(mostInWindow(admitted)).toBeLessThanOrEqual(LIMIT.limit);
  });
  await fc.assert(property, { numRuns: 50 });
});

test('a clock that is put back lets nobody in early, and nobody wait longer than a window', async () => {
  const key = randomUUID();
  for (let at = 0; at < LIMIT.limit; at++) expect((await take(key, at)).isAllowed).toBe(true);
  nowMs -= 24 * 3_600_000;
  const refused = await take(key, 0);
  expect(refused).toEqual({
    ...{ isAllowed: false, limit: LIMIT.limit, remaining: 0, resetAtMs: nowMs + WINDOW_MS },
  });
  nowMs += WINDOW_MS - 1;
  expect((await take(key, 1)).isAllowed).toBe(false);
  nowMs += 1;
  expect((await take(key, 2)).isAllowed).toBe(true);
});

test('Redis is killed: each process goes on from what it admitted itself, and warns once', async () => {
  const key = randomUUID();
  const earlier = await Promise.all(Array.from({ length: 3 }, () => take(key, 0)));
  expect(allowedOf(earlier)).toBe(3);
  for (const { lines } of limiters) lines.length = 0;
  await redis.kill();
  const times = limiters.map(() => [] as number[]);
  const ask = (process: number) => take(key, process).then(({ isAllowed }) => isAllowed);
  // Whatever is on its way while the connection breaks counts too.
  for (const [process, own] of times.entries()) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(process)));
    own.push(...answers.filter(Boolean).map(() => nowMs));
    expect(own).toHaveLength(process === 0 ? LIMIT.limit - 3 : LIMIT.limit);
  }
  nowMs += WINDOW_MS;
  for (const process of times.keys()) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(process)));
    expect(answers.filter(Boolean)).toHaveLength(LIMIT.limit);
  }
  await redis.startAgain();
  await allCount();
  const together = await Promise.all(Array.from({ length: 40 }, (_, at) => take(`${key} again`, at)));
  expect(allowedOf(together)).toBe(LIMIT.limit);
  for (const { lines } of limiters) expect(lines.map((line) => JSON.parse(line).msg)).toEqual([WARNING]);
});

test('the doors of four servers keep a limit together, and answer while Redis is killed', async () => {
  const settings = { REDIS_URL: redis.url };
  const gateways: Gateway[] = [];
  while (gateways.length < PROCESSES) gateways.push(await startGateway(settings));
  const ask = async (key: string, at: number) => {
    const { url } = gateways[at % PROCESSES] as Gateway;
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${url}/api/leads/external/v1/leads?page=1`, { headers });
    await response.arrayBuffer();
    return response.status;
  };
  const askAll = async (key: string, count: number) => {
    const statuses = await manyAtATime(count, AT_A_TIME, (at) => ask(key, at));
    const of = (status: number) => statuses.filter((one) => one === status).length;
    return { ok: of(200), refused: of(429), count: statuses.length };
  };
  const { key } = await openTestAccount();
  expect(await askAll(key, 160)).toEqual({ ok: LEADS_PER_MINUTE, refused: 60, count: 160 });

  const { key: other } = await openTestAccount();
  const asking = askAll(other, 500);
  await redis.kill();
  const { ok, refused, count } = await asking;
  expect(ok + refused).toBe(count);
  expect(ok).toBeGreaterThanOrEqual(LEADS_PER_MINUTE);
  expect(ok).toBeLessThanOrEqual(LEADS_PER_MINUTE * PROCESSES);
});
