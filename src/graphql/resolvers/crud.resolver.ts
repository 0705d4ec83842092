import { GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import type { Crud } from '../../domain/crud';
import { type AccountRow, nounOf } from '../../domain/entity';
import type { EntityClass } from '../../domain/field';
import { PAGE_DEFAULT, PAGE_MAX, type PageRequest } from '../../domain/page';
import { capitalize, words } from '../../domain/text';
import { connectionOf } from '../connection';
import { filterOf, sortOf } from '../filter-input';
import { createInputOf, updateInputOf } from '../input';
import { type RootArgument, rootField } from '../root-field';

/** The argument that names a record. */
export const ID_ARGUMENT: RootArgument = { type: () => GraphQLID, about: 'Its identifier.' };

/** An argument with the values of a new record, or those that change. */
export function inputArgument(input: EntityClass, about = 'Its values.'): RootArgument {
  return { type: () => input, about };
}

/** The arguments of a list that is read page by page. */
export function pageArguments(entity: EntityClass): Record<keyof PageRequest, RootArgument> {
  const [filter, sort] = [filterOf(entity), sortOf(entity)];
  const optional = (type: unknown, about: string): RootArgument => ({
    type: () => type,
    about,
    nullable: true,
  });
  const size = `from 1 to ${PAGE_MAX}`;
  return {
    filter: optional(filter, 'Which ones; all when not given.'),
    sort: optional(sort, 'Their order; newest first when not given.'),
    first: optional(
      GraphQLInt,
      `How many from the start of the list (or from \`after\`), ${size}; ${PAGE_DEFAULT} when neither first nor last is given.`,
    ),
    after: optional(GraphQLString, 'Only what follows this cursor.'),
    last: optional(GraphQLInt, `How many from the end of the list (or before \`before\`), ${size}.`),
    before: optional(GraphQLString, 'Only what comes before this cursor.'),
  };
}

interface Subject<T> {
  entity: EntityClass<T>;
  service: Crud<T, string>;
  /** `Lead`, as its type is called. */
  typeName: string;
}

/** The operations of a noun, a field each. */
const OPERATIONS = {
  get: <T>({ entity, service }: Subject<T>) =>
    rootField<{ id: string }>({
      kind: 'query',
      name: nounOf(entity).name,
      type: () => entity,
      about: `${nounOf(entity).label} by its id; the error NOT_FOUND when there is none.`,
      args: { id: ID_ARGUMENT },
      resolve: (ctx, { id }, { loaders }) => service.get(ctx, id, loaders.projection(entity)),
    }),

  page: <T>({ entity, service }: Subject<T>) => {
    const connection = connectionOf(entity);
    return rootField<PageRequest>({
      kind: 'query',
      name: nounOf(entity).plural,
      type: () => connection,
      about: `A list of ${words(nounOf(entity).plural)}, page by page.`,
      args: pageArguments(entity),
      resolve: (ctx, request, { loaders }) => service.page(ctx, request, loaders.projection(entity)),
    });
  },

  create: <T>({ entity, service, typeName }: Subject<T>) =>
    rootField<{ input: object }>({
      kind: 'mutation',
      name: `create${typeName}`,
      type: () => entity,
      about: `${nounOf(entity).label}: makes one.`,
      args: { input: inputArgument(createInputOf(entity)) },
      resolve: (ctx, { input }) => service.create(ctx, input),
    }),

  update: <T>({ entity, service, typeName }: Subject<T>) =>
    rootField<{ id: string; input: object }>({
      kind: 'mutation',
      name: `update${typeName}`,
      type: () => entity,
      about: `${nounOf(entity).label}: changes one.`,
      args: {
        id: ID_ARGUMENT,
        input: inputArgument(updateInputOf(entity), 'The values that change; others stay.'),
      },
      resolve: (ctx, { id, input }) => service.update(ctx, id, input),
    }),

  delete: <T>({ entity, service, typeName }: Subject<T>) =>
    rootField<{ id: string }>({
      kind: 'mutation',
      name: `delete${typeName}`,
      type: () => entity,
      about: `${nounOf(entity).label}: deletes one and answers it as it was.`,
      args: { id: ID_ARGUMENT },
      resolve: (ctx, { id }) => service.delete(ctx, id),
    }),
};

type Operation = keyof typeof OPERATIONS;

/** The queries `lead`, `leads` and the mutations `createLead`, `updateLead`, `deleteLead` of a noun, or some of them. */
export function crudResolvers<T extends AccountRow, Key extends Operation = Operation>(
  entity: EntityClass<T>,
  service: Pick<Crud<T, string>, Key>,
  operations = Object.keys(OPERATIONS) as Key[],
) {
  const typeName = capitalize(nounOf(entity).name);
  const subject = { entity, service: service as unknown as Crud<T, string>, typeName };
  return operations.map((operation: Operation) => OPERATIONS[operation](subject));
}
