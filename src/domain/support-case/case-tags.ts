import type { Context } from '../context';
import type { RowRef } from '../entity';
import { DomainError } from '../error';
import type { Changes } from '../event';
import { isUuid, isWholeNumber } from '../field-kinds';
import { linkedIdsById } from '../links';
import type { Tag } from '../tag/tag.entity';
import { tagIdsByName } from '../tag/tag.service';
import { SupportCase } from './support-case.entity';

type KnownTag = Pick<Tag, 'id' | 'number' | 'name'>;

// Locked, so that none of them goes before it is on the case.
const BY_REF = `
select "id", "number", "name" from tag
where "account_id" = $1 and "scope" = 'case' and ("id" = any($2) or "number" = any($3))
order by "id" for key share`;

const NAMES = 'select "id", "name" from tag where "account_id" = $1 and "id" = any($2)';

const LINK = `
insert into case_tag (account_id, case_id, tag_id, position)
select $1, $2, one.id, one.position from unnest($3::uuid[]) with ordinality as one(id, position)
on conflict (account_id, case_id, tag_id) do update set position = excluded.position`;

const UNLINK = 'delete from case_tag where account_id = $1 and case_id = $2 and tag_id <> all($3)';

/** The case tags of the refs, in their order. Throws NOT_FOUND that names the places of those that are missing. */
export async function caseTagsOf(ctx: Context, refs: readonly RowRef[]): Promise<KnownTag[]> {
  if (refs.length === 0) return [];
  const numbers = refs.filter((ref) => typeof ref === 'number' && isWholeNumber(ref));
  const rows = await ctx.query<KnownTag>(BY_REF, [ctx.account.id, refs.filter(isUuid), numbers], 'case tags');
  const byRef = new Map<RowRef, KnownTag>(
    rows.flatMap((tag) => [[tag.id, tag] as const, [tag.number, tag] as const]),
  );
  const tags = refs.map((ref) => byRef.get(typeof ref === 'string' ? ref.toLowerCase() : ref));
  const missing = tags.flatMap((tag, at) =>
    tag ? [] : [[`tagIds.${at}`, ['Tag not found']] as [string, string[]]],
  );
  if (missing.length > 0) {
    throw new DomainError('NOT_FOUND', 'Tag not found', { fields: Object.fromEntries(missing) });
  }
  return [...new Set(tags as KnownTag[])];
}

/** The tags of a new case: those of the ids, then those of the names, which are made when missing. */
export async function firstTagIds(
  ctx: Context,
  refs: RowRef[] = [],
  names: string[] = [],
): Promise<string[]> {
  const tags = await caseTagsOf(ctx, refs);
  const wanted = names.map((name) => name.trim()).filter(Boolean);
  const named = await tagIdsByName(ctx, 'case', wanted);
  return [...new Set([...tags.map(({ id }) => id), ...named.values()])];
}

/** The ids of a case's tags, in order. */
export async function tagIdsOf(ctx: Context, caseId: string): Promise<string[]> {
  return (await linkedIdsById(ctx, SupportCase, [caseId])).get(caseId)?.tagIds ?? [];
}

/** What putting other tags on a case has changed. */
export interface TagChange {
  changes: Changes;
  /** Names of those that were put on, and of those that were taken off. */
  added: string[];
  removed: string[];
}

const UNCHANGED: TagChange = { changes: {}, added: [], removed: [] };

/** Makes these the tags of the case, which is locked. */
export async function setCaseTags(ctx: Context, caseId: string, tagIds: string[]): Promise<TagChange> {
  const before = await tagIdsOf(ctx, caseId);
  if (before.join() === tagIds.join()) return UNCHANGED;
  await ctx.query(UNLINK, [ctx.account.id, caseId, tagIds]);
  await ctx.query(LINK, [ctx.account.id, caseId, tagIds]);
  const all = [...new Set([...before, ...tagIds])];
  const rows = await ctx.query<{ id: string; name: string }>(NAMES, [ctx.account.id, all], 'tag names');
  const nameById = new Map(rows.map(({ id, name }) => [id, name]));
  const namesOf = (ids: string[], others: string[]) =>
    ids.filter((id) => !others.includes(id)).map((id) => nameById.get(id) ?? '');
  return {
    changes: { tagIds: { old: before, new: tagIds } },
    added: namesOf(tagIds, before),
    removed: namesOf(before, tagIds),
  };
}

/** What the history says of other tags; undefined when they are only in another order. */
export function tagTitle({ added, removed }: TagChange): string | undefined {
  const parts = [...added.map((name) => `+ ${name}`), ...removed.map((name) => `− ${name}`)];
  return parts.length > 0 ? parts.join(', ') : undefined;
}
