import { z } from 'zod';
import type { Reply } from '../../dialect';
import { envelope } from './errors';

/** The schema of an answer that holds `data`. */
export function answerWith(data: z.ZodType) {
  return z.object({ status_code: z.literal(200), errors: z.object({}), data });
}

/** The schema of an answer that holds nothing. */
export const emptyAnswer = answerWith(z.object({}));

/** An answer that holds `data`. */
export function done(data: unknown = {}): Reply {
  return envelope(200, { data });
}

/** The schema of a page of a list. */
export function listOf(item: z.ZodType) {
  const link = z.url().nullable();
  return answerWith(z.object({ results: z.array(item), count: z.int(), previous: link, next: link }));
}

interface PageOf {
  results: unknown[];
  total: number;
  limit: number;
  offset: number;
  /** The address that was asked for. */
  url: string;
}

function pageAt(url: string, limit: number, offset: number): string {
  const page = new URL(url);
  page.searchParams.set('limit', String(limit));
  if (offset > 0) page.searchParams.set('offset', String(offset));
  else page.searchParams.delete('offset');
  return page.href;
}

/** A page of a list, with the addresses of its neighbours. */
export function pageReply({ results, total, limit, offset, url }: PageOf): Reply {
  const next = offset + limit < total ? pageAt(url, limit, offset + limit) : null;
  const previous = offset > 0 ? pageAt(url, limit, Math.max(0, offset - limit)) : null;
  return done({ results, count: total, previous, next });
}
