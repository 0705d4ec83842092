import type { Context } from '../domain/context';
import { PAGE_MAX } from '../domain/page';
import { relatedScope } from '../domain/related';
import type { Relation } from '../domain/relation';
import { type Loaders, loaderName, type Related } from './loaders';
import { firstOf, type Place } from './query-plan';

type Row = Record<string, unknown> & { id: string };

/** Rows of one level of a query, at the place where they stand. */
interface Level {
  place: Place;
  rows: Row[];
}

/** One statement of a level: a relation with the keys that any place of the level needs, and what is below. */
interface Load {
  relation: Relation;
  first: number;
  keys: Set<string>;
  below: { place: Place; keys: Set<string> }[];
}

/** The rows that a field at the root answers: of a page, a list, or itself. */
function rowsOf(answer: unknown): Row[] {
  if (answer === null || typeof answer !== 'object') return [];
  if (Array.isArray(answer)) return answer;
  return 'rows' in answer ? (answer.rows as Row[]) : [answer as Row];
}

/** What the level needs; where the caller lacks the scope, or gave a bad size, the field itself will say so. */
function loadsOf(levels: Level[], ctx: Context, { planned }: Loaders): Map<string, Load> {
  const loads = new Map<string, Load>();
  for (const { place, rows } of levels) {
    for (const branch of place.branches) {
      const { relation } = branch;
      const isOne = relation.kind === 'one';
      const first = isOne ? 1 : firstOf(branch, planned?.variables ?? {});
      if (first < 1 || first > PAGE_MAX || !ctx.can(relatedScope(relation))) continue;
      const keys = new Set(
        rows
          .map((row) => (isOne ? row[relation.key] : row.id))
          .filter((key): key is string => typeof key === 'string'),
      );
      const name = `${loaderName(relation)}:${first}`;
      const load = loads.get(name) ?? { relation, first, keys: new Set(), below: [] };
      loads.set(name, load);
      for (const key of keys) load.keys.add(key);
      load.below.push({ place: branch.place, keys });
    }
  }
  return loads;
}

async function fillLevel(levels: Level[], ctx: Context, loaders: Loaders): Promise<Level[]> {
  const filled = [...loadsOf(levels, ctx, loaders).values()].map(async ({ relation, first, keys, below }) => {
    const related = await loaders.loadAll(relation, keys, first);
    const byKey = new Map<string, Related>([...keys].map((key, at) => [key, related[at] ?? null]));
    return below
      .filter(({ place }) => place.branches.length > 0)
      .map(({ place, keys: own }) => ({ place, rows: [...own].flatMap((key) => rowsOf(byKey.get(key))) }));
  });
  return (await Promise.all(filled)).flat();
}

/**
 * Loads everything below a field at the root of a planned query, level by level, so that its fields find their rows
 * there and answer without a promise each. What fails here is left to the fields, which ask again and fail where it
 * belongs.
 */
export async function prefetch(
  place: Place,
  answer: unknown,
  ctx: Context,
  loaders: Loaders,
): Promise<unknown> {
  const result = await answer;
  try {
    let levels: Level[] = [{ place, rows: rowsOf(result) }];
    while (levels.length > 0) levels = await fillLevel(levels, ctx, loaders);
  } catch {
    // The field that needs it says why.
  }
  return result;
}
