import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  validateSchema,
} from 'graphql';
import { ENTITIES } from '../../src/domain/entities';
import { nounOf } from '../../src/domain/entity';
import { computedOf, relationsOf } from '../../src/domain/relation';
import { capitalize } from '../../src/domain/text';
import { printApiSchema } from '../../src/graphql/emit';
import { buildApiSchema } from '../../src/graphql/schema';

const schema = buildApiSchema();
const ROOTS = ['Query', 'Mutation', 'Subscription'];
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);

interface Described {
  place: string;
  description?: string | null;
}

function describedParts(type: GraphQLNamedType): Described[] {
  const at = (name: string, description?: string | null) => ({ place: `${type.name}.${name}`, description });
  const self = { place: type.name, description: type.description };
  if (isEnumType(type)) return [self, ...type.getValues().map((one) => at(one.name, one.description))];
  if (isInputObjectType(type)) {
    return [self, ...Object.values(type.getFields()).map((one) => at(one.name, one.description))];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [self];
  const fields = Object.values(type.getFields()).flatMap((field) => [
    at(field.name, field.description),
    ...field.args.map((argument) => at(`${field.name}(${argument.name})`, argument.description)),
  ]);
  return ROOTS.includes(type.name) ? fields : [self, ...fields];
}

test('every type, field, argument, enum value and input field is described by a sentence', () => {
  const parts = types.flatMap(describedParts);
  expect(parts.length).toBeGreaterThan(500);
  expect(parts.filter(({ description }) => !description || description.length < 4)).toEqual([]);
  expect(parts.filter(({ description }) => /undefined|\[object|\btodo\b/i.test(description ?? ''))).toEqual(
    [],
  );
});

test('the schema is valid, and the committed file says what the code says', () => {
  expect(validateSchema(schema)).toEqual([]);
  const committed = readFileSync(join(__dirname, '../../schema/schema.graphql'), 'utf8');
  expect(committed).toBe(printApiSchema());
});

test('only roots, relations, computed fields and connections have resolvers: the rest is read as it is', () => {
  const expected = ENTITIES.flatMap((entity) => {
    const typeName = capitalize(nounOf(entity).name);
    const names = [...relationsOf(entity), ...computedOf(entity)].map(({ name }) => `${typeName}.${name}`);
    if (!schema.getType(`${typeName}Connection`)) return names;
    const connection = ['edges', 'nodes', 'pageInfo', 'totalCount'];
    return [...names, ...connection.map((name) => `${typeName}Connection.${name}`)];
  });
  const found = types.flatMap((type) => {
    if (!isObjectType(type) || ROOTS.includes(type.name)) return [];
    const fields = Object.values(type.getFields()).filter(({ resolve }) => resolve);
    return fields.map(({ name }) => `${type.name}.${name}`);
  });
  expect(found.toSorted()).toEqual(expected.toSorted());
});

test('hidden fields and hashes are nowhere', () => {
  const names = types.flatMap(describedParts).map(({ place }) => place);
  expect(
    names.filter((name) => /hash|accountId|deletedAt|isDuplicate$|slug$/i.test(name)).toSorted(),
  ).toEqual(
    [
      ...['ConnectIntegrationInput.accountId', 'Lead.slug', 'LeadFilter.slug'],
      ...['Feed', 'FormPage'].flatMap((noun) => [
        `Create${noun}Input.slug`,
        `${noun}.slug`,
        `${noun}Filter.slug`,
        `Update${noun}Input.slug`,
      ]),
    ].toSorted(),
  );
});

test('what must be given on creation is non-null, and a change may leave everything out', () => {
  const fieldsOf = (name: string) => {
    const type = schema.getType(name);
    if (!isInputObjectType(type)) throw new Error(`${name} is no input`);
    return Object.values(type.getFields());
  };
  const required = (name: string) =>
    fieldsOf(name)
      .filter(({ type }) => String(type).endsWith('!'))
      .map(({ name: field }) => field);
  expect(required('CreateLeadInput')).toEqual(['phone']);
  expect(required('CreateAppointmentInput')).toEqual(['leadId', 'startsAt', 'endsAt']);
  expect(required('CreateTeamMemberInput')).toEqual(['teamId', 'agentId']);
  const updates = types.filter(({ name }) => /^Update\w+Input$/.test(name));
  expect(updates.length).toBeGreaterThan(10);
  expect(updates.flatMap(({ name }) => required(name))).toEqual([]);
});
