import { registerEnumType } from 'type-graphql';

/** A closed set of lower-case words, stored as they are; GraphQL shows them in capitals. */
export interface Enumeration<Value extends string = string> {
  readonly name: string;
  readonly values: readonly Value[];
  /** What type-graphql knows the enum by. */
  readonly graphql: Record<string, Value>;
}

/** The union of the words of an {@link Enumeration}. */
export type ValueOf<E> = E extends Enumeration<infer Value> ? Value : never;

/** Declares an enumeration from its words, each with the sentence that describes it. */
export function enumeration<Value extends string>(
  name: string,
  about: string,
  words: Record<Value, string>,
): Enumeration<Value> {
  const values = Object.keys(words) as Value[];
  const graphql = Object.fromEntries(values.map((value) => [value.toUpperCase(), value])) as Record<
    string,
    Value
  >;
  const valuesConfig = Object.fromEntries(
    values.map((value) => [value.toUpperCase(), { description: words[value] }]),
  );
  registerEnumType(graphql, { name, description: about, valuesConfig });
  return { name, values, graphql };
}
