import type { Context } from '../context';
import type { RowRef } from '../entity';
import type { FieldMessages } from '../error';
import { AudienceGroup } from './audience-group.entity';

/** What is wrong with a list of groups that {@link groupIdsOf} does not know. */
export const STRANGE_GROUPS: FieldMessages = { groupIds: ['Group ids must be groups of the audience.'] };

/** The ids of groups of the audience, each once; undefined when one is none of it. */
export async function groupIdsOf(
  ctx: Context,
  audienceId: string,
  refs: RowRef[],
): Promise<string[] | undefined> {
  const idsByRef = await ctx.repo(AudienceGroup).idsByRef(refs);
  const groups = await ctx.repo(AudienceGroup).findMany([...idsByRef.values()]);
  const own = new Set(groups.filter((group) => group.audienceId === audienceId).map(({ id }) => id));
  const ids = refs.map((ref) => idsByRef.get(ref) ?? '');
  return ids.every((id) => own.has(id)) ? [...new Set(ids)] : undefined;
}
