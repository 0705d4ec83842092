import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { Arg, Mutation, Query, Resolver, Subscription } from 'type-graphql';
import type { Context } from '../domain/context';
import type { GraphqlContext } from './context';
import { prefetch } from './execution/prefetch';
import type { MadeField } from './made-type';

/** An argument of a field at the root. */
export interface RootArgument extends MadeField {
  defaultValue?: unknown;
}

/** A field at the root of the schema: what it takes, and the one domain call that it is. */
export interface RootField<Args> {
  kind: 'query' | 'mutation' | 'subscription';
  name: string;
  /** The GraphQL type of the answer, a list in brackets. */
  type: () => unknown;
  about: string;
  args?: { [Name in keyof Args]-?: RootArgument };
  /** Subscriptions have none: the root value of an event has the answer under the field's name. */
  resolve?: (ctx: Context, args: Args, context: GraphqlContext) => unknown;
}

type AnyField = RootField<Record<string, unknown>>;
type FieldResolver = GraphQLFieldResolver<unknown, GraphqlContext>;

const declared: AnyField[] = [];

// The events of a subscription come from the change feed: see SubscriptionPlanner.
async function* nothing(): AsyncGenerator<never> {}

/** Declares a field at the root and answers the class by which type-graphql knows it. */
export function rootField<Args extends object>(field: RootField<Args>) {
  const { kind, name, type, about, args = {}, resolve } = field;
  // It has no method: the field is resolved without type-graphql, which turns every object of an input into an
  // instance of a class, at a price that callers could make it pay a hundred thousand times per request.
  class RootResolver {}
  Resolver()(RootResolver);
  Object.entries<RootArgument>(args).forEach(
    ([argument, { type: argumentType, about: description, ...options }], at) => {
      Arg(argument, argumentType as never, { ...options, description })(RootResolver.prototype, name, at);
    },
  );
  const options = { name, description: about };
  const decorate = {
    query: () => Query(type as never, options),
    mutation: () => Mutation(type as never, options),
    subscription: () => Subscription(type as never, { ...options, subscribe: nothing }),
  }[kind]();
  decorate(RootResolver.prototype, name, {});
  declared.push({ ...field, resolve } as unknown as AnyField);
  return RootResolver;
}

/** Of a planned query, everything below the field is loaded before the fields below it ask. */
function resolverOf({
  kind,
  name,
  resolve,
}: Required<Pick<AnyField, 'kind' | 'name' | 'resolve'>>): FieldResolver {
  return (_, args, context) => {
    const { ctx, loaders } = context;
    const answer = resolve(ctx, args, context);
    const place = kind === 'query' ? loaders.planned?.plan.rootPlace(name) : undefined;
    return place?.branches.length ? prefetch(place, answer, ctx, loaders) : answer;
  };
}

/** Gives the declared root fields of a schema their resolvers. */
export function attachRootFields(schema: GraphQLSchema): void {
  const types = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  };
  for (const { kind, name, resolve } of declared) {
    const field = types[kind]?.getFields()[name];
    if (field) field.resolve = resolve && resolverOf({ kind, name, resolve });
  }
}
