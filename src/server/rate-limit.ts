import type { Quota, RateLimit, RateLimiter } from '../domain/rate-limit';

const LONGEST_WINDOW_MS = 3_600_000;

/**
 * Counts requests in the memory of this process by a sliding log: the times of the admitted requests of the last
 * window are kept, so no window of the length ever holds more than the limit. Refused requests do not count.
 */
export class MemoryRateLimiter implements RateLimiter {
  private readonly timesByKey = new Map<string, number[]>();
  private sweptAtMs = 0;

  /** `now` answers milliseconds since 1970. */
  constructor(private readonly now: () => number = Date.now) {}

  async take(key: string, { limit, windowSeconds }: RateLimit): Promise<Quota> {
    const nowMs = this.now();
    const windowMs = windowSeconds * 1000;
    this.sweep(nowMs);
    const times = this.timesIn(key, windowMs, nowMs);
    const isAllowed = times.length < limit;
    if (isAllowed) times.push(nowMs);
    this.timesByKey.set(key, times);
    return { isAllowed, limit, remaining: limit - times.length, resetAtMs: (times[0] ?? nowMs) + windowMs };
  }

  async forget(key: string): Promise<void> {
    this.timesByKey.delete(key);
  }

  private timesIn(key: string, windowMs: number, nowMs: number): number[] {
    const times = this.timesByKey.get(key) ?? [];
    const first = times[0] ?? nowMs;
    const last = times.at(-1) ?? nowMs;
    if (first > nowMs - windowMs && last <= nowMs) return times;
    // A clock that was put back: the last request was just now, so nobody waits for the clock to come there again.
    const aheadMs = Math.max(0, last - nowMs);
    return times.map((time) => time - aheadMs).filter((time) => time > nowMs - windowMs);
  }

  // Keys that went quiet must not pile up.
  private sweep(nowMs: number): void {
    if (Math.abs(nowMs - this.sweptAtMs) < LONGEST_WINDOW_MS) return;
    this.sweptAtMs = nowMs;
    for (const [key, times] of this.timesByKey) {
      if ((times.at(-1) ?? 0) <= nowMs - LONGEST_WINDOW_MS) this.timesByKey.delete(key);
    }
  }
}
