import { type ZodObject, type ZodType, z } from 'zod';

type Draft = Record<string, unknown>;

/** One field on the wire: where it comes from and goes to in the domain, and what it may be. */
export interface WireField<Row> {
  about: string;
  /** The domain field that a given value goes into; a field without `parse` is never taken in. */
  key?: string;
  /** Checks a given value and turns it into the domain's form. */
  parse?: ZodType;
  /** Must be given on creation. */
  isRequired?: boolean;
  /** What an answered value looks like; a field without it is never answered. Empty values are answered as null. */
  output?: ZodType;
  /** Left out of the answer when there is no value, instead of null. */
  isOmittedWhenEmpty?: boolean;
  /** The value to answer; default: the domain field. */
  format?: (row: Row) => unknown;
}

/** The fields of one noun in a dialect's words: one declaration checks, maps in, maps out and documents. */
export class FieldMap<Row extends object, Fields extends Record<string, WireField<Row>>> {
  /** The name on the wire of each domain field. */
  readonly wireNames: ReadonlyMap<string, string>;
  private readonly formats: [name: string, format: (row: Row) => unknown, isOmittedWhenEmpty: boolean][];

  constructor(private readonly fields: Fields) {
    const entries = Object.entries(fields);
    this.wireNames = new Map(entries.flatMap(([name, { key }]) => (key ? [[key, name]] : [])));
    this.formats = entries
      .filter(([, { output }]) => output)
      .map(([name, { format, key, isOmittedWhenEmpty = false }]) => [
        name,
        format ?? ((row) => row[key as keyof Row]),
        isOmittedWhenEmpty,
      ]);
  }

  /** The row in the dialect's words. */
  format(row: Row): Record<string, unknown> {
    const wire: Record<string, unknown> = {};
    for (const [name, read, isOmittedWhenEmpty] of this.formats) {
      const value = read(row) ?? null;
      if (value !== null || !isOmittedWhenEmpty) wire[name] = value;
    }
    return wire;
  }

  /** The schema of an object that creates: required fields must be there; it yields domain fields, and `more` as it is. */
  creation(wrong: string, more: Record<string, ZodType> = {}): ZodType<Draft> {
    return this.input((_, { isRequired }) => isRequired ?? false, wrong, more);
  }

  /** The schema of an object that changes: only the named fields must be there; it yields domain fields. */
  change(
    wrong: string,
    required: readonly (keyof Fields & string)[] = [],
    more: Record<string, ZodType> = {},
  ): ZodType<Draft> {
    return this.input((name) => required.includes(name), wrong, more);
  }

  /** The schema of an answered object. */
  output(): ZodObject {
    const answered = Object.entries(this.fields).flatMap(([name, { output, about, isOmittedWhenEmpty }]) => {
      if (!output) return [];
      const described = output.describe(about);
      return [[name, isOmittedWhenEmpty ? described.optional() : described]];
    });
    return z.object(Object.fromEntries(answered));
  }

  private input(
    isRequired: (name: string, field: WireField<Row>) => boolean,
    wrong: string,
    more: Record<string, ZodType>,
  ): ZodType<Draft> {
    const writable = Object.entries(this.fields).filter(([, { parse }]) => parse);
    const shape = writable.map(([name, field]) => {
      const parse = (field.parse as ZodType).describe(field.about);
      return [name, isRequired(name, field) ? parse : parse.optional()];
    });
    return z.object({ ...Object.fromEntries(shape), ...more }, { error: wrong }).transform((given) => {
      const draft: Draft = Object.fromEntries(Object.keys(more).map((name) => [name, given[name]]));
      for (const [name, { key }] of writable) {
        if (given[name] !== undefined) draft[key ?? name] = given[name];
      }
      return draft;
    });
  }
}

/** Declares the fields of a noun in a dialect. */
export function fieldMap<Row extends object>() {
  return <Fields extends Record<string, WireField<Row>>>(fields: Fields) => new FieldMap<Row, Fields>(fields);
}
