import { uuidv7 } from 'uuidv7';
import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import { rowEvent } from '../event';
import { Tag, type TagScope } from './tag.entity';

/** Tags; deleting one takes it off everything. */
export const tags: Crud<Tag> = crud(Tag);

const BY_NAMES = `
select "id", "name" from tag where "account_id" = $1 and "scope" = $2 and lower("name") = any($3)`;

/** The ids of the tags of these names, in their order; tags that are missing are made. Needs an open transaction. */
export async function tagIdsByName(
  ctx: Context,
  scope: TagScope,
  names: string[],
): Promise<Map<string, string>> {
  // Of several spellings the first counts.
  const wanted = new Map(names.toReversed().map((name) => [name.toLowerCase(), name]));
  if (wanted.size === 0) return new Map();
  const find = () =>
    ctx.query<{ id: string; name: string }>(
      BY_NAMES,
      [ctx.account.id, scope, [...wanted.keys()]],
      'tags by name',
    );
  let found = await find();
  if (found.length < wanted.size) {
    const missing = [...wanted].filter(([key]) => !found.some(({ name }) => name.toLowerCase() === key));
    // In one order for all, so that two writes that make the same tags never wait for one another.
    const drafts = missing.toSorted().map(([, name]) => ({ id: uuidv7(), name, scope }));
    const made = await ctx.repo(Tag).insertMany(drafts, { ignoreConflicts: true });
    await ctx.emit(...made.map((tag) => rowEvent(Tag, 'created', tag)));
    found = await find();
  }
  const idByName = new Map(found.map(({ id, name }) => [name.toLowerCase(), id]));
  const inOrder = names.map((name) => name.toLowerCase()).filter((key) => idByName.has(key));
  return new Map(inOrder.map((key) => [key, idByName.get(key) as string]));
}
