import { pino } from 'pino';
import type { Quota, RateLimit } from '../../src/domain/rate-limit';
import { SharedState } from '../../src/server/redis';

/** One request at a moment of the test's clock. */
export interface Taking {
  id: number;
  key: string;
  limit: RateLimit;
  nowMs: number;
}

/** What a process tells: what became of a request, or a line of its log. */
export type Told = { id: number; quota: Quota } | { line: string };

/** A busy machine holds up an answer of Redis that is there. */
export const PATIENCE_MS = 60_000;

/** Counts, in a process of its own, the requests that its parent tells it of. */
export function runLimiterProcess(redisUrl: string): void {
  const tell = (told: Told) => process.send?.(told);
  const logger = pino({ level: 'warn' }, { write: (line: string) => void tell({ line }) });
  let nowMs = 0;
  const limiter = new SharedState(redisUrl, logger, PATIENCE_MS).rateLimiter(() => nowMs);
  process.on('message', ({ id, key, limit, ...at }: Taking) => {
    nowMs = at.nowMs;
    void limiter.take(key, limit).then((quota) => tell({ id, quota }));
  });
  process.on('disconnect', () => process.exit());
}
