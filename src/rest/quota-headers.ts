import type { DomainError } from '../domain/error';
import type { Quota } from '../domain/rate-limit';

/** What is left of the limit, for answers to a known key. */
export function quotaHeaders({ limit, remaining, resetAtMs }: Quota): Record<string, string> {
  return {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(Math.ceil(resetAtMs / 1000)),
  };
}

/** Whole seconds until a retry makes sense. */
export function retryHeaders({ retryAfterSeconds = 1 }: DomainError): Record<string, string> {
  return { 'Retry-After': String(retryAfterSeconds) };
}
