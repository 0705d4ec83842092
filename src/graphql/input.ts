import { nounOf } from '../domain/entity';
import { type EntityClass, graphqlType } from '../domain/field';
import { type InputMode, isRequired, writableFields } from '../domain/input';
import { capitalize } from '../domain/text';
import { type MadeFields, makeInput, oncePerNoun } from './made-type';

function fieldsOf(entity: EntityClass, mode: InputMode): MadeFields {
  return Object.fromEntries(
    writableFields(entity, mode).map((spec) => [
      spec.name,
      { type: () => graphqlType(spec), about: spec.about, nullable: !isRequired(spec, mode) },
    ]),
  );
}

function inputOf(entity: EntityClass, mode: InputMode): EntityClass {
  const fields = fieldsOf(entity, mode);
  const { name, label } = nounOf(entity);
  const about =
    mode === 'create' ? `${label}: the values of a new one.` : `${label}: the values that change.`;
  return makeInput(`${capitalize(mode)}${capitalize(name)}Input`, about, fields);
}

/** `CreateLeadInput`: what callers may give on creation; what must be given is non-null. */
export const createInputOf = oncePerNoun((entity) => inputOf(entity, 'create'));

/** `UpdateLeadInput`: what callers may change; what is not given stays as it is. */
export const updateInputOf = oncePerNoun((entity) => inputOf(entity, 'update'));

/** The GraphQL input of an operation whose input is a class of declared fields. */
export function operationInput(name: string, about: string, input: EntityClass): EntityClass {
  return makeInput(name, about, fieldsOf(input, 'create'));
}
