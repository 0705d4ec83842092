import { nounOf } from './entity';
import { type EntityClass, type FieldSpec, fieldsOf } from './field';
import { snakeCase } from './text';

/** A noun as SQL sees it. */
export interface Table {
  entity: EntityClass;
  name: string;
  fields: ReadonlyMap<string, FieldSpec>;
  /** Lists of references in join tables, to filter by. */
  links: ReadonlyMap<string, FieldSpec>;
  /** Indexes of words, to filter by. */
  wordIndexes: ReadonlyMap<string, FieldSpec>;
  /** All columns, see {@link selectListOf}. */
  selectList: string;
  /** The columns that events tell of, as events have them. */
  toldList: string;
  /** Condition that hides soft-deleted rows, or `true`. */
  isLive: string;
}

const tablesByClass = new Map<EntityClass, Table>();

/** The column of a field, quoted. */
export function columnOf(field: string): string {
  return `"${snakeCase(field)}"`;
}

/** `"id", "first_name" as "firstName", …`: rows come back with the names of the fields. */
export function selectListOf(fields: readonly string[]): string {
  return fields.map((name) => `${columnOf(name)} as "${name}"`).join(', ');
}

// The form of `toInstant`, so that an event reads the same whoever wrote it.
const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

function toldListOf(specs: readonly FieldSpec[]): string {
  const sqlOf = ({ name, kind }: FieldSpec) =>
    kind === 'instant' ? `to_char(${columnOf(name)} at time zone 'UTC', ${INSTANT})` : columnOf(name);
  const told = specs.filter(({ hidden }) => !hidden);
  return told.map((spec) => `${sqlOf(spec)} as "${spec.name}"`).join(', ');
}

/** The table of a noun, built once. */
export function tableOf(entity: EntityClass): Table {
  const known = tablesByClass.get(entity);
  if (known) return known;
  const specs = fieldsOf(entity).filter(({ inputOnly }) => !inputOnly);
  const table: Table = {
    entity,
    name: `"${snakeCase(nounOf(entity).name)}"`,
    fields: new Map(specs.map((spec) => [spec.name, spec])),
    links: new Map(fieldsOf(entity).flatMap((spec) => (spec.through ? [[spec.name, spec]] : []))),
    wordIndexes: new Map(fieldsOf(entity).flatMap((spec) => (spec.wordIndex ? [[spec.name, spec]] : []))),
    selectList: selectListOf(specs.map(({ name }) => name)),
    toldList: toldListOf(specs),
    isLive: specs.some(({ name }) => name === 'deletedAt') ? '"deleted_at" is null' : 'true',
  };
  tablesByClass.set(entity, table);
  return table;
}

/** The row without the fields that never leave the program. */
export function visibleOf<T extends object>(entity: EntityClass, row: T): T {
  const { fields } = tableOf(entity);
  return Object.fromEntries(Object.entries(row).filter(([name]) => !fields.get(name)?.hidden)) as T;
}
