import type { EntityClass } from './field';
import { computedOf, relationsOf } from './relation';
import { selectListOf, tableOf } from './table';

/** The fields of a noun that a reader shows; its rows may come without the others. */
export type Projection = ReadonlySet<string>;

/** The fields of the row that a property of its noun is made of: itself, the key of a relation, or those it is computed from. */
function fieldsBehind(entity: EntityClass, name: string): readonly string[] {
  const relation = relationsOf(entity).find((one) => one.name === name);
  if (relation) return relation.kind === 'one' ? [relation.key] : [];
  return computedOf(entity).find((one) => one.name === name)?.from ?? [name];
}

/** What has to be read for some properties of a noun; undefined when one of them is no column, so that rows must be whole. */
export function projectionOf(entity: EntityClass, names: Iterable<string>): Projection | undefined {
  const { fields } = tableOf(entity);
  const wanted = new Set(['id', ...[...names].flatMap((name) => fieldsBehind(entity, name))]);
  return [...wanted].every((name) => fields.has(name)) ? wanted : undefined;
}

const selectLists = new WeakMap<Projection, string>();

/** The columns of a projection, or all; `always` is read in any case. */
export function projected(
  entity: EntityClass,
  projection: Projection | undefined,
  always: readonly string[] = [],
): string {
  if (!projection) return tableOf(entity).selectList;
  if (!always.every((name) => projection.has(name)))
    return selectListOf([...new Set([...projection, ...always])]);
  const known = selectLists.get(projection);
  if (known !== undefined) return known;
  const made = selectListOf([...projection]);
  selectLists.set(projection, made);
  return made;
}
