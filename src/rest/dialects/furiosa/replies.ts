import { type ZodObject, z } from 'zod';
import type { Reply } from '../../dialect';
import type { Paging } from './codecs';

type Wire = Record<string, unknown>;

/** One object; its id stands at the top too, for clients that look for it there. */
export function one(data: Wire, status = 200): Reply {
  return { status, body: { id: data.id, data } };
}

/** What {@link one} looks like. */
export function oneOf(data: ZodObject) {
  return z.object({ id: z.int().describe('The id of the object.'), data });
}

/** A part of a list, and where it stands in the whole. */
export function page(data: Wire[], total: number, { page: number, per_page }: Paging): Reply {
  const total_pages = Math.ceil(total / per_page);
  return { status: 200, body: { data, total, page: number, per_page, total_pages } };
}

/** What {@link page} looks like. */
export function pageOf(item: ZodObject) {
  return z.object({
    data: z.array(item),
    total: z.int().describe('Number of rows in all.'),
    page: z.int(),
    per_page: z.int(),
    total_pages: z.int(),
  });
}

/** The answer to a deletion. */
export function deleted(id: number): Reply {
  return { status: 200, body: { success: true, id } };
}

/** What {@link deleted} looks like. */
export const deletedOutput = z.object({ success: z.literal(true), id: z.int() });
