/** At most `limit` requests of a key in any stretch of `windowSeconds`; routes of one `bucket` count together. */
export interface RateLimit {
  bucket: string;
  limit: number;
  windowSeconds: number;
}

/** What is left of a rate limit after a request. */
export interface Quota {
  isAllowed: boolean;
  limit: number;
  remaining: number;
  /** When the oldest counted request leaves the window and one more is free (milliseconds since 1970). */
  resetAtMs: number;
}

/** Counts requests; exact over any window. */
export interface RateLimiter {
  take: (key: string, limit: RateLimit) => Promise<Quota>;
  /** Forgets all requests of a key that it has counted. */
  forget: (key: string) => Promise<void>;
}
