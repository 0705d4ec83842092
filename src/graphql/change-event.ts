import { GraphQLID, GraphQLString } from 'graphql';
import { GraphQLJSON, GraphQLJSONObject } from 'graphql-scalars';
import { type ChangeEvent, cursorOf } from '../domain/change-log';
import { nounOf } from '../domain/entity';
import { enumeration } from '../domain/enumeration';
import type { EntityClass } from '../domain/field';
import { instantScalar } from '../domain/instant.scalar';
import { capitalize, words } from '../domain/text';
import { type MadeFields, makeObject, oncePerNoun } from './made-type';

const actorKind = enumeration('ActorKind', 'What kind of actor made a change.', {
  key: 'A program that signed in with an API key.',
  agent: 'An agent who signed in with a password.',
  system: 'Switchboard itself.',
});

const actor = makeObject('Actor', 'Who made a change.', {
  kind: { type: () => actorKind.graphql, about: 'A key, an agent, or Switchboard itself.' },
  id: { type: () => GraphQLID, about: 'The key or the agent.', nullable: true },
  name: { type: () => GraphQLString, about: 'Its name at the time.' },
});

const fieldChange = makeObject('FieldChange', 'A field that a change gave another value.', {
  field: { type: () => GraphQLString, about: 'Name of the field.' },
  old: { type: () => GraphQLJSON, about: 'Its value before.', nullable: true },
  new: { type: () => GraphQLJSON, about: 'Its value after.', nullable: true },
});

const ENTRY: MadeFields = {
  cursor: {
    type: () => GraphQLString,
    about: 'Place in the change log; give it as `since` or `after` to continue behind it.',
  },
  name: { type: () => GraphQLString, about: 'What happened, such as lead.created.' },
  actor: { type: () => actor, about: 'Who did it.' },
  requestId: { type: () => GraphQLString, about: 'The request that did it.' },
  createdAt: { type: () => instantScalar, about: 'When it happened.' },
  changes: {
    type: () => [fieldChange],
    about: 'The fields that changed; empty for a creation and a deletion.',
  },
};

/** An entry of the change log, whatever its subject. */
export const changeEventType = makeObject('ChangeEvent', 'An entry of the change log.', {
  ...ENTRY,
  subject: { type: () => GraphQLString, about: 'What it happened to, such as lead.' },
  subjectId: { type: () => GraphQLID, about: 'The id of what it happened to.' },
  payload: {
    type: () => GraphQLJSONObject,
    about: 'The subject as it was after the change; before it, for a deletion.',
  },
});

/** `LeadEvent`: an entry of the change log with its subject as an object, and the subject's relations. */
export const nounEventType = oncePerNoun((entity: EntityClass) => {
  const { name, label } = nounOf(entity);
  return makeObject(`${capitalize(name)}Event`, `${label}: something that happened to one.`, {
    ...ENTRY,
    [name]: {
      type: () => entity,
      about: `The ${words(name)} as it was after the change (before it, for a deletion); its relations are as they are now.`,
    },
  });
});

/** An entry in the form of {@link changeEventType}; with an entity, of its {@link nounEventType}. */
export function changeEventObject(event: ChangeEvent, entity?: EntityClass): object {
  const { position, changes, payload, subjectId, ...rest } = event;
  return {
    ...rest,
    subjectId,
    cursor: cursorOf(position),
    changes: Object.entries(changes).map(([field, change]) => ({ field, ...change })),
    payload,
    ...(entity && { [nounOf(entity).name]: payload }),
  };
}
