import type { Context } from '../context';
import type { Changes } from '../event';
import { tagIdsByName } from '../tag/tag.service';

const LINK = `
insert into lead_tag ("account_id", "lead_id", "tag_id", "position")
select $1, link.lead_id, link.tag_id, link.position
from jsonb_to_recordset($2) as link(lead_id uuid, tag_id uuid, position int)`;

const NAMES = `
select link."lead_id" as "leadId", tag."name"
from lead_tag link join tag on tag."account_id" = link."account_id" and tag."id" = link."tag_id"
where link."account_id" = $1 and link."lead_id" = any($2)
order by link."lead_id", link."position"`;

/** The names of the leads' tags in order, by lead id; leads without tags are missing. */
export async function tagNamesByLeadId(ctx: Context, leadIds: string[]): Promise<Map<string, string[]>> {
  const rows = await ctx.query<{ leadId: string; name: string }>(
    NAMES,
    [ctx.account.id, leadIds],
    'lead tag names',
  );
  const namesByLeadId = new Map<string, string[]>();
  for (const { leadId, name } of rows) {
    const names = namesByLeadId.get(leadId);
    if (names) names.push(name);
    else namesByLeadId.set(leadId, [name]);
  }
  return namesByLeadId;
}

/** Puts tags on leads that have none, making missing tags. */
export async function addTags(ctx: Context, namesByLeadId: Map<string, string[]>): Promise<void> {
  const ids = await tagIdsByName(ctx, 'lead', [...namesByLeadId.values()].flat());
  const links = [...namesByLeadId].flatMap(([leadId, names]) => {
    const tagIds = [...new Set(names.map((name) => ids.get(name.toLowerCase())))];
    return tagIds.map((tagId, position) => ({ lead_id: leadId, tag_id: tagId, position }));
  });
  if (links.length > 0) await ctx.query(LINK, [ctx.account.id, JSON.stringify(links)]);
}

const keyOf = (names: string[]) => [...new Set(names.map((name) => name.toLowerCase()))].join('\n');

/** Makes the names the tags of leads and answers what changed by lead id: a few statements, however many. */
export async function setTags(
  ctx: Context,
  namesByLeadId: Map<string, string[]>,
): Promise<Map<string, Changes>> {
  if (namesByLeadId.size === 0) return new Map();
  const before = await tagNamesByLeadId(ctx, [...namesByLeadId.keys()]);
  const changed = [...namesByLeadId].filter(([id, names]) => keyOf(before.get(id) ?? []) !== keyOf(names));
  if (changed.length === 0) return new Map();
  const ids = changed.map(([id]) => id);
  await ctx.query('delete from lead_tag where "account_id" = $1 and "lead_id" = any($2)', [
    ctx.account.id,
    ids,
  ]);
  await addTags(ctx, new Map(changed));
  const after = await tagNamesByLeadId(ctx, ids);
  return new Map(
    ids.map((id) => [id, { tagNames: { old: before.get(id) ?? [], new: after.get(id) ?? [] } }]),
  );
}
