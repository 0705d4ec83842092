import type { Context } from '../context';
import type { RowRef } from '../entity';
import { notFound } from '../error';
import { Tag } from './tag.entity';
import { tags } from './tag.service';

/** A tag of cases and how many cases have it. */
export type CaseTagRecord = Tag & { totalCases: number };

const COUNTS = `
select link.tag_id as id, count(*)::int as count
from case_tag link join support_case one on one.account_id = link.account_id and one.id = link.case_id
where link.account_id = $1 and link.tag_id = any($2) and one.deleted_at is null group by link.tag_id`;

async function recordsOf(ctx: Context, found: Tag[]): Promise<CaseTagRecord[]> {
  const values = [ctx.account.id, found.map(({ id }) => id)];
  const rows = await ctx.query<{ id: string; count: number }>(COUNTS, values, 'cases by tag');
  const countById = new Map(rows.map(({ id, count }) => [id, count]));
  return found.map((tag) => ({ ...tag, totalCases: countById.get(tag.id) ?? 0 }));
}

async function recordOf(ctx: Context, tag: Tag): Promise<CaseTagRecord> {
  const [record] = await recordsOf(ctx, [tag]);
  return record as CaseTagRecord;
}

/** The tags of support cases alone; those of leads are missing. */
export const caseTags = {
  /** Tags with how many cases have them. */
  records: recordsOf,

  /** All of them by name, the hidden ones too. */
  async all(ctx: Context): Promise<CaseTagRecord[]> {
    ctx.require('tags:read');
    const filter = { scope: { eq: 'case' } };
    return recordsOf(ctx, await ctx.repo(Tag).slice({ filter, sort: { field: 'name', direction: 'asc' } }));
  },

  /** Makes one. Throws CONFLICT when there is one of that name. */
  async create(ctx: Context, input: object): Promise<CaseTagRecord> {
    return ctx.transaction(async (tx) => recordOf(tx, await tags.create(tx, { ...input, scope: 'case' })));
  },

  /** Leaves one out of pick lists from now on; cases that have it keep it. Throws NOT_FOUND. */
  async hide(ctx: Context, ref: RowRef): Promise<CaseTagRecord> {
    ctx.require('tags:write');
    return ctx.transaction(async (tx) => {
      const tag = await tx.repo(Tag).lock(ref);
      if (tag.scope !== 'case') throw notFound('Tag');
      return recordOf(tx, await tags.update(tx, tag.id, { isHidden: true }));
    });
  },
};
