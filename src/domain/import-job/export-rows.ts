import { Audience } from '../audience/audience.entity';
import type { Context } from '../context';
import { cellText, safeCell } from '../csv.rules';
import type { TenantEntity } from '../entity';
import { Feed } from '../feed/feed.entity';
import type { FieldSpec } from '../field';
import type { Filter } from '../filter';
import { writableFields } from '../input';
import { targetOf } from './import-batch';
import type { ImportJob, ImportKind } from './import-job.entity';

const BATCH = 1_000;
// What imports cannot take again stands in front; the names of contacts are in their parts.
const KEYS = ['id', 'createdAt'];
const LEFT_OUT = ['feedKind', 'name', 'audienceId', 'feedId'];

/** What a file of rows has in its columns, in order. */
export function exportedFields(kind: ImportKind): string[] {
  const { entity } = targetOf({ kind } as ImportJob);
  const both = [...writableFields(entity, 'create'), ...writableFields(entity, 'update')];
  const names = both.filter(({ name }: FieldSpec) => !LEFT_OUT.includes(name)).map(({ name }) => name);
  return [...KEYS, ...new Set(names)];
}

/** The audience or feed whose rows are asked for. Throws NOT_FOUND. */
export async function parentOf(ctx: Context, kind: ImportKind, ref: string): Promise<string> {
  const parents = kind === 'contacts' ? ctx.repo(Audience) : ctx.repo(Feed);
  return (await (parents as { get: (ref: string) => Promise<{ id: string }> }).get(ref)).id;
}

/** The account’s rows in the order of their creation, as cells that no spreadsheet takes for formulas, batch by batch. */
export async function* exportRows(
  ctx: Context,
  kind: ImportKind,
  parentId: string | null,
): AsyncGenerator<string[][]> {
  const { entity, withLists } = targetOf({ kind } as ImportJob);
  const names = exportedFields(kind);
  const parent: Filter =
    parentId === null ? {} : { [kind === 'contacts' ? 'audienceId' : 'feedId']: { eq: parentId } };
  const sort = { field: 'id', direction: 'asc' } as const;
  let after: Filter = {};
  for (;;) {
    const filter = { and: [parent, after] };
    const rows = await ctx.repo<TenantEntity>(entity).slice({ filter, sort, limit: BATCH, offset: 0 });
    const complete = (await withLists(ctx, rows)) as Record<string, unknown>[];
    if (rows.length > 0) yield complete.map((row) => names.map((name) => safeCell(cellText(row[name]))));
    const last = rows[BATCH - 1];
    if (!last) return;
    after = { id: { gt: last.id } };
  }
}
