import type { Context } from '../../domain/context';
import { PAGE_MAX } from '../../domain/page';
import { relatedScope } from '../../domain/related';
import type { Relation } from '../../domain/relation';
import { type Loaders, loaderName } from './loaders';
import { firstOf, type Place } from './query-plan';
import type { Variables } from './specialize';

type Row = Record<string, unknown> & { id: string };

/** Rows of one level of a query, at the place where they stand. */
interface Level {
  place: Place;
  rows: Row[];
}

/** A branch with the keys that its rows are found by. */
interface Step {
  relation: Relation;
  first: number;
  keys: Set<string>;
  below: Place;
}

/** The rows that a field at the root answers: of a page, a list, or itself. */
function rowsOf(answer: unknown): Row[] {
  if (answer === null || typeof answer !== 'object') return [];
  if (Array.isArray(answer)) return answer;
  return 'rows' in answer ? (answer.rows as Row[]) : [answer as Row];
}

function keysOf({ kind, key }: Relation, rows: Row[]): Set<string> {
  const keys = new Set<string>();
  for (const row of rows) {
    const value = kind === 'one' ? row[key] : row.id;
    if (typeof value === 'string') keys.add(value);
  }
  return keys;
}

/** Where a level goes on; where the caller lacks the scope, or gave a bad size, the field itself will say so. */
function stepsOf({ place, rows }: Level, ctx: Context, variables: Variables): Step[] {
  return place.branches.flatMap((branch) => {
    const { relation, place: below } = branch;
    const first = relation.kind === 'one' ? 1 : firstOf(branch, variables);
    if (first < 1 || first > PAGE_MAX || !ctx.can(relatedScope(relation))) return [];
    return [{ relation, first, keys: keysOf(relation, rows), below }];
  });
}

/** One load for each relation and size, however many steps take it. */
function loadsOf(steps: Step[]): Step[] {
  const loads = new Map<string, Step>();
  for (const step of steps) {
    const name = `${loaderName(step.relation)}:${step.first}`;
    const load = loads.get(name);
    loads.set(name, load ? { ...load, keys: new Set([...load.keys, ...step.keys]) } : step);
  }
  return [...loads.values()];
}

async function loadLevels(levels: Level[], ctx: Context, loaders: Loaders): Promise<Level[]> {
  const steps = levels.flatMap((level) => stepsOf(level, ctx, loaders.planned?.variables ?? {}));
  await loaders.loadAll(loadsOf(steps));
  return steps
    .filter(({ below }) => below.branches.length > 0)
    .map(({ relation, first, keys, below }) => ({
      place: below,
      rows: [...keys].flatMap((key) => rowsOf(loaders.known(relation, key, first))),
    }));
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
    while (levels.length > 0) levels = await loadLevels(levels, ctx, loaders);
  } catch {
    // The field that needs it says why.
  }
  return result;
}
