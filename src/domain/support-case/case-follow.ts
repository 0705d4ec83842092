import type { Context } from '../context';
import { SupportCase } from './support-case.entity';

const MERGES_MAX = 10;

/** The id of the case, or of the one that it ended up in by merging. */
async function followMerges(ctx: Context, id: string): Promise<string> {
  let current = id;
  for (let left = MERGES_MAX; left > 0; left -= 1) {
    const one = await ctx.repo(SupportCase).find(current);
    if (!one?.mergedIntoId) break;
    current = one.mergedIntoId;
  }
  return current;
}

/**
 * The case, or the one that it ended up in by merging, locked until the transaction ends, whoever acts: what comes in
 * belongs there. Undefined when it is gone.
 */
export async function lockMerged(ctx: Context, id: string): Promise<SupportCase | undefined> {
  const whole = ctx.forAccount();
  let current = await whole.repo(SupportCase).lockIfThere(await followMerges(whole, id));
  // It may have been merged while the lock was waited for.
  for (let left = MERGES_MAX; left > 0 && current?.mergedIntoId; left -= 1) {
    const next = await followMerges(whole, current.mergedIntoId);
    current = await whole.repo(SupportCase).lockIfThere(next);
  }
  return current;
}
