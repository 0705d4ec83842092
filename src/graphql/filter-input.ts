import { GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import { registerEnumType } from 'type-graphql';
import { nounOf } from '../domain/entity';
import { enumeration } from '../domain/enumeration';
import { type EntityClass, type FieldSpec, fieldsOf } from '../domain/field';
import { KINDS } from '../domain/field-kinds';
import { instantScalar } from '../domain/instant.scalar';
import { capitalize, snakeCase } from '../domain/text';
import { type MadeFields, makeInput, oncePerNoun } from './made-type';

/** What each operator of a filter asks for. */
const OPERATORS = {
  eq: 'Is this value; null: is empty.',
  ne: 'Is not this value; null: is not empty.',
  in: 'Is one of these values, at most 100.',
  lt: 'Comes before this value.',
  lte: 'Is this value or comes before it.',
  gt: 'Comes after this value.',
  gte: 'Is this value or comes after it.',
  contains: 'Has this text in it, upper and lower case alike.',
  startsWith: 'Begins with this text, upper and lower case alike.',
  isNull: 'True: is empty; false: is not empty.',
  matches: 'Has all of these words in it, at most 20, at least as the beginnings of words.',
} as const;

type Operator = keyof typeof OPERATORS;

const ANY: Operator[] = ['eq', 'ne', 'in', 'isNull'];
const ORDERED: Operator[] = [...ANY, 'lt', 'lte', 'gt', 'gte'];

function operatorsInput(name: string, about: string, type: unknown, operators: Operator[]): EntityClass {
  const typeOf = (operator: Operator) =>
    operator === 'isNull' ? GraphQLBoolean : operator === 'in' ? [type] : type;
  const fields: MadeFields = Object.fromEntries(
    operators.map((operator) => [
      operator,
      { type: () => typeOf(operator), about: OPERATORS[operator], nullable: true },
    ]),
  );
  return makeInput(name, `${about} All that is given must hold.`, fields);
}

const CONDITIONS = {
  id: operatorsInput('IdFilter', 'Conditions on an id.', GraphQLID, ANY),
  text: operatorsInput('TextFilter', 'Conditions on a text.', GraphQLString, [
    ...ANY,
    'contains',
    'startsWith',
  ]),
  int: operatorsInput('IntFilter', 'Conditions on a whole number.', GraphQLInt, ORDERED),
  boolean: operatorsInput('BooleanFilter', 'Conditions on a yes or no.', GraphQLBoolean, [
    'eq',
    'ne',
    'isNull',
  ]),
  instant: operatorsInput('DateTimeFilter', 'Conditions on a point in time.', instantScalar, ORDERED),
  fullText: operatorsInput('WordsFilter', 'Conditions on words.', GraphQLString, ['matches']),
};

const conditionsByEnumName = new Map<string, EntityClass>();

function enumConditions({ values }: FieldSpec): EntityClass {
  if (!values) throw new Error('an enum field names its values');
  const name = `${values.name}Filter`;
  const known = conditionsByEnumName.get(name);
  const made = known ?? operatorsInput(name, `Conditions on a ${values.name}.`, values.graphql, ANY);
  conditionsByEnumName.set(name, made);
  return made;
}

function conditionsOf(spec: FieldSpec): EntityClass | undefined {
  const { operators } = KINDS[spec.kind];
  const isColumn = !spec.inputOnly || spec.through || spec.wordIndex;
  if (spec.hidden || !isColumn || spec.filterable === false || !operators) return undefined;
  return operators === 'enum' ? enumConditions(spec) : CONDITIONS[operators];
}

/** `LeadFilter`: conditions by field, and combinations of filters. */
export const filterOf = oncePerNoun((entity) => {
  const fields: MadeFields = {};
  for (const spec of fieldsOf(entity)) {
    const conditions = conditionsOf(spec);
    if (conditions) fields[spec.name] = { type: () => conditions, about: spec.about, nullable: true };
  }
  const filter = makeInput(
    `${capitalize(nounOf(entity).name)}Filter`,
    `${nounOf(entity).label}: which ones are wanted. All that is given must hold.`,
    {
      ...fields,
      and: { type: () => [filter], about: 'All of these hold.', nullable: true },
      or: { type: () => [filter], about: 'At least one of these holds.', nullable: true },
      not: { type: () => filter, about: 'This does not hold.', nullable: true },
    },
  );
  return filter;
});

const sortDirection = enumeration('SortDirection', 'Which end of the order comes first.', {
  asc: 'The lowest first: A before Z, old before new. Empty values last.',
  desc: 'The highest first: Z before A, new before old. Empty values last.',
});

/** `LeadSort`: the field that orders a list, and the direction. */
export const sortOf = oncePerNoun((entity) => {
  const { name, label } = nounOf(entity);
  const sortable = fieldsOf(entity).filter((spec) => spec.sortable);
  const wordOf = (spec: FieldSpec) => snakeCase(spec.name).toUpperCase();
  const fields = Object.fromEntries(sortable.map((spec) => [wordOf(spec), spec.name]));
  const valuesConfig = Object.fromEntries(
    sortable.map((spec) => [
      wordOf(spec),
      { description: spec.name === 'id' ? 'Order of creation.' : spec.about },
    ]),
  );
  registerEnumType(fields, {
    name: `${capitalize(name)}SortField`,
    description: `${label}: what a list can be ordered by.`,
    valuesConfig,
  });
  return makeInput(`${capitalize(name)}Sort`, `${label}: the order of a list.`, {
    field: { type: () => fields, about: 'What the list is ordered by; equal ones by order of creation.' },
    direction: { type: () => sortDirection.graphql, about: 'Which end comes first.' },
  });
});
