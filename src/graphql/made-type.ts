import { Field, InputType, ObjectType } from 'type-graphql';
import type { EntityClass } from '../domain/field';

/** A field of a type that is made from declarations. */
export interface MadeField {
  /** The GraphQL type, a list in brackets; a thunk where the type may not exist yet. */
  type: () => unknown;
  about: string;
  nullable?: boolean;
}

/** The fields of a made type, by name. */
export type MadeFields = Record<string, MadeField>;

function declareFields(name: string, fields: MadeFields): EntityClass {
  const made = { [name]: class {} }[name] as EntityClass<object>;
  for (const [fieldName, { type, about, nullable }] of Object.entries(fields)) {
    Field(type as never, { description: about, nullable, simple: true })(made.prototype, fieldName);
  }
  return made;
}

/** Makes a GraphQL input type. */
export function makeInput(name: string, about: string, fields: MadeFields): EntityClass {
  const made = declareFields(name, fields);
  InputType(name, { description: about })(made);
  return made;
}

/** Makes a GraphQL object type whose fields are plain properties. */
export function makeObject(name: string, about: string, fields: MadeFields): EntityClass {
  const made = declareFields(name, fields);
  ObjectType(name, { description: about })(made);
  return made;
}

/** The same answer for the same noun: a type of a name can be made only once. */
export function oncePerNoun<Made>(make: (entity: EntityClass) => Made): (entity: EntityClass) => Made {
  const madeByEntity = new Map<EntityClass, Made>();
  return (entity) => {
    const made = madeByEntity.get(entity) ?? make(entity);
    madeByEntity.set(entity, made);
    return made;
  };
}
