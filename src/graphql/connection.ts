import { GraphQLBoolean, type GraphQLFieldResolver, GraphQLInt, GraphQLString } from 'graphql';
import { nounOf } from '../domain/entity';
import type { Page } from '../domain/page';
import { capitalize } from '../domain/text';
import { makeObject, oncePerNoun } from './made-type';

const pageInfo = makeObject('PageInfo', 'Where a page of a list stands in it.', {
  hasNextPage: { type: () => GraphQLBoolean, about: 'Whether more follow.' },
  hasPreviousPage: { type: () => GraphQLBoolean, about: 'Whether others come before.' },
  startCursor: { type: () => GraphQLString, about: 'Cursor of the first one of the page.', nullable: true },
  endCursor: { type: () => GraphQLString, about: 'Cursor of the last one of the page.', nullable: true },
});

/** `LeadConnection`: one page of a list, in the form of the Relay specification. */
export const connectionOf = oncePerNoun((entity) => {
  const { name, label } = nounOf(entity);
  const typeName = capitalize(name);
  const edge = makeObject(`${typeName}Edge`, `${label} in a list, with its place.`, {
    cursor: { type: () => GraphQLString, about: 'Its place, for `after` and `before`.' },
    node: { type: () => entity, about: 'The one at this place.' },
  });
  return makeObject(`${typeName}Connection`, `${label}: one page of a list.`, {
    edges: { type: () => [edge], about: 'Those of the page, each with its cursor.' },
    nodes: { type: () => [entity], about: 'Those of the page.' },
    pageInfo: { type: () => pageInfo, about: 'Where the page stands in the list.' },
    totalCount: {
      type: () => GraphQLInt,
      about: 'Number of all that match the filter; counted only when asked for.',
    },
  });
});

type PageResolver = GraphQLFieldResolver<Page<{ id: string }>, unknown>;

/** How the fields of a connection come from a page of the domain. */
export const CONNECTION_RESOLVERS: Record<string, PageResolver> = {
  edges: ({ rows, cursorOf }) => rows.map((node) => ({ cursor: cursorOf(node), node })),
  nodes: ({ rows }) => rows,
  pageInfo: ({ rows, cursorOf, hasNextPage, hasPreviousPage }) => {
    const [first, last] = [rows[0], rows.at(-1)];
    return {
      hasNextPage,
      hasPreviousPage,
      startCursor: first ? cursorOf(first) : null,
      endCursor: last ? cursorOf(last) : null,
    };
  },
  totalCount: ({ count }) => count(),
};
