import type { Context } from '../domain/context';
import { Loaders } from './loaders';

/** What every resolver gets: the domain's context, and the loaders of this one request. */
export interface GraphqlContext {
  ctx: Context;
  loaders: Loaders;
}

/** The context of one operation, whatever it came in by. */
export function graphqlContext(ctx: Context): GraphqlContext {
  return { ctx, loaders: new Loaders(ctx) };
}
