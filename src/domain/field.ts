import type { GraphQLScalarType } from 'graphql';
import { Field } from 'type-graphql';
import { Column, type ColumnOptions, PrimaryColumn, type PrimaryColumnOptions } from 'typeorm';
import type { Enumeration } from './enumeration';
import { KINDS, type Kind } from './field-kinds';
import type { Through } from './relation';

/** A class whose instances are rows of one noun. */
// biome-ignore lint/complexity/noBannedTypes: decorators hand over plain constructors
export type EntityClass<T = unknown> = Function & { prototype: T };

/** What a caller may do with a field, and what its values look like. */
export interface FieldOptions {
  /** May be empty (null). */
  nullable?: boolean;
  /** Must be given on creation. */
  required?: boolean;
  /** When callers may set it; `never` is for what only the program writes. */
  write?: 'always' | 'create' | 'update' | 'never';
  /** May order a list; needs an index. */
  sortable?: boolean;
  /** May narrow a list; default: every kind that has operators. */
  filterable?: boolean;
  /** Never leaves the program. */
  hidden?: boolean;
  /** Part of an input only; a service turns it into columns. */
  inputOnly?: boolean;
  /** A field that has this one’s text in lower case, and an index: filters take upper and lower case alike by it. */
  foldedIn?: string;
  /** A field that has this one’s text in lower case in it, and a trigram index: filters for a part look there first. */
  searchedIn?: string;
  /** Least and most characters, list items or whole numbers. */
  min?: number;
  max?: number;
}

/** A table with a tsvector for each row of a noun. */
export interface WordIndex {
  table: string;
  ownColumn: string;
  column: string;
}

/** One declared field of a noun. */
export interface FieldSpec extends FieldOptions {
  name: string;
  about: string;
  kind: Kind;
  values?: Enumeration;
  /** The noun whose id a reference holds. */
  target?: () => EntityClass;
  /** The GraphQL type of the items of an object list. */
  items?: () => EntityClass;
  /** The join rows that hold a list of references. */
  through?: Through;
  /** The index that holds the words of a row. */
  wordIndex?: WordIndex;
}

const specsByClass = new Map<EntityClass, FieldSpec[]>();
/** With those of their base classes. */
const allSpecsByClass = new Map<EntityClass, readonly FieldSpec[]>();

/** The declared fields of a noun in order, those of its base classes first. */
export function fieldsOf(entity: EntityClass): readonly FieldSpec[] {
  const known = allSpecsByClass.get(entity);
  if (known) return known;
  const base = Object.getPrototypeOf(entity.prototype)?.constructor as EntityClass | undefined;
  const inherited = base && (base as unknown) !== Object ? fieldsOf(base) : [];
  const all = [...inherited, ...(specsByClass.get(entity) ?? [])];
  allSpecsByClass.set(entity, all);
  return all;
}

function declare(
  kind: Kind,
  about: string,
  options: FieldOptions,
  more: Pick<FieldSpec, 'values' | 'target' | 'items' | 'through' | 'wordIndex'> = {},
): PropertyDecorator {
  return (prototype, property) => {
    const name = String(property);
    const spec: FieldSpec = { ...options, ...more, name, about, kind };
    const entity = prototype.constructor as EntityClass;
    specsByClass.set(entity, [...(specsByClass.get(entity) ?? []), spec]);
    allSpecsByClass.clear();
    if (options.inputOnly) return;
    const column = { ...KINDS[kind].column, nullable: options.nullable ?? false } as ColumnOptions;
    const columnDecorator = kind === 'id' ? PrimaryColumn(column as PrimaryColumnOptions) : Column(column);
    columnDecorator(prototype, property);
    if (options.hidden) return;
    Field(() => graphqlType(spec) as never, { description: about, nullable: options.nullable, simple: true })(
      prototype,
      property,
    );
  };
}

/** The type that GraphQL shows for a field, a list in brackets. */
export function graphqlType(spec: FieldSpec): unknown {
  if (spec.values) return spec.values.graphql;
  if (spec.items) return [spec.items()];
  return KINDS[spec.kind].graphql as GraphQLScalarType | [GraphQLScalarType];
}

type Declare = (about: string, options?: FieldOptions) => PropertyDecorator;
const of =
  (kind: Kind): Declare =>
  (about, options = {}) =>
    declare(kind, about, options);

/** A text without line limits other than `min` and `max` characters (default at most 255). */
export const TextField = of('text');
/** A list of short texts. */
export const TextListField = of('textList');
/** A whole number from `min` to `max`. */
export const IntField = of('int');
/** A list of at most 100 whole numbers from `min` to `max`. */
export const IntListField = of('intList');
/** A number with a fraction, which only the program works out. */
export const FloatField = of('float');
/** True or false. */
export const BooleanField = of('boolean');
/** A point in time. */
export const InstantField = of('instant');
/** A phone number, stored as E.164; national forms are read in the account's country. */
export const PhoneField = of('phone');
/** A phone number as somebody wrote it, stored as it is given. */
export const WrittenPhoneField = of('writtenPhone');
/** An e-mail address. */
export const EmailField = of('email');
/** A list of at most 100 e-mail addresses. */
export const EmailListField = of('emailList');
/** An IANA time zone name. */
export const TimeZoneField = of('timeZone');
/** An http or https address. */
export const UrlField = of('url');
/** A JSON object with keys of the account's own. */
export const JsonField = of('json');
/** A place in the change log, as a cursor. */
export const PositionField = of('position');
/** A part of the primary key. */
export const IdField = of('id');

/** One word of an enumeration. */
export function EnumField(values: Enumeration, about: string, options: FieldOptions = {}): PropertyDecorator {
  return declare('enum', about, options, { values });
}

/** The id of a row of another noun of the same account. */
export function ReferenceField(
  target: () => EntityClass,
  about: string,
  options: FieldOptions = {},
): PropertyDecorator {
  return declare('reference', about, options, { target });
}

/**
 * The ids of the rows that a join table ties to this one: an input, which a service turns into join rows, and a
 * filter; the rows themselves are a relation.
 */
export function ReferenceListField(
  through: Through,
  about: string,
  options: FieldOptions = {},
): PropertyDecorator {
  return declare('referenceList', about, { ...options, inputOnly: true }, { through });
}

/** Words that an index has of the row: something to filter by, and nothing else. */
export function FullTextField(wordIndex: WordIndex, about: string): PropertyDecorator {
  return declare('fullText', about, { inputOnly: true, write: 'never' }, { wordIndex });
}

/** A list of small objects kept inside the row; the class declares their fields with the same decorators. */
export function ObjectListField(
  items: () => EntityClass,
  about: string,
  options: FieldOptions = {},
): PropertyDecorator {
  return declare('objectList', about, options, { items });
}
