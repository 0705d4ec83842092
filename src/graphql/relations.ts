import { type GraphQLFieldResolver, GraphQLInt, GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { ENTITIES } from '../domain/entities';
import { nounOf } from '../domain/entity';
import type { EntityClass } from '../domain/field';
import { PAGE_DEFAULT, PAGE_MAX, pageSize } from '../domain/page';
import { type Computed, computedOf, type Relation, relationsOf } from '../domain/relation';
import { capitalize } from '../domain/text';
import { CONNECTION_RESOLVERS } from './connection';
import type { GraphqlContext } from './context';

type Row = Record<string, unknown> & { id: string };
type Resolver = GraphQLFieldResolver<Row, GraphqlContext>;

function oneResolver(relation: Relation): Resolver {
  return (row, _, { loaders }) => {
    const key = row[relation.key] as string | null;
    return key === null ? null : loaders.load(relation, key, 1);
  };
}

function manyResolver(relation: Relation): Resolver {
  return (row, { first }, { loaders }) => loaders.load(relation, row.id, pageSize({ first }).size);
}

function computedResolver({ compute }: Computed): Resolver {
  return (row, _, { ctx }) => compute(row as never, ctx.now());
}

const FIRST_ARGUMENT = {
  name: 'first',
  description: `How many at most, from 1 to ${PAGE_MAX}.`,
  type: GraphQLInt,
  defaultValue: PAGE_DEFAULT,
  deprecationReason: undefined,
  extensions: {},
  astNode: undefined,
};

function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType | undefined {
  const type = schema.getType(name);
  return type instanceof GraphQLObjectType ? type : undefined;
}

function attachNoun(type: GraphQLObjectType, entity: EntityClass): void {
  const fields = type.getFields();
  for (const relation of relationsOf(entity)) {
    const field = fields[relation.name];
    if (!field) throw new Error(`${type.name} has no field ${relation.name}`);
    const isList = relation.kind !== 'one';
    field.resolve = isList ? manyResolver(relation) : oneResolver(relation);
    if (isList) field.args = [FIRST_ARGUMENT];
  }
  for (const computed of computedOf(entity)) {
    const field = fields[computed.name];
    if (!field) throw new Error(`${type.name} has no field ${computed.name}`);
    field.resolve = computedResolver(computed);
  }
}

/**
 * Gives the declared relations, computed fields and connections their resolvers: plain functions that answer at
 * once where they can. Every other field of an object has none, so that compiled queries read its value directly.
 */
export function attachResolvers(schema: GraphQLSchema): void {
  for (const entity of ENTITIES) {
    const typeName = capitalize(nounOf(entity).name);
    const type = objectType(schema, typeName);
    if (type) attachNoun(type, entity);
    const connection = objectType(schema, `${typeName}Connection`);
    for (const [name, resolve] of Object.entries(CONNECTION_RESOLVERS)) {
      const field = connection?.getFields()[name];
      if (field) field.resolve = resolve;
    }
  }
}
