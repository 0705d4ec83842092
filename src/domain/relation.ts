import type { GraphQLScalarType } from 'graphql';
import { Field } from 'type-graphql';
import type { EntityClass } from './field';

/** The rows of a join table that tie two nouns together. */
export interface Through {
  table: string;
  ownColumn: string;
  targetColumn: string;
  /** Order of the rows: as the join rows number them, or newest first. */
  order: 'position' | 'newest';
}

/** A declared way from a row to rows of another noun; every one is loaded by one statement per level of a query. */
export interface Relation {
  name: string;
  about: string;
  target: () => EntityClass;
  /** `one`: `key` is this row's property with the other's id; `many`: the other's property with this row's id. */
  kind: 'one' | 'many' | 'through';
  key: string;
  through?: Through;
}

/** A declared value that is worked out from the row and the time, never stored. */
export interface Computed {
  name: string;
  /** The row's fields that it is worked out from. */
  from: readonly string[];
  compute: (row: never, now: Date) => unknown;
}

const relationsByClass = new Map<EntityClass, Relation[]>();
const computedByClass = new Map<EntityClass, Computed[]>();

/** The relations that a noun declares. */
export function relationsOf(entity: EntityClass): Relation[] {
  return relationsByClass.get(entity) ?? [];
}

/** The computed fields that a noun declares. */
export function computedOf(entity: EntityClass): Computed[] {
  return computedByClass.get(entity) ?? [];
}

function declare(relation: Omit<Relation, 'name'>, isList: boolean, nullable: boolean): PropertyDecorator {
  return (prototype, property) => {
    const entity = prototype.constructor as EntityClass;
    relationsByClass.set(entity, [...relationsOf(entity), { ...relation, name: String(property) }]);
    const type = () => (isList ? [relation.target()] : relation.target());
    Field(type as never, { description: relation.about, nullable, simple: true })(prototype, property);
  };
}

/** The row of another noun whose id this row keeps in `key`. */
export function BelongsTo(
  target: () => EntityClass,
  key: string,
  about: string,
  options: { nullable?: boolean } = {},
): PropertyDecorator {
  return declare({ kind: 'one', target, key, about }, false, options.nullable ?? false);
}

/** The rows of another noun that keep this row's id in their `key`, newest first. */
export function HasMany(target: () => EntityClass, key: string, about: string): PropertyDecorator {
  return declare({ kind: 'many', target, key, about }, true, false);
}

/** The rows of another noun that a join table ties to this one. */
export function HasManyThrough(
  target: () => EntityClass,
  through: Through,
  about: string,
): PropertyDecorator {
  return declare({ kind: 'through', target, key: 'id', through, about }, true, false);
}

/** A value worked out from some fields of the row and the time. */
export function ComputedField<Row, Key extends keyof Row & string>(
  type: () => GraphQLScalarType,
  about: string,
  from: readonly Key[],
  compute: (row: Pick<Row, Key>, now: Date) => unknown,
  options: { nullable?: boolean } = {},
): PropertyDecorator {
  return (prototype, property) => {
    const entity = prototype.constructor as EntityClass;
    computedByClass.set(entity, [...computedOf(entity), { name: String(property), from, compute }]);
    Field(type, { description: about, nullable: options.nullable, simple: true })(prototype, property);
  };
}
