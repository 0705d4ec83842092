import { randomInt } from 'node:crypto';
import type { Context } from '../context';
import { slugOf } from '../text';

const IS_TAKEN = 'select 1 where is_slug_taken($1)';
const TAIL_BASE = 36;
const TAIL_LENGTH = 6;

const isTaken = async (ctx: Context, slug: string) => (await ctx.query(IS_TAKEN, [slug])).length > 0;

/** A slug for the name that no page of the installation has: with six random signs behind it where one has. */
export async function freeSlug(ctx: Context, name: string): Promise<string> {
  const slug = slugOf(name);
  if (!(await isTaken(ctx, slug))) return slug;
  const tail = randomInt(TAIL_BASE ** TAIL_LENGTH).toString(TAIL_BASE);
  return `${slug}-${tail.padStart(TAIL_LENGTH, '0')}`;
}
