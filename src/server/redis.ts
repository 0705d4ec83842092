import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Quota, RateLimit, RateLimiter } from '../domain/rate-limit';
import { MemoryRateLimiter } from './rate-limit';

const CHANGED = 'switchboard:changed';

// One step for Redis, so that processes cannot count past one another; its clock is the clock of all of them. Where it
// was put back, the newest request was just now.
const TAKE = `
local now = tonumber(ARGV[4])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local windowMs = tonumber(ARGV[2])
local newest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
local ahead = tonumber(newest[2] or now) - now
if ahead > 0 then
  for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    redis.call('ZINCRBY', KEYS[1], -ahead, member)
  end
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - windowMs)
local count = redis.call('ZCARD', KEYS[1])
local isAllowed = count < tonumber(ARGV[1])
if isAllowed then
  redis.call('ZADD', KEYS[1], now, ARGV[3])
  redis.call('PEXPIRE', KEYS[1], windowMs)
  count = count + 1
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return { isAllowed and 1 or 0, count, tostring((oldest[2] or now) + windowMs) }`;

interface TakeCommand {
  takeOfLimit: (
    ...parts: (string | number)[]
  ) => Promise<[isAllowed: number, count: number, resetAtMs: string]>;
}

/** What the processes of one installation tell one another through Redis; when it is away each goes on alone. */
export class SharedState {
  private readonly commands: Redis & TakeCommand;
  private readonly subscriber: Redis;
  private isWarned = false;

  constructor(
    url: string,
    private readonly logger: Logger,
    /** How long Redis is waited for before each process counts alone. */
    answerWithinMs = 1_000,
  ) {
    const options = { maxRetriesPerRequest: 1, connectTimeout: 2_000, commandTimeout: answerWithinMs };
    this.commands = new Redis(url, { ...options, enableOfflineQueue: false }) as Redis & TakeCommand;
    // The subscription waits for Redis however long it takes.
    this.subscriber = new Redis(url, { connectTimeout: 2_000, maxRetriesPerRequest: null });
    this.commands.defineCommand('takeOfLimit', { numberOfKeys: 1, lua: TAKE });
    for (const client of [this.commands, this.subscriber]) client.on('error', (error) => this.warn(error));
    this.commands.on('ready', () => {
      this.isWarned = false;
    });
  }

  /** Tells the other processes that the change log has grown. */
  announceChange(): void {
    this.commands.publish(CHANGED, '').catch((error) => this.warn(error));
  }

  /** Hears when any process has announced a change, and whenever announcements may have been missed. */
  onChange(listener: () => void): void {
    this.subscriber.on('message', listener);
    this.subscriber.on('ready', listener);
    this.subscriber.subscribe(CHANGED).catch((error) => this.warn(error));
  }

  /**
   * Limits that all processes count together; `nowMs` is for tests, Redis has the time otherwise. What this process
   * admits it also counts itself, so it goes on from there when Redis goes away.
   */
  rateLimiter(nowMs?: () => number): RateLimiter {
    const local = new MemoryRateLimiter(nowMs);
    const nameOf = (key: string) => `switchboard:limit:${key}`;
    const take = async (key: string, limit: RateLimit): Promise<Quota> => {
      const windowMs = limit.windowSeconds * 1000;
      const name = nameOf(key);
      const answer = await this.commands.takeOfLimit(
        name,
        limit.limit,
        windowMs,
        randomUUID(),
        nowMs?.() ?? 0,
      );
      const [isAllowed, count, resetAtMs] = answer;
      if (isAllowed) await local.take(key, limit);
      return {
        isAllowed: isAllowed === 1,
        limit: limit.limit,
        remaining: Math.max(0, limit.limit - count),
        resetAtMs: Number(resetAtMs),
      };
    };
    return {
      take: (key, limit) =>
        take(key, limit).catch((error) => {
          this.warn(error);
          return local.take(key, limit);
        }),
      forget: async (key) => {
        await local.forget(key);
        await this.commands.del(nameOf(key)).catch((error) => this.warn(error));
      },
    };
  }

  /** Ends both connections. */
  async close(): Promise<void> {
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  private warn(error: unknown): void {
    if (this.isWarned) return;
    this.isWarned = true;
    this.logger.warn({ err: error }, 'Redis is away: limits and wake-ups are local until it is back');
  }
}
