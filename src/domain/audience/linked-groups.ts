import type { Context } from '../context';
import type { EntityClass } from '../field';
import { linkedIdsById } from '../links';
import { AudienceGroup } from './audience-group.entity';

/** The groups in the lists `groupIds` of rows, in order, by the ids of the rows: two statements, however many. */
export async function linkedGroupsById(
  ctx: Context,
  entity: EntityClass,
  ids: string[],
): Promise<Map<string, AudienceGroup[]>> {
  const linkedById = await linkedIdsById(ctx, entity, ids);
  const idsById = [...linkedById].map(([id, { groupIds = [] }]) => [id, groupIds] as const);
  const groups = await ctx.repo(AudienceGroup).findMany(idsById.flatMap(([, groupIds]) => groupIds));
  const groupById = new Map(groups.map((group) => [group.id, group]));
  const groupsOf = (groupIds: readonly string[]) => groupIds.flatMap((id) => groupById.get(id) ?? []);
  return new Map(idsById.map(([id, groupIds]) => [id, groupsOf(groupIds)]));
}
